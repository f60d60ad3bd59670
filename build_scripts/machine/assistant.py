"""The handbook as a server of the Model Context Protocol, over standard input and output.

Tools give the JSON of the command line; what is wrong comes back as a tool's error, in Chinese, so that an
assistant can mend its call. The texts are resources.
"""

from __future__ import annotations

import json
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from build_scripts.machine.tools import Tools
from build_scripts.pages import Handbook
from policy_core import InputErrors

SCHEME = "handbook://policies/"
TOLD = (
    "这里是公司的制度手册。回答前先查条款，引用时写明条款；结果用计算得出，不要自己估算；"
    "缺的内容向人问清楚，不要猜；有存疑的，把换一种读法的结果一并说明。"
)


def server(handbook: Handbook) -> Server[Any]:
    """Make the server of one handbook."""
    tools = Tools(handbook)

    async def list_tools(context: object, params: object) -> types.ListToolsResult:
        del context, params
        hints = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=each.name, title=each.title, description=each.use,
                    input_schema=each.schema, annotations=hints,
                )
                for each in tools.by_name.values()
            ]
        )  # fmt: skip

    async def call_tool(
        context: object, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        del context
        try:
            result, failed = tools.call(params.name, params.arguments or {}), False
        except InputErrors as error:
            result, failed = error.to_json(), True
        text = json.dumps(result, ensure_ascii=False, indent=2)
        return types.CallToolResult(
            content=[types.TextContent(text=text)],
            structured_content=json.loads(text),
            is_error=failed,
        )

    async def list_resources(context: object, params: object) -> types.ListResourcesResult:
        del context, params
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    uri=f"{SCHEME}{policy}", name=policy, title=document.title,
                    description=document.front.get("简介"), mime_type="text/plain",
                )
                for policy, document in handbook.documents.items()
            ]
        )  # fmt: skip

    async def read_resource(
        context: object, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        del context
        document = handbook.documents.get(params.uri.removeprefix(SCHEME))
        if document is None or not params.uri.startswith(SCHEME):
            raise MCPError(types.INVALID_PARAMS, f"没有 {params.uri} 这篇条文")
        text = types.TextResourceContents(
            uri=params.uri, mime_type="text/plain", text=document.source
        )
        return types.ReadResourceResult(contents=[text])

    return Server(
        "policy-handbook",
        title="制度手册",
        instructions=TOLD,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def serve(handbook: Handbook) -> None:
    """Answer over standard input and output until the other side is gone."""
    made = server(handbook)

    async def speak() -> None:
        async with stdio_server() as (incoming, outgoing):
            await made.run(incoming, outgoing, made.create_initialization_options())

    anyio.run(speak)
