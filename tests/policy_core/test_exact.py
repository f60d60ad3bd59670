"""Numbers at the edge of what is taken, and as they are printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from policy_core._exact import NotANumberError, exact, rounded, shown

LARGE = "数字太大，应在 −1000000 到 1000000 之间"


@pytest.mark.parametrize(
    "value",
    [
        10**6, -(10**6), 0, 1e6, -1e6, Decimal("1E+6"), Fraction(10**6), Decimal("0E+99"),
        Decimal("1E-20"), 0.1, Fraction(1, 8),
    ],
)  # fmt: skip
def test_a_number_is_taken_as_it_is_written(value: float | Decimal | Fraction) -> None:
    found = exact(value)
    assert (found, type(found)) == (Fraction(str(value)), Fraction)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (10**6 + 1, LARGE),
        (-(10**6) - 1, LARGE),
        (1000000.5, LARGE),
        (Decimal("1E+7"), LARGE),
        (Decimal("1E+999999"), LARGE),
        (float("nan"), "应是有限的数字"),
        (float("-inf"), "应是有限的数字"),
        (Decimal("1E-21"), "小数最多 20 位"),
        (Fraction(1, 3), "小数最多 20 位"),
        (True, "应是数字"),
        ("1", "应是数字"),
        (None, "应是数字"),
    ],
)
def test_what_is_no_number_says_why(value: object, told: str) -> None:
    with pytest.raises(NotANumberError) as caught:
        exact(value)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("value", "number", "words"),
    [
        (3, 3, "3"),
        (-3, -3, "−3"),
        (0, 0, "0"),
        (Fraction(5, 2), 2.5, "2.5"),
        (Fraction(1, 200), 0.01, "0.01"),  # half away from zero
        (Fraction(-1, 200), -0.01, "−0.01"),
        (Fraction(1, 201), 0, "0"),
        (Fraction(-1, 201), 0, "0"),
        (Fraction(8, 2), 4, "4"),
    ],
)
def test_a_number_is_printed_with_two_places_at_most(
    value: int | Fraction, number: float, words: str
) -> None:
    found = rounded(value)
    assert (found, type(found)) == (number, type(number))
    assert shown(value) == words


def test_what_is_not_fixed_is_printed_as_dots() -> None:
    assert shown(None) == "…"  # type: ignore[arg-type]
