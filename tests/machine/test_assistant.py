"""The server for assistants, asked over standard input and output by the protocol's own client."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import jsonschema
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client
from mcp.shared.exceptions import MCPError

import policy_core
from build_scripts.machine.assistant import server
from build_scripts.pages import ROOT, Handbook, load_handbook
from build_scripts.words import example

COMMAND = [sys.executable, "-m", "build_scripts"]
CASE: dict[str, Any] = {"grade": 4, "carried": 3, "points": 40, "half": 2}


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load_handbook(ROOT / "docs")


def asked(handbook: Handbook, ask: Callable[[Client], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Ask a server in this process."""

    async def run() -> Any:  # noqa: ANN401
        async with Client(server(handbook)) as client:
            return await ask(client)

    return in_a_loop(run)


def in_a_loop[T](talk: Callable[[], Awaitable[T]]) -> T:
    """Run it in a thread of its own: in this one a browser's tests may have left a loop running."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(anyio.run, talk).result()


def called(handbook: Handbook, tool: str, **given: object) -> tuple[bool, Any]:
    """Call one tool: whether it failed, and its JSON, which is the same as structure and as text."""
    result = asked(handbook, lambda client: client.call_tool(tool, given))
    assert json.loads(result.content[0].text) == result.structured_content
    return bool(result.is_error), result.structured_content


def command(*words: str) -> Any:  # noqa: ANN401 - JSON is what it is
    """Ask the same of the command line."""
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, check=False)
    return json.loads(done.stdout)


def test_over_standard_input_and_output_it_answers_like_the_command_line() -> None:
    # One process for the whole conversation, as an assistant keeps it.
    parameters = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "mcp"], cwd=ROOT)

    async def talk() -> tuple[set[str], list[Any], str]:
        async with Client(stdio_client(parameters)) as client:
            tools = {each.name for each in (await client.list_tools()).tools}
            about = {"calculator": "grade-from-points", "inputs": CASE}
            answers = [
                await client.call_tool("calculate", about),
                await client.call_tool("explain", {**about, "inputs": {"grade": 4}}),
                await client.call_tool("seek", {**about, "vary": "points", "until": "levels >= 3"}),
                await client.call_tool("jumps", {**about, "vary": "points", "from": 0, "to": 50}),
                await client.call_tool(
                    "compare",
                    {
                        "calculator": "grade-from-points",
                        "left": CASE,
                        "right": {**CASE, "points": 60},
                    },
                ),
            ]
            text = await client.read_resource("handbook://policies/rd-grades")
            return tools, answers, getattr(text.contents[0], "text", "")

    tools, answers, text = in_a_loop(talk)
    inputs = json.dumps(CASE)
    assert tools == {
        "search_clauses", "read_clause", "list_calculators", "read_calculator",
        "calculate", "explain", "seek", "jumps", "compare",
    }  # fmt: skip
    assert [each.structured_content for each in answers] == [
        command("calc", "grade-from-points", inputs),
        command("explain", "grade-from-points", '{"grade": 4}'),
        command("seek", "grade-from-points", inputs, "--vary", "points", "--until", "levels >= 3"),
        command(
            "jumps", "grade-from-points", inputs, "--vary", "points", "--from", "0", "--to", "50"
        ),
        command("compare", "grade-from-points", inputs, json.dumps({**CASE, "points": 60})),
    ]
    assert [each.is_error for each in answers] == [False] * len(answers)
    assert text == (ROOT / "docs/policies/rd-grades.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("calculator", [each.id for each in policy_core.calculators()])
def test_a_calculator_s_example_fits_its_schema_and_is_answered(
    handbook: Handbook, calculator: str
) -> None:
    failed, told = called(handbook, "read_calculator", calculator=calculator)
    assert not failed
    jsonschema.Draft202012Validator(told["schema"]).validate(told["example"])
    failed, answer = called(handbook, "calculate", calculator=calculator, inputs=told["example"])
    assert not failed
    assert (
        answer["outcome"] == command("calc", calculator, json.dumps(example(calculator)))["outcome"]
    )


@pytest.mark.parametrize(
    ("query", "policy", "first"),
    [
        ("升一级用掉的点数", None, "rd-grades:9.1"),
        ("见习 一到三个月", None, "transfers:2.5.1"),
        ("优秀客服 12个月", "service-ladder", "service-ladder:4.4.G"),
        ("", "call-centre", "call-centre:preface"),
    ],
)
def test_words_find_the_clause(
    handbook: Handbook, query: str, policy: str | None, first: str
) -> None:
    given = {"query": query} | ({"policy": policy} if policy else {})
    failed, told = called(handbook, "search_clauses", **given, limit=3)
    assert not failed
    assert told["clauses"][0]["id"] == first
    assert len(told["clauses"]) <= 3


def test_a_clause_comes_with_what_is_under_it_and_the_doubts_about_it(handbook: Handbook) -> None:
    failed, told = called(handbook, "read_clause", id="rd-grades:8")
    assert not failed
    assert [each["id"] for each in told["below"]] == ["rd-grades:8.1", "rd-grades:8.2"]
    assert "rd-grades.raised-bar" in {each["id"] for each in told["findings"]}


@pytest.mark.parametrize(
    ("tool", "given", "field", "words"),
    [
        ("calculate", {"calculator": "seat-check", "inputs": {}}, "market_open", "没有填"),
        ("calculate", {"calculator": "grade-from-pionts", "inputs": {}}, "calculator", "grade-from-points"),
        ("calculate", {"calculator": "seat-check", "input": {}}, "input", "是不是 inputs"),
        ("calculate", {"calculator": "seat-check", "inputs": []}, "", "名称：值"),
        ("calculate", {"calculator": "seat-check", "inputs": {}, "as_of": "昨天"}, "as_of", "应是日期"),
        ("seek", {"calculator": "seat-check", "inputs": {}, "vary": "seats_away"}, "until", "没有写"),
        ("read_clause", {"id": "rd-grades:9.9"}, "id", "没有“rd-grades:9.9”这一条"),
        ("read_clause", {"id": ["rd-grades:9.1"]}, "id", "没有"),
        ("search_clauses", {"query": 3}, "query", "应是文字"),
        ("search_clauses", {"limit": 0}, "limit", "1 或更大"),
        ("search_clauses", {"policy": "rd-grade"}, "policy", "是不是 rd-grades"),
        ("calculat", {}, "tool", "是不是 calculate"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_tool_s_error_in_chinese(
    handbook: Handbook, tool: str, given: dict[str, Any], field: str, words: str
) -> None:
    failed, told = called(handbook, tool, **given)
    assert failed
    assert any(each["field"] == field and words in each["message"] for each in told["errors"]), told


def test_a_text_that_is_not_there_is_refused_and_the_quiz_keeps_its_answers(
    handbook: Handbook,
) -> None:
    async def read(client: Client, uri: str) -> str:
        return str(getattr((await client.read_resource(uri)).contents[0], "text", ""))

    with pytest.raises((MCPError, ExceptionGroup)):
        asked(handbook, lambda client: read(client, "handbook://policies/nonsense"))
    quiz = asked(handbook, lambda client: read(client, "handbook://policies/service-quiz"))
    source = (ROOT / "docs/policies/service-quiz.txt").read_text(encoding="utf-8")
    assert "（C）" in source
    assert "（C）" not in quiz
