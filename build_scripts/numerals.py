"""Numbers as people write them in Chinese texts: 20, ２０, 二十, 1.5, 四十, 百分之四十, ①, Ⅳ.

Pure functions: a string in, numbers out. Nothing here knows what a number means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

DIGITS = {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "廿": 20, "卅": 30}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
TENS = ("廿", "卅")
CHINESE = "".join([*DIGITS, *UNITS, *MYRIADS])
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
ARABIC = "0-9０-９"
LONGEST = 20  # no text prints a longer number on purpose

# First and last of each run of Unicode's ready-made list numbers: ① ⑴ ⒈ ❶ ㈠ ㊀ Ⅰ ⅰ.
RUNS = (
    ("①", "⑳", 1), ("⑴", "⒇", 1), ("⒈", "⒛", 1), ("❶", "❿", 1), ("㉑", "㉟", 21),
    ("㈠", "㈩", 1), ("㊀", "㊉", 1), ("Ⅰ", "Ⅻ", 1), ("ⅰ", "ⅻ", 1),
)  # fmt: skip
SIGNS = {
    chr(code): first + code - ord(start)
    for start, end, first in RUNS
    for code in range(ord(start), ord(end) + 1)
}

NUMBER = re.compile(
    rf"(?P<below>[{CHINESE}]{{1,{LONGEST}}})分之(?P<above>[{CHINESE}]{{1,{LONGEST}}})"
    rf"|(?P<arabic>[{ARABIC}]{{1,3}}(?:,[0-9]{{3}}){{1,5}}(?![0-9])|[{ARABIC}]{{1,{LONGEST}}})"
    rf"(?P<decimals>[.．][{ARABIC}]{{1,{LONGEST}}})?(?P<myriad>[万亿])?"
    rf"|(?P<chinese>[{CHINESE}]+)(?:点(?P<point>[{''.join(DIGITS)}]{{1,{LONGEST}}}+)(?![十百千分]))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """One number in a text: its exact value, and where it is printed."""

    value: Fraction
    start: int
    end: int
    printed: str


@lru_cache(maxsize=1024)  # a text counts with the same few numerals again and again
def parse_numeral(printed: str) -> int | None:
    """Read a whole number in any of the ways that lists are numbered; None where it is none.

    Chinese (十二, 二〇二四, 壹拾), Arabic (12, １２), Roman (IV, ⅳ) and ready-made signs (①, ⑴, ㈠).
    """
    if printed in SIGNS:
        return SIGNS[printed]
    if re.fullmatch(f"[{ARABIC}]{{1,{LONGEST}}}", printed):
        return int(printed)
    if 0 < len(printed) <= LONGEST and all(sign in CHINESE for sign in printed):
        return parse_chinese(printed)
    return parse_roman(printed)


def parse_chinese(printed: str) -> int | None:
    """Read 三百零五, 十二, 二〇二四, 一万; None for what is no number, like 十百."""
    if all(sign in DIGITS for sign in printed):
        return int("".join(str(DIGITS[sign]) for sign in printed))
    total = section = digit = 0
    smallest = MYRIADS["亿"]  # units within a section go down: 千, 百, 十
    for sign in printed:
        if sign in DIGITS:
            if digit:
                return None
            digit = DIGITS[sign]
        elif sign in TENS:
            section, smallest = section + UNITS[sign], 10
        elif sign in UNITS:
            if UNITS[sign] >= smallest:
                return None
            smallest = UNITS[sign]
            section, digit = section + (digit or 1) * UNITS[sign], 0
        else:
            if not total + section + digit:
                return None
            section, digit = section + digit, 0
            total, section = (total + section) * MYRIADS[sign], 0
            smallest = MYRIADS["亿"]
    return total + section + digit


def parse_roman(printed: str) -> int | None:
    """Read a Roman number of at most eight capital or small letters; None where it is none."""
    letters = printed.upper()
    if not re.fullmatch(r"(?=[CLXVI]{1,8}\Z)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", letters):
        return None
    values = [ROMAN[letter] for letter in letters]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def find_numbers(text: str) -> list[Numeral]:
    """Find every number of a text, in order.

    A sign of percent stays outside (40% and 百分之四十 are both 40); 三分之一 is 1/3; 5万 is 50000.
    """
    return list(numbers(text))


def numbers(text: str) -> Iterator[Numeral]:
    """Give the numbers of a text one by one."""
    for found in NUMBER.finditer(text):
        value = value_of(found)
        if value is not None:
            yield Numeral(value=value, start=found.start(), end=found.end(), printed=found[0])


def value_of(found: re.Match[str]) -> Fraction | None:
    """Compute what one match of `NUMBER` says."""
    if found["arabic"]:
        whole = found["arabic"].replace(",", "") + (found["decimals"] or "").replace("．", ".")
        return Fraction(whole) * MYRIADS.get(found["myriad"] or "", 1)
    if found["below"]:
        below, above = parse_numeral(found["below"]), parse_numeral(found["above"])
        if not below or above is None:
            return None
        return Fraction(above) if found["below"] == "百" else Fraction(above, below)
    whole_part = parse_numeral(found["chinese"])
    if whole_part is None:
        return None
    decimals = "".join(str(DIGITS[sign]) for sign in found["point"] or "")
    return Fraction(f"{whole_part}.{decimals}" if decimals else whole_part)
