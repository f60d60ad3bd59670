"""Questions about an answer: cases that a person can check by hand, and what bad questions must lead to."""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from policy_core import (
    InputErrors,
    _jumps,
    _paths,
    calculate,
    calculators,
    compare,
    explain,
    jumps,
    seek,
)
from policy_core._compare import differences
from policy_core._lattice import TooHardError
from policy_core._paths import Paths
from policy_core._symbolic import Symbolic
from policy_core._wish import parse_wish
from policy_core._working import plain
from tests.cases import load_cases

UNKNOWN = {"unknown": True}
HALF_YEAR = {"grade": 4, "carried": 3, "points": 40, "half": 2}
MARKS = {
    "regular_employee": True,
    "ability": 80,
    "interview": [80, 90],
    "manager": 90,
    "peers": [80],
}
AGENT = {
    "level": "intermediate",
    "tenure_months": 8,
    "monthly_ranks": [4, 3, 3, 2, 3, 4],
    "quarter_grades": ["A", "A"],
    "excellent_titles": 0,
}
HISTORY = [
    {"year": 2023, "half": 1, "points": 40},
    {"year": 2023, "half": 2, "points": UNKNOWN},
]
TABLE = tomllib.loads((Path(__file__).parent / "inquiries.toml").read_text(encoding="utf-8"))
type Case = dict[str, Any]


def part(whole: Any, wanted: Any) -> Any:  # noqa: ANN401
    """Keep of an answer what a case is about; "null" stands for nothing, which TOML cannot say."""
    if isinstance(wanted, dict) and isinstance(whole, dict):
        return {key: part(whole.get(key), value) for key, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(whole, list) and len(wanted) == len(whole):
        return [part(one, other) for one, other in zip(whole, wanted, strict=True)]
    return "null" if whole is None else whole


@pytest.mark.parametrize("case", TABLE["explain"], ids=lambda case: case["name"])
def test_explain(case: Case) -> None:
    found = explain(case["calculator"], case["input"])
    assert part(found, case["says"]) == case["says"]


@pytest.mark.parametrize("case", TABLE["seek"], ids=lambda case: case["name"])
def test_seek(case: Case) -> None:
    found = seek(case["calculator"], case["input"], case["vary"], case["until"])
    assert part(found, case["says"]) == case["says"]
    if found["reachable"]:
        assert set(found) == {"reachable", "value", "change", "answer"}
        assert type(found["value"]) is type(case["says"]["value"])  # 37, and not 37.0
    else:
        assert set(found) == {"reachable", "because"}


@pytest.mark.parametrize("case", TABLE["seek"], ids=lambda case: case["name"])
def test_walking_outward_finds_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_paths, "MOST_ASKED", -1)
    try:
        found = seek(case["calculator"], case["input"], case["vary"], case["until"])
    except InputErrors as errors:
        # No walk proves anything over a hundred million values with a jump every few.
        assert [each.field for each in errors.problems] == ["vary"]
        assert case["says"] == {"reachable": False, "because": case["says"]["because"]}
    else:
        assert part(found, case["says"]) == case["says"]


@pytest.mark.parametrize("case", TABLE["jumps"], ids=lambda case: case["name"])
def test_jumps(case: Case) -> None:
    found = jumps(case["calculator"], case["input"], case["vary"], case.get("from"), case.get("to"))
    assert found["field"] == case["vary"]
    assert part(found["pieces"], case["pieces"]) == case["pieces"]


@pytest.mark.parametrize("case", [each for each in load_cases() if not each.errors], ids=str)
def test_what_is_all_known_is_all_certain(case: Any) -> None:  # noqa: ANN401
    found = explain(case.calculator, case.input)
    outcome = calculate(case.calculator, case.input, outcome_only=True).outcome
    assert found["outcome"] == outcome
    assert (found["possible"], found["needed"], found["complete"]) == ({}, [], True)
    json.dumps(found)


@pytest.mark.parametrize("case", [each for each in load_cases() if not each.errors], ids=str)
def test_each_input_that_is_not_known_leaves_the_true_answer_possible(case: Any) -> None:  # noqa: ANN401
    outcome = calculate(case.calculator, case.input, outcome_only=True).outcome
    for name in case.input:
        try:
            found = explain(case.calculator, {**case.input, name: UNKNOWN})
        except InputErrors as errors:
            # What was wrong and ignored may matter now.
            assert name not in [each.field for each in errors.problems]
            continue
        for path, value in certainties(found["outcome"]):
            assert at_path(outcome, path) == value, (name, path)
        for path, spread in found["possible"].items():
            value = at_path(outcome, path)
            if value is not MISSING:
                assert fits(value, spread), (name, path)


MISSING = object()


def certainties(value: Any, path: str = "") -> list[tuple[str, object]]:  # noqa: ANN401
    if isinstance(value, dict):
        inner = [(f"{path}.{key}" if path else key, each) for key, each in value.items()]
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        inner = [(f"{path}[{index}]", each) for index, each in enumerate(value)]
    else:
        return [(path, value)]
    return [found for place, each in inner for found in certainties(each, place)]


def at_path(value: Any, path: str) -> Any:  # noqa: ANN401
    for key in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else MISSING
        elif isinstance(value, dict):
            value = value.get(key, MISSING)
        else:
            return MISSING
    return value


def fits(value: Any, spread: Any) -> bool:  # noqa: ANN401
    if isinstance(spread, list):
        return value in spread
    word = isinstance(value, bool) or not isinstance(value, int | float)
    if word and value in spread.get("or", []):
        return True
    if "min" not in spread:
        return isinstance(value, dict | list)  # further paths say what is in it
    if isinstance(value, dict):
        return bool(spread["min"] <= value["min"] and value["max"] <= spread["max"])
    return bool(spread["min"] <= value <= spread["max"])


# ---- needed --------------------------------------------------------------------------------------


def needed(calculator: str, inputs: dict[str, object]) -> list[str]:
    return [each["field"] for each in explain(calculator, inputs)["needed"]]


def test_the_question_that_settles_most_comes_first() -> None:
    assert needed("grade-from-points", {}) == [
        "points", "carried", "half", "previous_year_points", "grade",
    ]  # fmt: skip
    # Once the half-year is the second one, the year before no longer matters.
    assert needed("grade-from-points", {"grade": 1, "carried": 0, "half": 2}) == ["points"]
    # Who is confirmed settles two things alone; each mark has a say in three, beside the other one.
    assert needed("candidate-score", {"interview": [80], "peers": [80]}) == [
        "regular_employee", "ability", "manager",
    ]  # fmt: skip
    assert needed("order-error", {"cause": "warehouse"}) == []
    assert needed("service-eligibility", {"level": "reserve-supervisor"}) == []


def test_an_optional_input_is_not_asked_for_unless_it_is_said_not_to_be_known() -> None:
    assert needed("candidate-score", MARKS) == []
    found = explain("candidate-score", {**MARKS, "fifth": UNKNOWN})
    assert found["possible"]["out_of"] == {"min": 90, "max": 100}


def test_a_list_of_unknown_length_leaves_open_only_what_hangs_on_it() -> None:
    found = explain("service-eligibility", {**AGENT, "monthly_ranks": UNKNOWN})
    assert found["outcome"]["eligible"] is False  # a title is missing whatever the ranks are
    assert found["outcome"]["conditions"][1] == {
        "id": "monthly-ranks", "need": 3, "clause": "service-ladder:4.3.F",
    }  # fmt: skip
    assert found["possible"]["conditions[1].met"] == [None, False, True]
    assert found["possible"]["conditions[1].have"] == {"min": 1, "max": 1000000, "or": [None]}
    assert found["possible"]["demotion"] == {"or": [None]}
    assert found["needed"] == [{"field": "monthly_ranks", "decides": ["conditions", "demotion"]}]
    assert [each["id"] for each in found["unmet"]] == ["excellent-titles"]
    grades = explain("service-eligibility", {**AGENT, "quarter_grades": UNKNOWN})
    assert grades["possible"]["conditions[2].have"] == {"min": 0, "max": 2}
    assert grades["complete"] is False  # how many A and how many B are told one by one
    senior = explain("service-eligibility", {"level": "senior"})
    assert senior["possible"]["demotion.to"] == ["intermediate"]
    assert senior["outcome"]["pay"] == {"now": 3000, "next": 4000}


def test_of_an_unknown_list_an_unknown_number_of_months_may_count() -> None:
    agent = {**AGENT, "monthly_ranks": UNKNOWN, "months_since_promotion": UNKNOWN}
    found = explain("service-eligibility", agent)
    assert found["possible"]["demotion.because[0].id"] == ["ranks-beyond"]
    assert found["needed"] == [
        {"field": "monthly_ranks", "decides": ["conditions", "demotion"]},
        {"field": "months_since_promotion", "decides": ["demotion"]},
    ]
    assert found["complete"] is True


def test_a_fifth_mark_that_is_not_known_is_not_a_missing_one() -> None:
    def asked(*fifths: object) -> dict[str, object]:
        entries = [
            {**MARKS, "name": name, "fifth": fifth}
            for name, fifth in zip("甲乙丙", fifths, strict=False)
        ]
        return explain("candidate-ranking", {"candidates": entries})

    assert asked(UNKNOWN, 50)["complete"] is True
    assert asked(UNKNOWN, None)["possible"] == {}
    with pytest.raises(InputErrors, match=r"candidates\[2\]\.fifth：没有填，乙却填了第五项"):
        asked(UNKNOWN, 50, None)


def test_what_is_given_leaves_only_the_kinds_that_it_belongs_to() -> None:
    found = explain("contribution-points", {"events": [{"kind": UNKNOWN, "points": 70}]})
    assert found["outcome"] == {"total": 70, "lines": [{"points": 70}]}
    assert found["possible"]["lines[0].kind"] == ["project-advance", "special"]
    assert found["complete"] is True
    nothing = {"kind": UNKNOWN, "points": 7, "adjust_percent": 5}
    with pytest.raises(
        InputErrors, match=r"^events\[0\]\.kind：别的项这样填，没填的这几项填什么都对不上$"
    ):
        explain("contribution-points", {"events": [nothing]})


def test_a_list_of_records_of_unknown_length_is_only_asked_for() -> None:
    for name, field in (("contribution-points", "events"), ("candidate-ranking", "candidates")):
        found = explain(name, {})
        assert (found["outcome"], found["possible"], found["complete"]) == ({}, {}, False)
        assert found["needed"] == [{"field": field, "decides": []}]


def test_of_an_unknown_day_or_text_nothing_is_told_but_all_else_is() -> None:
    found = explain("transfer-timeline", {})
    assert list(found["outcome"]) == ["steps"]
    assert (found["possible"], found["complete"]) == ({}, False)
    assert found["needed"] == [
        {"field": "start", "decides": ["earliest", "planned", "latest"]},
        {"field": "months", "decides": ["planned"]},
    ]
    ranked = explain("candidate-ranking", {"candidates": [{**MARKS, "name": UNKNOWN}]})
    assert ranked["outcome"]["ranking"][0] == {"eligible": True, "percent": 82.78, "rank": 1}
    assert ranked["needed"] == [{"field": "candidates[0].name", "decides": ["ranking"]}]


def test_a_walk_outward_finds_the_same_where_the_nearest_place_is_too_hard_to_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wished = ("grade-from-points", HALF_YEAR, "points", "levels >= 3")
    quick = seek(*wished)

    def too_hard(*_: object) -> None:
        raise TooHardError

    monkeypatch.setattr(Paths, "closest", too_hard)
    assert seek(*wished) == quick
    assert quick["reachable"] is True


def test_a_walk_outward_takes_over_where_the_least_change_is_too_hard() -> None:
    history = [{"year": 2010 + each // 2, "half": 1 + each % 2, "points": 25} for each in range(20)]
    career = {"grade": 4, "history": history}
    found = seek("points-history", career, "history[0].points", "new_grade >= 31")
    assert (found["reachable"], found["value"]) == (True, 65)


def test_an_entry_of_a_list_may_be_unknown() -> None:
    found = explain("candidate-score", {**MARKS, "interview": [80, UNKNOWN]})
    assert found["possible"]["percent"] == {"min": 67.78, "max": 84.44}
    assert needed("candidate-score", {**MARKS, "interview": [80, None]}) == ["interview[1]"]
    assert needed("points-history", {"grade": 1, "history": [UNKNOWN]}) == [
        "history[0].year", "history[0].half", "history[0].points",
    ]  # fmt: skip


def test_far_too_many_ways_are_not_claimed_to_be_all() -> None:
    history = [
        {"year": 2000 + year, "half": half, "points": UNKNOWN}
        for year in range(4)
        for half in (1, 2)
    ]
    found = explain("points-history", {"grade": UNKNOWN, "history": history})
    assert (found["outcome"], found["possible"], found["complete"]) == ({}, {}, False)
    assert found["needed"]


def test_a_product_of_two_unknown_numbers_is_bounded_and_said_not_to_be_exact() -> None:
    event = {"kind": "project", "base": UNKNOWN, "adjust_percent": UNKNOWN}
    found = explain("contribution-points", {"events": [event]})
    assert found["complete"] is False
    assert found["possible"]["total"] == {"min": 0, "max": 1200000}


# ---- bad questions -------------------------------------------------------------------------------


def fields(call: Any, *arguments: object) -> list[str]:  # noqa: ANN401
    with pytest.raises(InputErrors) as caught:
        call(*arguments)
    return [each.field for each in caught.value.problems]


def test_a_wrong_value_is_told_beside_unknown_ones() -> None:
    assert fields(explain, "grade-from-points", {"points": "many", "grade": UNKNOWN}) == ["points"]
    assert fields(explain, "grade-from-points", []) == [""]
    assert fields(explain, "seat-check", {"seats_on_duty": 2, "seats_away": 3}) == ["seats_away"]
    assert fields(explain, "candidate-score", {"interview": [101, UNKNOWN]}) == ["interview[0]"]


@pytest.mark.parametrize(
    ("vary", "given"),
    [
        ("point", HALF_YEAR),
        ("", HALF_YEAR),
        (3, HALF_YEAR),
        ("points[0]", HALF_YEAR),
        ("history[1].points", {}),
        ("history[0]", {"history": HISTORY}),
        ("history", {"history": HISTORY}),
        ("history[0].note", {"history": "none"}),
    ],
)
def test_what_varies_must_be_an_input(vary: object, given: object) -> None:
    calculator = "points-history" if "history" in str(vary) else "grade-from-points"
    assert fields(seek, calculator, given, vary, "new_grade > 1") == ["vary"]
    assert fields(jumps, calculator, given, vary) == ["vary"]


def test_a_date_does_not_vary() -> None:
    timeline = {"start": "2024-01-31", "months": 2}
    with pytest.raises(InputErrors, match=r"^vary：这一项不是数字，也不是选项，不能拿来变$"):
        seek("transfer-timeline", timeline, "start", "latest == null")


def test_what_stands_beside_the_varied_input_must_be_there() -> None:
    wish = ("history[0].points", "new_grade > 1")
    assert fields(seek, "points-history", {"grade": 1, "history": [3]}, *wish) == [
        "history[0].year", "history[0].half",
    ]  # fmt: skip


def test_the_others_must_be_known() -> None:
    with pytest.raises(InputErrors) as caught:
        seek("grade-from-points", {"half": 1}, "points", "levels < 0")  # whatever the others are
    told = [(each.field, each.message, each.clause) for each in caught.value.problems]
    missing = "还没有填，这一项必须填"
    assert told == [
        ("grade", missing, "rd-grades:3.1"),
        ("carried", missing, "rd-grades:9.1"),
        ("previous_year_points", missing, "rd-grades:8.2"),
    ]
    assert fields(
        jumps, "points-history", {"grade": 1, "history": HISTORY}, "history[0].points"
    ) == ["history[1].points"]


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("", "还没有写"),
        (None, "还没有写"),
        ("level >= 2", "结果里没有“level”这一项，有的是：counted、"),
        ("bonus.mean >= 2", "结果里没有“bonus.mean”"),
        ("a" * 41 + " >= 2", f"结果里没有“{'a' * 40}”这一项"),
    ],
)
def test_a_wish_that_cannot_be_read_says_what_is_allowed(until: object, says: str) -> None:
    with pytest.raises(InputErrors, match="until") as caught:
        seek("grade-from-points", HALF_YEAR, "points", until)  # type: ignore[arg-type]
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("wish", "value", "holds"),
    [
        # 75.995 is shown as 76, and a wish is held against what is shown.
        ("a >= 76", "75.995", True),
        ("a >= 76", "75.994", False),
        ("a > 75.99", "75.995", True),
        ("a > 76", "75.995", False),
        ("a <= 75.99", "75.994", True),
        ("a <= 75.99", "75.995", False),
        ("a < 76", "75.994", True),
        ("a < 76", "75.995", False),
        ("a == 76", "75.995", True),
        ("a == 76", "76.004", True),
        ("a == 76", "76.005", False),
        ("a == 76", "75.994", False),
        ("a != 76", "75.995", False),
        ("a != 76", "76.005", True),
        # Half a hundredth goes away from nothing, below it too.
        ("a < 0", "-0.005", True),
        ("a < 0", "-0.004", False),
        ("a == 0", "0.004", True),
        ("a > 0", "0.005", True),
        ("a > 0", "0.004", False),
        ("a == −0.01", "-0.005", True),
        ("a == -0.01", "-0.004", False),
        ("a <= +1.5", "1.504", True),
        # What lies between two hundredths is never shown.
        ("a == 0.005", "0.005", False),
        ("a != 0.005", "0.005", True),
        ("a >= 0.005", "0.01", True),
        ("a >= 0.005", "0", False),
        ("a > 0.005", "0.01", True),
        ("a > 0.005", "0", False),
        ("a <= 0.005", "0", True),
        ("a <= 0.005", "0.01", False),
        ("a < 0.005", "0", True),
        ("a < 0.005", "0.01", False),
        # Of another kind, or not there at all.
        ("a == '2'", "2", False),
        ("a != '2'", "2", True),
        ("a == null", "2", False),
        ("b >= 2", "2", False),
        ("b != 2", "2", False),
    ],
)
def test_a_wish_is_held_against_a_number_as_it_is_shown(wish: str, value: str, holds: bool) -> None:
    asked, _ = parse_wish(wish)
    assert asked({"a": Fraction(value)}) is holds


LEVELS = {
    "levels": Fraction(2), "title": "工程师", "raised": True, "void": False, "reason": None,
    "monthly-ranks": Fraction(3), "parts.experience": Fraction(1), "lines[0].points": Fraction(7),
    "grid[1][2]": Fraction(5),
}  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "holds", "asks"),
    [
        ("title == '工程师'", True, ["title"]),
        ('title == "工程师"', True, ["title"]),
        ("title != '工程师'", False, ["title"]),
        ("title == '工程'", False, ["title"]),
        ("raised == true", True, ["raised"]),
        ("raised == 1", False, ["raised"]),
        ("void == false", True, ["void"]),
        ("void == null", False, ["void"]),
        ("reason == null", True, ["reason"]),
        ("reason != null", False, ["reason"]),
        ("monthly-ranks <= 3", True, ["monthly-ranks"]),
        ("parts.experience >= 2", False, ["parts.experience"]),
        ("lines[0].points > 6.99", True, ["lines[0].points"]),
        ("grid[1][2] == 5", True, ["grid[1][2]"]),
        # `and` binds before `or`; brackets change that.
        ("levels == 2 or void == true and void == true", True, ["levels", "void"]),
        ("(levels == 2 or void == true) and void == true", False, ["levels", "void"]),
        ("void == true and void == true or levels == 2", True, ["void", "levels"]),
        ("void == true or levels == 3 or levels == 2", True, ["void", "levels"]),
        ("void == true or (levels == 2)", True, ["void", "levels"]),
        ("levels == 2 and raised == true and void == true", False, ["levels", "raised", "void"]),
        ("levels>=2and(raised==true)  ", True, ["levels", "raised"]),
        ("(" * 20 + "levels >= 2" + ")" * 20, True, ["levels"]),
        ("levels >= 2" + " " * 489, True, ["levels"]),
    ],
)
def test_a_wish_is_read_as_it_is_written(wish: str, holds: bool, asks: list[str]) -> None:
    asked, paths = parse_wish(wish)
    assert asked(LEVELS) is holds
    assert list(paths) == asks


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("  ", "还没有写，应写想要的结果"),
        ("levels >= 2" + " " * 490, "有 501 个字，最多 500 个"),
        ("(" * 21 + "levels >= 2", "括号套得太深"),
        ("(levels >= 2", "少了一个 )"),
        ("levels >= 2 or " * 50 + "levels >= 2", "有 761 个字，最多 500 个"),
        ("levels >= 2 title", "“title”多出来了，两个条件之间应写 and 或 or"),
        ("or", "“or”这里应是结果里的一项，例如 levels >= 2"),
        ("and", "“and”这里应是结果里的一项，例如 levels >= 2"),
        ("null == null", "“null”这里应是结果里的一项，例如 levels >= 2"),
        ("levels = 2", "“=”这里应是 >=、<=、>、<、==、!= 之一"),
        ("levels", "末尾应是 >=、<=、>、<、==、!= 之一"),
        ("levels => 2", "“=”这里应是 >=、<=、>、<、==、!= 之一"),
        (">= 2", "“>=”这里应是结果里的一项，例如 levels >= 2"),
        ("levels >= 1 and", "末尾应是结果里的一项，例如 levels >= 2"),
        ("levels >= 2)", "“)”多出来了，两个条件之间应写 and 或 or"),
        ("levels == two", "“two”这里应是数字、true、false、null，或者引号里的文字"),
        ("levels == ", "末尾应是数字、true、false、null，或者引号里的文字"),
        ("levels == '2", "“'”这里应是数字、true、false、null，或者引号里的文字"),
        ("levels >= '2'", "'2' 不是数字，只能用 == 或 != 比较"),
        ("levels < null", "null 不是数字，只能用 == 或 != 比较"),
        ("levels == 1" + "0" * 60, "1" + "0" * 39 + "：数字太大，应在 −1000000 到 1000000 之间"),
    ],
)
def test_what_is_wrong_with_a_wish_is_said_word_for_word(wish: str, says: str) -> None:
    with pytest.raises(InputErrors) as caught:
        parse_wish(wish)
    assert [(each.field, each.message) for each in caught.value.problems] == [("until", says)]


def test_of_many_things_to_wish_for_twenty_are_listed() -> None:
    with pytest.raises(InputErrors) as caught:
        seek("grade-from-points", HALF_YEAR, "points", "grade > 1")
    (problem,) = caught.value.problems
    start, _, listed = problem.message.partition("，有的是：")
    assert start == "结果里没有“grade”这一项"
    assert listed.startswith("counted、available、levels、new_grade、title、remainder、bonus.min、")
    assert len(listed.split("、")) == 20


def test_a_choice_that_needs_more_says_so() -> None:
    # With the first half-year the year before must be known: nothing can be proved without it.
    assert fields(seek, "grade-from-points", HALF_YEAR, "half", "levels == 7") == [
        "previous_year_points"
    ]
    assert (
        fields(seek, "grade-from-points", {**HALF_YEAR, "grade": "x"}, "half", "levels == 7")[0]
        == "grade"
    )
    assert fields(
        seek, "grade-from-points", {**HALF_YEAR, "previous_year_points": 20}, "half", "level == 7"
    ) == ["until"]


@pytest.mark.parametrize(
    ("ends", "field"),
    [
        ((5, 4), "to"),
        (("a", 4), "from"),
        ((0, 10**7), "to"),
        ((-1, 4), "from"),
        ((0.001, 0.009), "to"),
    ],
)
def test_a_range_must_lie_in_the_field(ends: tuple[object, object], field: str) -> None:
    inputs = {"grade": 1, "points": 10, "half": 2}
    assert fields(jumps, "grade-from-points", inputs, "carried", *ends) == [field]
    with pytest.raises(InputErrors, match=r"^to：范围的末尾应不小于开头，中间至少有一个值$"):
        jumps("grade-from-points", inputs, "carried", 5, 4)
    with pytest.raises(InputErrors, match=r"^to：这个范围里的变化超过 1000 处，请把范围缩小$"):
        jumps("grade-from-points", inputs, "carried", 0, 100_000)


def test_an_input_that_fits_the_others_at_no_value_says_so() -> None:
    # A fifth mark for one candidate alone: whatever it is, the two cannot be compared.
    both = {"candidates": [{**MARKS, "name": "甲"}, {**MARKS, "name": "乙"}]}
    vary = "candidates[0].fifth"
    with pytest.raises(InputErrors, match=r"^vary：别的项这样填，这一项填什么都对不上$"):
        seek("candidate-ranking", both, vary, "ranking[0].rank == 1")
    for ends in ((), (0, 1)):
        with pytest.raises(InputErrors, match=r"^vary：别的项这样填，这一项填什么都对不上$"):
            jumps("candidate-ranking", both, vary, *ends)
    seats = {"market_open": True, "seats_on_duty": -3, "seats_away": 0}
    assert jumps("seat-check", seats, "seats_on_duty")["pieces"][0]["from"] == 0


def test_one_end_of_a_range_is_enough() -> None:
    upper = jumps("grade-from-points", HALF_YEAR, "points", 60)["pieces"]
    lower = jumps("grade-from-points", HALF_YEAR, "points", None, 30)["pieces"]
    assert upper[0]["from"] == 60
    # Five pieces above the one in which the range begins, if that lies above the present value.
    beyond = jumps("grade-from-points", HALF_YEAR, "points", 400)["pieces"]
    assert [each["from"] for each in beyond] == [400, *range(417, 500, 20)]
    assert beyond[-1]["to"] == 516.99
    assert lower[-1]["to"] == 30
    # Three pieces lie below the one in which the present value is.
    many = jumps("grade-from-points", {**HALF_YEAR, "points": 400}, "points", None, 500)["pieces"]
    assert [each["from"] for each in many] == [*range(337, 500, 20)]
    assert many[-1]["to"] == 500
    few = jumps("grade-from-points", {**HALF_YEAR, "points": 400}, "points", None, 100)["pieces"]
    assert [each["from"] for each in few] == [37, 57, 77, 97]


@pytest.mark.parametrize(("most", "fits"), [(5, True), (4, False)])
def test_a_map_of_more_pieces_than_are_allowed_is_refused(
    monkeypatch: pytest.MonkeyPatch, most: int, *, fits: bool
) -> None:
    monkeypatch.setattr(_jumps, "MOST_PIECES", most)
    asked = ("grade-from-points", HALF_YEAR, "points", 0, 60)
    if fits:
        found = [each["from"] for each in jumps(*asked)["pieces"]]
        assert found == [0, 5.01, 17, 37, 57]
    else:
        with pytest.raises(InputErrors, match=r"^to：这个范围里的变化超过 4 处，请把范围缩小$"):
            jumps(*asked)


def test_an_input_that_changes_with_every_step_is_refused() -> None:
    history = [{"year": 2023, "half": 1, "points": 40}, {"year": 2023, "half": 2, "points": 1}]
    assert fields(
        jumps, "points-history", {"grade": 1, "history": history}, "history[0].year", 1, 9998
    ) == ["vary"]


# ---- compare -------------------------------------------------------------------------------------


def test_compare_lists_what_differs() -> None:
    found = compare("grade-from-points", HALF_YEAR, {**HALF_YEAR, "grade": 9})
    assert found["differences"] == [
        {"path": "new_grade", "left": 6, "right": 11},
        {"path": "title", "left": "工程师", "right": "中级工程师"},
        {"path": "bonus.min", "left": 2000, "right": 3000},
        {"path": "bonus.max", "left": 3000, "right": 6000},
        {"path": "benefits.title", "left": "工程师", "right": "中级工程师"},
        {"path": "benefits.benefit_level", "left": None, "right": "supervisor"},
        {"path": "benefits.independent_projects", "left": False, "right": True},
        {"path": "benefits.training_allowance", "left": None, "right": {"min": 1000, "max": 2000}},
    ]
    assert found["left"] == calculate("grade-from-points", HALF_YEAR).to_json()
    assert found["right"] == calculate("grade-from-points", {**HALF_YEAR, "grade": 9}).to_json()


def test_compare_goes_into_lists_and_what_is_not_there_is_null() -> None:
    found = compare("candidate-score", MARKS, {**MARKS, "regular_employee": False, "fifth": 70})
    paths = {each["path"]: each for each in found["differences"]}
    assert paths["components[4]"]["left"] is None
    assert paths["components[4]"]["right"]["points"] == 7
    assert paths["reason"]["left"] is None
    assert "components[0].points" not in paths


def test_compare_tells_the_problems_of_both_sides() -> None:
    left, right = {"skill": 1}, {"years": -1, "skill": 1, "education": "master", "x": 1}
    with pytest.raises(InputErrors) as caught:
        compare("initial-grade", left, right)
    missing = "还没有填，这一项必须填"
    assert [(each.field, each.message, each.clause) for each in caught.value.problems] == [
        ("left.education", missing, "rd-grades:6.2.1"),
        ("left.years", missing, "rd-grades:6.2.2"),
        ("right.x", "没有这一项，可填的有：education、years、skill", None),
        ("right.years", "填的是 −1，应是 0 或更大", "rd-grades:6.2.2"),
    ]


@pytest.mark.parametrize(
    ("left", "right", "paths"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": (2, 3)}),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}, {"a.b[0].c": (1, 2)}),
        ([1, 2], [1, 3, 4], {"[1]": (2, 3), "[2]": (None, 4)}),
        ([1, 2], [], {"[0]": (1, None), "[1]": (2, None)}),
        ({"a": 1}, {"b": 2}, {"a": (1, None), "b": (None, 2)}),
        ({"a": {"b": 1}}, {"a": None}, {"a": ({"b": 1}, None)}),
        ({"a": [1]}, {"a": {"b": 1}}, {"a": ([1], {"b": 1})}),
        ({5: 1}, {5: 2}, {"5": (1, 2)}),
        ({"a": None}, {}, {}),
    ],
)
def test_two_values_are_told_apart_at_the_deepest_place(
    left: object, right: object, paths: dict[str, tuple[object, object]]
) -> None:
    found = {each["path"]: (each["left"], each["right"]) for each in differences("", left, right)}
    assert found == paths


# ---- the rules keep to ordinary arithmetic -----------------------------------------------------------


def test_a_number_that_is_not_fixed_cannot_be_taken_for_one_that_is() -> None:
    paths = Paths()
    list(paths.explore(lambda: None))
    with pytest.raises(TypeError, match=r"^a number that is not fixed was taken for one that is$"):
        plain(Symbolic(paths, 1, {0: 1}))
    assert plain(Symbolic(paths, 3, parts=2)) == Fraction(3, 2)


@pytest.mark.parametrize("calculator", [each.id for each in calculators()])
def test_every_rule_can_be_asked_about_each_of_its_numbers(calculator: str) -> None:
    case = next(each for each in load_cases() if each.calculator == calculator)
    chosen = next(each for each in calculators() if each.id == calculator)
    numbers = [each.name for each in chosen.fields if each.kind in ("number", "integer")]
    for each in chosen.fields:
        entries = case.input.get(each.name, [])
        if each.kind == "list" and each.item and each.item.kind != "choice":
            numbers += [f"{each.name}[0]"] if entries else []
        elif each.kind == "records" and each.item:
            numbers += [
                f"{each.name}[0].{inner.name}"
                for inner in each.item.fields
                if inner.kind in ("number", "integer") and entries[0].get(inner.name) is not None
            ]
    for name in numbers:
        if name.endswith(".year"):
            continue  # no two half-years fit together, whatever the year
        pieces = jumps(calculator, case.input, name)["pieces"]
        assert pieces[0]["clause"] is None
        for piece in pieces[1:]:
            assert piece["clause"].startswith(f"{chosen.policy}:")
