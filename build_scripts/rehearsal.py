"""What the engine answers while the runtime is built: requests of every call and kind, right and wrong.

The functions that these call are those that the small engine keeps (`engine.py`). The more they are like what
readers ask, the rarer is a start of the whole engine; none of it changes an answer.
"""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import policy_core
from build_scripts.quiz_paper import parse_bank
from build_scripts.touched import axis, plain_grid
from build_scripts.words import cases
from policy_core import Calculator, Field, InputErrors
from policy_core._cells import flat, path_name

# So many cases of a table are asked everything, the others and the grid their answer alone.
ASKED_ALL = 2
WISHED = 3
LONG = (20, 100, 300)
GRID_STEP = 4
VERSIONS = ("2024-06-01", "1999-12-31", "2024-13-40", "", 5, None)
WRONG: tuple[object, ...] = (
    None, True, False, "x", "１２", "12.5", "-1e3", "甲\ud800\U0001f600\u202e", "2024-02-30", "",
    "2024年2月29日", -1, -0.5, 1.005, 10**6, 10**30, int("9" * 500), 1e300, 1e-300, [], [1, "x", None, [2]],
    [0] * 1200, {}, {"x": 1}, "长" * 600,
)  # fmt: skip
SIGNS = (">=", "==", "<", "!=", "<=", ">")
WISHES = (
    "", "=", "a and", "(a == 1 or b >= 2.5) and c == true", "a == '甲'", "a[0].b < -1",
    "(" * 200, "a", None, 7,
)  # fmt: skip
QUIZ = """标题：试题
一、选择题（每小题5分，共10分）
1.甲（C）A、一 B、二 C、三
2.乙（A、B）A、一 B、二 C、三 D、四
二、判断题（每题2.5分）
1.丙（√）2.丁（×）
三、填空题（每空2分）
1.甲是（血清）或（血浆），乙是（2-8度）。
顺序不限：1、2
第1题同样算对：2-8度 = 2~8℃
四、简答题（每题10分）
1.为什么？（10分）
答：甲。乙。
要点：甲
要点：乙
"""
# Answers by the kind of question; each kind is given those of the others, too.
GIVEN: dict[str, tuple[object, ...]] = {
    "choice": (["A"], ["A", "B"], ["B", "A", "C"], [], ["C"]),
    "truth": (True, False, None),
    "blank": (
        ["血清", "血浆", "2~8度"], ["血浆", " 血清", "２－８ 度"], ["Ｘ", "", "长" * 400], ["血清"],
        ["甲\ud800", "\u202e", "8ｈ"],
    ),
    "essay": (["k1"], ["k1", "k2"], []),
}  # fmt: skip


def requests() -> list[dict[str, Any]]:
    """Make up requests of all calls, the late ones last."""
    made: list[dict[str, Any]] = [{"call": call} for call in ("?", "", None)]
    made += marked()
    late: list[dict[str, Any]] = []
    for each in policy_core.calculators():
        made += calculated(each)
        made += inquired(each)
        late += in_rows(each)
    return json.loads(json.dumps(made + late, default=float))  # type: ignore[no-any-return]


def calculated(calculator: Calculator) -> Iterator[dict[str, Any]]:
    """Ask for answers."""
    asked = {"call": "calculate", "calculator": calculator.id}
    tabled = cases(calculator.id, wrong=True)
    for inputs in [*tabled, *itertools.islice(plain_grid(calculator.fields), 0, None, GRID_STEP)]:
        yield {**asked, "inputs": inputs, "as_of": VERSIONS[0]}
    for field in calculator.fields:
        if field.item:
            entries = list(itertools.chain(*filter(None, axis(field))))
            for length in LONG:
                longer = list(itertools.islice(itertools.cycle(entries), min(length, field.maximum_items)))
                yield {**asked, "inputs": tabled[0] | {field.name: longer}}
    for day_given in VERSIONS:
        yield {**asked, "inputs": tabled[0], "as_of": day_given}
    for wrong in WRONG:
        yield {**asked, "inputs": {each.name: wrong for each in calculator.fields}}
        yield {**asked, "inputs": wrong}
        yield {**asked, "inputs": tabled[0] | dict.fromkeys(("?", *list(tabled[0])[:1]), wrong)}
    for inner in insides(calculator.fields):
        for wrong in WRONG:
            yield {**asked, "inputs": tabled[0] | {inner[0]: [{inner[1]: wrong}, wrong]}}


def insides(fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Give the names of what stands in lists of records."""
    for each in fields:
        if each.item:
            yield from ((each.name, inner.name) for inner in each.item.fields)


def inquired(calculator: Calculator) -> Iterator[dict[str, Any]]:
    """Ask everything else about some cases."""
    tabled = cases(calculator.id, wrong=True)
    for inputs in tabled[:: max(1, len(tabled) // ASKED_ALL)]:
        asked: dict[str, Any] = {"calculator": calculator.id, "as_of": VERSIONS[0]}
        yield {**asked, "call": "explain", "inputs": inputs}
        yield {**asked, "call": "compare", "left": inputs, "right": tabled[-1]}
        yield {**asked, "call": "compare", "left": inputs, "right": inputs, "as_of": [VERSIONS[0], None]}
        wishes = list(wished(calculator, inputs))
        for field in calculator.fields:
            without = {name: value for name, value in inputs.items() if name != field.name}
            yield {**asked, "call": "explain", "inputs": without}
            yield {**asked, "call": "explain", "inputs": {**without, field.name: "unknown"}}
            yield {**asked, "call": "compare", "left": inputs, "right": without}
            for vary in (field.name, *(f"{field.name}[0].{name}" for _, name in insides([field]))):
                yield {**asked, "call": "jumps", "inputs": inputs, "vary": vary, "from": 0, "to": 50}
                for wish in wishes:
                    yield {**asked, "call": "seek", "inputs": inputs, "vary": vary, "until": wish}
            yield {**asked, "call": "jumps", "inputs": without, "vary": field.name}
    asked = {
        "calculator": calculator.id, "inputs": tabled[0], "vary": calculator.fields[0].name,
    }  # fmt: skip
    yield from ({**asked, "call": "seek", "until": wish} for wish in WISHES)
    for call in ("explain", "seek", "jumps", "compare"):
        yield {**asked, "call": call, "vary": "?"}
        yield {**asked, "call": call, "inputs": {}, "as_of": [1]}


def wished(calculator: Calculator, inputs: Mapping[str, Any]) -> Iterator[object]:
    """Wish for outcomes other than those of a case."""
    try:
        answer = policy_core.calculate(calculator.id, inputs, date.fromisoformat(VERSIONS[0]))
        outcome = answer.to_json()["outcome"]
    except InputErrors:
        return
    single = itertools.islice(flat(outcome), WISHED)
    for (path, value), sign in zip(single, itertools.cycle(SIGNS), strict=False):
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{path_name(path)} {sign} {value + 1}"
        else:
            yield f"{path_name(path)} != {json.dumps(value, ensure_ascii=False)}"


def marked() -> Iterator[dict[str, Any]]:
    """Have a bank marked in all ways."""
    bank = parse_bank(QUIZ, "rehearsal").to_json()
    packed = zlib.compress(json.dumps(bank, ensure_ascii=False).encode(), 9)
    asked = {"call": "mark", "bank": base64.b64encode(packed).decode()}
    kinds = {item["id"]: section["kind"] for section in bank["sections"] for item in section["items"]}
    for way, place in itertools.product(("exact", "share", "half"), range(6)):
        answers = {name: GIVEN[kind][place % len(GIVEN[kind])] for name, kind in kinds.items()}
        yield {**asked, "answers": answers, "multiple": way}
        yield {**asked, "answers": answers, "only": list(kinds)[place % 2 :: 2]}
    for given in (*itertools.chain(*GIVEN.values()), *WRONG):
        yield {**asked, "answers": dict.fromkeys(kinds, given), "only": given, "multiple": given}
        yield {**asked, "answers": given}
    for broken in ("", "?", "AAAA", asked["bank"][:-8], base64.b64encode(zlib.compress(b"[]")).decode(), 5):
        yield {**asked, "bank": broken, "answers": {}}


def in_rows(calculator: Calculator) -> Iterator[dict[str, Any]]:
    """Ask for the rows of a table: the cases, as a sheet and as text hold them, and wrong cells."""
    header, words = [each.name for each in calculator.fields], labels(calculator.fields)
    asked: dict[str, Any] = {
        "calculator": calculator.id, "words": [{"inputs": words, "outcome": {}}], "as_of": VERSIONS[0],
        "header": ["工号", *(f"{each['label']}（{each['unit']}）" for each in words.values())],
        "means": [None, *header],
    }  # fmt: skip
    given = [[in_cell(inputs.get(name)) for name in header] for inputs in cases(calculator.id, wrong=True)]
    rows = [["007", *row] for row in given]
    rows += [["", *map(way, row)] for row, way in zip(given, itertools.cycle(WRITTEN), strict=False)]
    rows += [[cell] * (len(header) + 1) for cell in CELLS]
    yield {**asked, "call": "guess"}
    for other in (header, [each["label"] for each in words.values()], ["?", "甲", "甲", None, *header[:1]]):
        yield {**asked, "call": "guess", "header": other}
    yield {**asked, "call": "rows", "rows": rows}
    yield {**asked, "call": "rows", "rows": [[{"day": "?"}, *header]]}
    yield {**asked, "call": "result", "found": [[["a"], ["number"]], [["b", 0, "c"], ["text", "boolean"]]]}
    yield {"call": "rows", "calculator": calculator.id, "rows": 5}
    yield {"call": "result", "calculator": calculator.id, "words": "?"}


def labels(fields: Sequence[Field]) -> dict[str, dict[str, Any]]:
    """Make up words for the inputs."""
    return {
        each.name: {
            "label": f"第{at}项", "unit": "点" if each.kind == "number" else "",
            "options": {str(choice): f"选{at}" for at, choice in enumerate(each.choices)},
            "items": labels(each.item.fields) if each.item else {},
        }
        for at, each in enumerate(fields)
    }  # fmt: skip


def in_cell(value: object) -> object:
    """Write an input as one cell holds it."""
    return "、".join(map(str, value)) if isinstance(value, list) else value


def in_words(cell: object) -> str:
    """Write a cell as people do."""
    return "是" if cell is True else "否" if cell is False else f"{cell}.0"


WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
# A file of text holds nothing else.
WRITTEN: tuple[Callable[[object], str], ...] = (
    str, in_words, lambda cell: f" {cell} ", lambda cell: str(cell).translate(WIDE), lambda _: "",
)  # fmt: skip
CELLS: tuple[object, ...] = (
    *(each for each in WRONG if not isinstance(each, list | dict)),
    {"day": "2024-02-29"}, {"time": "2024-01-31T00:00:00"}, "2024/1/31", "2024年1月31日", "20240131",
    "是", "否", "TRUE", "对", "√", "12%", "1,234.50", "￥12", "80、90;85 70", "80,90", "选0", "=1+1", "'12",
    "1e5", "#N/A", "—", "\t甲\n乙", "甲 [a]",
)  # fmt: skip
