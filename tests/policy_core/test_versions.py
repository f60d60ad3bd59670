"""A day answers by the rule of its version: its figures, their shape, and the function beside the old one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from policy_core import InputErrors, _asking, _registry, calculate, compare, explain, jumps, seek
from policy_core._browser import answer
from policy_core._inputs import number
from policy_core._registry import CALCULATORS, register
from policy_core._versions import parse_policy
from policy_core._working import Working
from tests.copies import with_stricter_version

FIGURES = Path(__file__).resolve().parents[2] / "policy_core/parameters/rd-grades.toml"
OLD, NEW = date(2024, 1, 1), date(2025, 7, 1)

# Until 2025 one fee for all; since then a free allowance, and a fee by bands above it.
MADE_UP = """
[[version]]
effective = 2024-01-01
fee = { value = 10, unit = "元", clause = "1" }

[[version]]
effective = 2025-07-01
free = { value = 5, unit = "次", clause = "1" }
fee = [
  { from = 0, value = 3, unit = "元", clause = "2" },
  { from = 10, value = 2, unit = "元", clause = "2" },
]

[[finding]]
id = "ends"
clauses = ["2"]
title = "t"
message = "m"
default = "above"
[finding.readings]
above = "a"
at = "b"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How often something was used."""

    times: Fraction = number(0, clause="1")


def flat_fee(use: Use, working: Working) -> Mapping[str, object]:
    """Charge every time the same."""
    return {"fee": working.step("费用", use.times * working.figure("fee").number(), "元", "1")}


def banded_fee(use: Use, working: Working) -> Mapping[str, object]:
    """Charge what is beyond the free ones by its band."""
    beyond = use.times - working.figure("free").number()
    inclusive = working.reading("ends") == "at"
    rows = [
        row
        for row in working.rows("fee")
        if (beyond >= row.number("from") if inclusive else beyond > row.number("from"))
    ]
    fee = beyond * rows[-1].number() if rows else beyond * 0
    return {"fee": working.step("费用", fee, "元", "2")}


@pytest.fixture
def fees(monkeypatch: pytest.MonkeyPatch) -> str:
    """Register a calculator whose rule was changed by a function beside the old one."""
    dated = parse_policy("made-up", MADE_UP)
    monkeypatch.setattr(_registry, "policy", lambda _: dated)
    monkeypatch.setitem(CALCULATORS, "fees", CALCULATORS["conduct-fine"])  # taken away again

    @register(
        "fees",
        policy_id="made-up",
        inputs=Use,
        clauses=("1", "2"),
        figures=("fee", "free"),
        findings=("ends",),
    )
    def fees(use: Use, working: Working) -> Mapping[str, object]:
        """Charge by the rule of the version in force."""
        return (banded_fee if "free" in working.version.figures else flat_fee)(use, working)

    return "fees"


@pytest.mark.parametrize(
    ("day", "version", "fee", "clause"),
    [
        (OLD, OLD, 150, "made-up:1"),
        (date(2025, 6, 30), OLD, 150, "made-up:1"),
        (NEW, NEW, 30, "made-up:2"),
        (None, NEW, 30, "made-up:2"),
    ],
)
def test_each_day_answers_by_the_function_of_its_day(
    fees: str, day: date | None, version: date, fee: int, clause: str
) -> None:
    found = calculate(fees, {"times": 15}, day)
    assert (found.version, found.outcome, found.steps[-1].clause) == (version, {"fee": fee}, clause)
    assert calculate(fees, {"times": 15}, day, outcome_only=True).outcome == found.outcome


def test_a_doubt_of_the_new_rule_is_none_of_the_old_one(fees: str) -> None:
    assert calculate(fees, {"times": 15}, OLD).findings == ()
    (used,) = calculate(fees, {"times": 15}, NEW).findings
    assert dict(used.others) == {"at": {"fee": 20}}


def test_no_day_before_the_first_version_is_answered(fees: str) -> None:
    with pytest.raises(InputErrors, match="从 2024-01-01 起才有"):
        calculate(fees, {"times": 15}, date(2023, 12, 31))


@pytest.fixture
def stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a half-year of up to six points be void from 2025-07-01 on; until then it is up to five."""
    figures = with_stricter_version(FIGURES.read_text(encoding="utf-8"), NEW.isoformat())
    dated = parse_policy("rd-grades", figures)
    for module in (_registry, _asking):
        monkeypatch.setattr(module, "policy", lambda _: dated)


@pytest.mark.usefixtures("stricter")
def test_a_changed_figure_of_a_real_policy_answers_each_day_by_its_own() -> None:
    six = {"grade": 4, "carried": 14, "points": 6, "half": 2}
    then, now = (calculate("grade-from-points", six, day) for day in (date(2025, 6, 30), NEW))
    assert (then.version, then.outcome["levels"]) == (OLD, 1)
    assert (now.version, now.outcome["levels"]) == (NEW, 0)
    told = compare("grade-from-points", six, six, (OLD, NEW))["differences"]
    assert {"path": "levels", "left": 1, "right": 0} in told
    request: dict[str, object] = {"call": "rows", "calculator": "grade-from-points", "words": []}
    request |= {"means": list(six), "rows": [list(six.values())]}
    for day, levels in ((OLD, 1), (NEW, 0)):
        said = json.loads(answer(json.dumps({**request, "as_of": day.isoformat()})))
        assert said["rows"][0]["values"]["levels"] == levels


@pytest.mark.usefixtures("stricter")
@pytest.mark.parametrize(("day", "void"), [(OLD, 5), (date(2025, 6, 30), 5), (NEW, 6), (None, 6)])
def test_a_question_is_answered_by_the_version_of_its_day(day: date | None, void: int) -> None:
    version = NEW if day in (NEW, None) else OLD
    case = {"grade": 4, "carried": 16, "half": 2}
    sought = seek("grade-from-points", case | {"points": 0}, "points", "levels >= 1", day)
    assert sought["value"] == void + 0.01  # 4 would do, but up to five or six points are void
    assert sought["answer"]["version"] == version.isoformat()
    mapped = jumps("grade-from-points", case, "points", 0, 10, day)["pieces"]
    assert [each["from"] for each in mapped] == [0, void + 0.01]
    assert [each["outcome"]["levels"] for each in mapped] == [0, 1]
    at_six = explain("grade-from-points", case | {"points": 6}, day)
    assert at_six["outcome"]["levels"] == (1 if void == 5 else 0)
    as_it_is = f"levels == {1 if void == 5 else 0}"
    for vary, value in (("half", 2), ("points", 6), ("points", 5.505)):  # between two steps too
        stays = seek("grade-from-points", case | {"points": 6, vary: value}, vary, as_it_is, day)
        assert (stays["value"], stays["answer"]["version"]) == (value, version.isoformat())
    both = jumps(
        "grade-from-points",
        case | {"points": 6, "previous_year_points": 90},
        "half",
        None,
        None,
        day,
    )
    assert {each["outcome"]["levels"] for each in both["pieces"]} == {1 if void == 5 else 0}
