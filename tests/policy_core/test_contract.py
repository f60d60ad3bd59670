"""The shapes that other systems rely on, letter by letter, and the numbers at the very edge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

import policy_core
from policy_core import InputErrors, Problem, calculate, json_schema
from policy_core._exact import NotANumberError, exact


def test_an_answer_has_the_contract_s_keys_in_their_order() -> None:
    given = calculate("grade-benefits", {"grade": 3}).to_json()
    assert list(given) == ["calculator", "version", "outcome", "steps", "findings"]
    assert (given["calculator"], given["version"]) == ("grade-benefits", "2024-01-01")
    assert list(given["steps"][0]) == ["label", "expression", "value", "unit", "clause"]
    (finding,) = given["findings"]
    assert list(finding) == ["id", "reading", "clauses", "message", "others"]
    assert (finding["reading"], finding["clauses"]) == ("higher", ["rd-grades:3.1"])
    assert list(finding["others"][0]) == ["reading", "outcome"]


def test_a_problem_has_a_clause_only_where_there_is_one() -> None:
    with_it = Problem(field="a", message="b", clause="c:1")
    without = Problem(field="d", message="e")
    assert with_it.to_json() == {"field": "a", "message": "b", "clause": "c:1"}
    assert without.to_json() == {"field": "d", "message": "e"}
    assert without.clause is None
    errors = InputErrors([with_it, without])
    assert str(errors) == "a：b；d：e"
    assert errors.to_json() == {"errors": [with_it.to_json(), without.to_json()]}


def test_a_schema_is_closed_and_typed() -> None:
    schema = json_schema("seat-check")
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert schema["properties"]["market_open"] == {"type": "boolean"}
    assert schema["$id"] == "seat-check.json"


def test_a_day_without_a_version_keeps_no_other_problem_from_being_told() -> None:
    much = {"kind": "project", "base": 10, "adjust_percent": 21}
    with pytest.raises(InputErrors) as caught:
        calculate("contribution-points", {"events": [much]}, date(2000, 1, 1))
    told = [each.field for each in caught.value.problems]
    assert told == ["events[0].adjust_percent", "as_of"]


def test_a_number_is_taken_up_to_the_largest_and_the_longest() -> None:
    for edge in (10**6, -(10**6), Decimal("1E6"), 1e6, Decimal("-1000000.00")):
        assert abs(exact(edge)) == 10**6
    assert exact(Decimal("1E-20")) == Fraction(1, 10**20)
    for beyond in (
        10**6 + 1,
        -(10**6) - 1,
        Decimal("1000000.01"),
        Decimal("1E7"),
        Decimal("1E-21"),
    ):
        with pytest.raises(NotANumberError):
            exact(beyond)
    with pytest.raises(NotANumberError, match=r"^应是数字$"):
        exact("3")


@pytest.mark.parametrize(("skill", "doubtful"), [(0, False), (1, True)])
def test_a_skill_s_scale_is_a_doubt_only_where_there_is_skill(skill: int, doubtful: bool) -> None:
    case = {"education": "bachelor", "years": 5, "skill": skill}
    used = calculate("initial-grade", case).findings
    assert ("skill-scale" in {each.finding.id for each in used}) is doubtful


@pytest.mark.parametrize("name", policy_core.__all__)
def test_every_name_of_the_core_is_there(name: str) -> None:
    assert getattr(policy_core, name) is not None


def test_another_name_is_told() -> None:
    with pytest.raises(AttributeError, match="policy_core has no 'nothing'"):
        policy_core.nothing  # noqa: B018
