"""天猫客服职责与规章制度: orders and offences once more, written from the domain's page alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import InputErrors, calculate
from tests.amounts import tried
from tests.policy_core.readings import check_answer

CHOICES = ("return", "reship-missing", "reship-wrong-model", "compensation")
COSTS = ("commission", "return_freight", "reship_cost")
money = st.decimals(0, 5000, places=2) | st.integers(0, 10**6)
errors = st.fixed_dictionaries(
    {"cause": st.sampled_from(["service", "warehouse"]), "choice": st.sampled_from(CHOICES)},
    optional=dict.fromkeys(COSTS, st.none() | money),
)

# Who pays what, and where the text says so.
PAID: Mapping[str, tuple[str, str]] = {
    "return": ("return_freight", "2.3.1"),
    "reship-missing": ("reship_cost", "2.3.2.1"),
    "reship-wrong-model": ("return_freight reship_cost", "2.3.2.2"),
    "compensation": ("", "2.3.3"),
}


def order_outcome(case: Mapping[str, Any], readings: Mapping[str, str]) -> dict[str, Any]:
    """Say what an order costs: hundredths are whole numbers, so nothing is ever rounded."""
    cents = {name: int(Decimal(case.get(name) or 0) * 100) for name in COSTS}
    own = case["cause"] == "service"
    names, clause = PAID[case["choice"]] if own else ("", "")
    if readings.get("wrong-model-cost") == "return-freight":
        names = names.removesuffix(" reship_cost")
    lost = cents["commission"] if own and case["choice"] == "return" else 0
    fine = 5000 if own and case["choice"] == "compensation" else 0
    total = lost + fine + sum(cents[name] for name in names.split())
    return {
        "commission_lost": yuan(lost),
        "charges": [
            {"id": name, "amount": yuan(cents[name]), "clause": f"online-store-service:{clause}"}
            for name in names.split()
        ],
        "fine": yuan(fine),
        "total": yuan(total),
    }


def yuan(cents: int) -> int | float:
    return cents // 100 if cents % 100 == 0 else cents / 100


def fine_outcome(case: Mapping[str, Any], _: Mapping[str, str]) -> dict[str, int]:
    fines = [0 if place == 0 else 20 for place in range(case["offences"])]
    return {"warnings": len(fines[:1]), "fine": sum(fines)}


@tried(400)
@given(errors)
def test_orders_agree_with_an_independent_table(case: dict[str, Any]) -> None:
    check_answer("order-error", case, order_outcome)


@tried(200)
@given(errors, st.sampled_from(COSTS), st.decimals(0, 100, places=2))
def test_a_dearer_order_never_costs_less_and_never_more_than_it_is_dearer(
    case: dict[str, Any], name: str, more: Decimal
) -> None:
    dearer = {**case, name: Decimal(case.get(name) or 0) + more}
    if dearer[name] <= 10**6:
        before, after = (Decimal(str(total(each))) for each in (case, dearer))
        assert before <= after <= before + more


def total(case: Mapping[str, Any]) -> object:
    return calculate("order-error", case).outcome["total"]


@tried(100)
@given(errors, st.sampled_from(COSTS), st.text(max_size=3) | st.integers(-9, -1))
def test_a_wrong_cost_is_an_error_exactly_where_it_is_paid(
    case: dict[str, Any], name: str, wrong: object
) -> None:
    paid = PAID[case["choice"]][0].split() if case["cause"] == "service" else []
    if case["cause"] == "service" and case["choice"] == "return":
        paid = ["commission", *paid]
    if name in paid:
        with pytest.raises(InputErrors) as caught:
            calculate("order-error", {**case, name: wrong})
        assert [problem.field for problem in caught.value.problems] == [name]
    else:
        assert total({**case, name: wrong}) == total(case)


@tried(200)
@given(st.integers(0, 2000))
def test_fines_agree_with_a_count_of_offences_one_by_one(offences: int) -> None:
    check_answer("conduct-fine", {"offences": offences}, fine_outcome)


@given(st.integers(0, 10**6 - 1))
def test_one_offence_more_is_a_warning_or_a_fine_and_never_both(offences: int) -> None:
    before, after = (
        calculate("conduct-fine", {"offences": each}).outcome for each in (offences, offences + 1)
    )
    steps = {name: after[name] - before[name] for name in ("warnings", "fine")}  # type: ignore[operator]
    assert steps == ({"warnings": 0, "fine": 20} if offences else {"warnings": 1, "fine": 0})


@pytest.mark.parametrize(("offences", "told"), [(0, False), (1, False), (2, True), (3, True)])
def test_several_in_a_week_is_a_doubt_from_the_second_offence_on(offences: int, told: bool) -> None:
    used = calculate("conduct-fine", {"offences": offences}).findings
    assert ("several-in-a-week" in {each.finding.id for each in used}) is told
