"""What an assistant can ask of the handbook: tools by their names, JSON in, JSON out.

Clauses are told as in `clauses.json`, calculators as in `calculators.json`, answers as on the command line.
Nothing here knows of the protocol; `assistant` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import policy_core
from build_scripts.chinese_click import nearest
from build_scripts.machine import data
from build_scripts.pages import Handbook
from policy_core import InputErrors, Problem
from policy_core._browser import dispatch, read_json
from policy_core._errors import one_problem

MOST_FOUND = 20
NEAR_ENOUGH = 0.5

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool: what it is for, what it takes, and what it does; `needed` must be given."""

    name: str
    title: str
    use: str
    takes: Mapping[str, Json]
    needed: tuple[str, ...]
    run: Callable[[Json], Json]

    @property
    def schema(self) -> Json:
        """Describe what the tool takes as JSON Schema."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": list(self.needed),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Tools:
    """The tools of one handbook."""

    handbook: Handbook = field(repr=False)

    @cached_property
    def clauses(self) -> Json:
        """Give the clauses as `clauses.json` has them."""
        return data.clauses(self.handbook)

    @cached_property
    def in_force(self) -> list[Json]:
        """Give the clauses that are in force."""
        return [each for each in self.clauses["clauses"] if each["until"] is None]

    @cached_property
    def by_name(self) -> dict[str, Tool]:
        """Give the tools by their names."""
        policies = {
            "enum": list(self.handbook.documents),
            "description": "只找这一篇，写制度的编号",
        }
        calculators = {
            "enum": [each.id for each in self.handbook.calculators],
            "description": "计算的编号",
        }
        inputs: Json = {
            "type": "object",
            "description": "填的内容，写法见 read_calculator 的 schema；不知道的项不要猜",
        }
        day = {"type": "string", "format": "date", "description": "按哪一天的制度算；不写就是今天"}
        asked: dict[str, Json] = {"calculator": calculators, "inputs": inputs, "as_of": day}
        vary = {"type": "string", "description": "变哪一项，例如 points 或 interview[0]"}
        until = {"type": "string", "description": "想要的结果，例如 levels >= 2"}
        most = {"type": "integer", "minimum": 1, "description": f"最多几条；不写是 {MOST_FOUND}"}
        number = {"type": "number"}
        tools = (
            Tool(
                name="search_clauses", title="查条款",
                use="按词找条款，最相近的在前；不写词就按先后列出。结果里有条款的编号、条文、网址和存疑。",
                takes={
                    "query": {"type": "string", "description": "要找的词，可以用空格隔开几个"},
                    "policy": policies,
                    "limit": most,
                },
                needed=(), run=self.search_clauses,
            ),
            Tool(
                name="read_clause", title="读一条",
                use="读一条条款，连同它下面的各条和说到它们的存疑。",
                takes={"id": {"type": "string", "description": "条款的编号，例如 rd-grades:9.1"}},
                needed=("id",), run=self.read_clause,
            ),
            Tool(
                name="list_calculators", title="有哪些计算",
                use="列出全部计算：编号、回答什么问题、出自哪篇制度。",
                takes={}, needed=(), run=self.list_calculators,
            ),
            Tool(
                name="read_calculator", title="一个计算怎么填",
                use="给出一个计算要填的内容（schema）、各项的说法、结果各项的意思和一个示例。",
                takes={"calculator": calculators}, needed=("calculator",), run=self.read_calculator,
            ),
            Tool(
                name="calculate", title="算一笔",
                use="算一笔：结果、每一步的算式和条款、碰到的存疑和换一种读法的结果。",
                takes=asked, needed=("calculator", "inputs"), run=self.ask("calculate"),
            ),
            Tool(
                name="explain", title="还差什么",
                use="只知道一部分时用：哪些结果已经定了，还有哪些可能，接着问哪一项，哪些条件没达到。",
                takes=asked, needed=("calculator", "inputs"), run=self.ask("explain"),
            ),
            Tool(
                name="seek", title="怎样才能",
                use="变其中一项，最少变多少才能得到想要的结果。",
                takes={**asked, "vary": vary, "until": until},
                needed=("calculator", "inputs", "vary", "until"), run=self.ask("seek"),
            ),
            Tool(
                name="jumps", title="在哪里变",
                use="变其中一项，结果在哪些地方变，各是因为哪一条。",
                takes={**asked, "vary": vary, "from": number, "to": number},
                needed=("calculator", "inputs", "vary"), run=self.ask("jumps"),
            ),
            Tool(
                name="compare", title="比一比",
                use="比较两种情况，或者同一种情况按两天的制度算，列出不同的地方。",
                takes={
                    "calculator": calculators, "left": inputs, "right": inputs,
                    "as_of": {"type": "array", "items": day, "minItems": 2, "maxItems": 2},
                },
                needed=("calculator", "left"), run=self.compare,
            ),
        )  # fmt: skip
        return {each.name: each for each in tools}

    def call(self, name: str, given: Json) -> Json:
        """Run a tool.

        Raises:
            InputErrors: there is no such tool, or what was given is wrong.

        """
        if name not in self.by_name:
            raise one_problem("tool", f"没有 {name} 这个工具{nearest(name, self.by_name)}")
        tool = self.by_name[name]
        problems = [
            Problem(field=each, message=f"这里没有这一项{nearest(each, tool.takes)}")
            for each in given
            if each not in tool.takes
        ]
        problems += [
            Problem(field=each, message="没有写") for each in tool.needed if given.get(each) is None
        ]
        if problems:
            raise InputErrors(problems)
        # As the command line reads it: decimals as printed, what is no JSON refused.
        return tool.run(read_json(json.dumps(given)))

    def ask(self, call: str) -> Callable[[Json], Json]:
        """Make the tool that hands a question to the core's one door."""
        return lambda given: dispatch({"as_of": today(), **given, "call": call})

    def compare(self, given: Json) -> Json:
        """Compare two cases; one alone is compared with itself on two days."""
        given = {"right": given["left"], "as_of": [today(), today()], **given}
        return dispatch({**given, "call": "compare"})

    def search_clauses(self, given: Json) -> Json:
        """Find clauses by words, the nearest first; without words all, in reading order."""
        query, wanted = given.get("query") or "", given.get("policy")
        most = given.get("limit", MOST_FOUND)
        if not isinstance(query, str):
            raise one_problem("query", "应是文字")
        if not isinstance(most, int) or most < 1:
            raise one_problem("limit", f"填的是 {most}，应是 1 或更大的整数")
        if wanted is not None and wanted not in self.handbook.documents:
            raise one_problem(
                "policy", f"没有“{wanted}”这篇制度{nearest(str(wanted), self.handbook.documents)}"
            )
        found = [each for each in self.in_force if wanted in (None, each["policy"])]
        if query.strip():
            near = {each["id"]: nearness(query, each) for each in found}
            found = sorted(
                (each for each in found if near[each["id"]] >= NEAR_ENOUGH),
                key=lambda each: -near[each["id"]],
            )
        return {"found": len(found), "clauses": found[:most]}

    def read_clause(self, given: Json) -> Json:
        """Give a clause, all under it, and the doubts about them."""
        ids = {each["id"]: each for each in self.in_force}
        chosen = str(given["id"])
        if chosen not in ids:
            raise one_problem("id", f"没有“{chosen}”这一条{nearest(chosen, similar(chosen, ids))}")
        within = {chosen}
        for each in self.in_force:
            if each["parent"] in within:
                within.add(each["id"])
        told = [each for each in self.in_force if each["id"] in within]
        doubts = {name for each in told for name in each["findings"]}
        return {
            "clause": ids[chosen],
            "below": [each for each in told if each["id"] != chosen],
            "findings": [each for each in self.clauses["findings"] if each["id"] in doubts],
        }

    def list_calculators(self, given: Json) -> Json:
        """List the calculators with their questions."""
        del given
        return {
            "calculators": [
                {"id": each.id, "title": self.handbook.labels[each.id].title, "policy": each.policy}
                for each in self.handbook.calculators
            ]
        }

    def read_calculator(self, given: Json) -> Json:
        """Describe a calculator, its inputs as JSON Schema too."""
        chosen = policy_core.calculator(given["calculator"])
        told = data.calculator(self.handbook, chosen)
        return {**told, "schema": policy_core.json_schema(chosen.id)}


def nearness(query: str, clause: Json) -> float:
    """Say how much of a query a clause holds: whole words, or the pairs of characters in them."""
    text = f"{clause['id']} {clause['number']}{clause['heading']} {clause['text']}".lower()
    words = query.lower().split()
    return sum(1.0 if word in text else 0.9 * share(word, text) for word in words) / len(words)


def share(word: str, text: str) -> float:
    """Give the share of a word's pairs of characters that stand in a text."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def similar(clause: str, known: Iterable[str]) -> list[str]:
    """Give the clauses of the policy that a wrong id names."""
    policy = clause.partition(":")[0]
    return [each for each in known if each.startswith(f"{policy}:")]


def today() -> str:
    """Give the day by this machine's clock."""
    return datetime.now(UTC).astimezone().date().isoformat()
