"""Exact numbers: taken as printed, computed as fractions, rounded once when they are shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

PLACES = 100
LARGEST = 10**6
MOST_DECIMALS = 20


class NotANumberError(ValueError):
    """The value is no number that a rule can take; the message says why, in Chinese."""


def exact(value: object) -> Fraction:
    """Take a number as it is printed: 29.9 is 299/10.

    Raises:
        NotANumberError: no number, not finite, beyond 10⁶ in size or with more than 20 decimals.

    """
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return Fraction(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise NotANumberError("应是数字")
    if isinstance(value, float):
        value = Decimal(repr(value))
    found = fraction_of(value) if isinstance(value, Decimal) else Fraction(value)
    if abs(found) > LARGEST:
        raise NotANumberError(f"数字太大，应在 −{LARGEST} 到 {LARGEST} 之间")
    if 10**MOST_DECIMALS % found.denominator:  # a third has no end in decimals
        raise NotANumberError(f"小数最多 {MOST_DECIMALS} 位")
    return found


def fraction_of(value: Decimal) -> Fraction:
    """Turn a decimal into a fraction, but look at its exponent first: 1e999999999 would fill the memory."""
    if not value.is_finite():
        raise NotANumberError("应是有限的数字")
    if value and value.adjusted() > len(str(LARGEST)):
        raise NotANumberError(f"数字太大，应在 −{LARGEST} 到 {LARGEST} 之间")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        raise NotANumberError(f"小数最多 {MOST_DECIMALS} 位")
    return Fraction(value)


def rounded(value: Fraction | int) -> int | float:
    """Round to two places, half away from zero; a whole number comes as int."""
    if isinstance(value, int):
        return value
    parts = value.denominator
    hundredths = (2 * abs(value.numerator) * PLACES + parts) // (2 * parts)
    if value < 0:
        hundredths = -hundredths
    whole, rest = divmod(hundredths, PLACES)
    return whole if not rest else hundredths / PLACES


def shown(value: Fraction | int) -> str:
    """Print a number for a reader: at most two places, a true minus sign; "…" stands for one not fixed."""
    if not isinstance(value, int | Fraction):
        return "…"
    return str(rounded(value)).replace("-", "−")
