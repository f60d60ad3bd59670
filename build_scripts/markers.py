"""Where a line of a text may begin an item: 第三条, 一、, (二), 甲、, 3., 1.1.2, A、, ①, ●, ##.

`scan` only proposes. Each proposal says how it is printed (its style), what it counts (its value) and
how plausible its place is; `build_scripts.nesting` decides which of them number the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from build_scripts.numerals import ARABIC, CHINESE, RUNS, SIGNS, parse_numeral

HAN_NUMBER = f"[{CHINESE}]{{1,7}}"
ARABIC_NUMBER = f"[{ARABIC}]{{1,3}}"
LETTER = "[A-Za-zＡ-Ｚａ-ｚ]"
ROMAN = "(?:[IVX]{1,4}|[ivx]{1,4})"
STEMS = "甲乙丙丁戊己庚辛壬癸"
COUNT = rf"(?:{HAN_NUMBER}|[{ARABIC}]{{1,4}})"
UNIT_ORDER = ("编", "分编", "章", "节", "条", "款", "项", "目")  # what the words themselves say
UNIT_STYLES = {f"第{unit}" for unit in (*UNIT_ORDER, "篇", "部分")}
WORD_BULLETS = "\uf0b7\uf0d8\uf06c\uf0a7\uf075\uf0fc"  # what Word's symbol fonts leave behind
BULLETS_WITHIN = f"●○•◦▪■◆◇▲►➤➢❖▶◎{WORD_BULLETS}"
BULLETS = f"{BULLETS_WITHIN}□★☆·‧∙※"
DASHES = "-*+–—"
UNCOUNTED = {*BULLETS, *DASHES}
OPENING = "(（[［「『“‘《〈【{、第"
CLOSING = ")）]］」』”’》〉】}\"'"
SENTENCE_END = "。；;！!？?：:…"
COMMAS = ",，"

CANDIDATE = re.compile(
    rf"【?第[ \u3000]?(?P<unit_number>{COUNT})[ \u3000]?(?P<unit>分编|[编章节条款项目篇]|部分)"
    rf"(?:之(?P<of>{HAN_NUMBER}|{ARABIC_NUMBER}))?】?"
    rf"|(?P<kind>第(?P<kind_number>{COUNT})[种类步](?P<kind_name>[\u4e00-\u9fff]{{0,4}})[：:])"
    rf"|(?P<step>步骤|阶段|环节)(?P<step_number>{COUNT})(?:[：:]|(?=[ \t\u3000]))"
    rf"|第(?P<ordinal>{HAN_NUMBER})[，,、：:]"
    rf"|[（(][ \u3000]{{0,2}}(?P<bracketed>{HAN_NUMBER}|{ARABIC_NUMBER}|{ROMAN}|{LETTER}|[{STEMS}])"
    rf"[ \u3000]{{0,2}}[)）][、.．]?"
    rf"|(?P<decimal>[{ARABIC}]{{1,3}}(?:[.．][{ARABIC}]{{1,3}}){{1,6}})(?![{ARABIC}])[、.．]?"
    rf"|(?P<plain>{HAN_NUMBER}|{ARABIC_NUMBER}|{ROMAN}|{LETTER}|[{STEMS}])[ \u3000]?"
    r"(?P<mark>[、.．:：]|[)）][、.．]?)"
    rf"|(?P<comma>{HAN_NUMBER}|[{ARABIC}]{{1,2}})[，,](?![{ARABIC}])"
    rf"|(?P<dashed>[{ARABIC}]{{1,2}}(?:[-－][{ARABIC}]{{1,2}}){{1,3}})(?=[ \t\u3000]+[\u4e00-\u9fff])"
    rf"|(?P<spaced>{HAN_NUMBER}|[{ARABIC}]{{1,2}})(?=[ \t\u3000]+[\u4e00-\u9fff])"
    r"|(?P<keycap>[0-9])\ufe0f?\u20e3"
    rf"|(?P<sign>[{''.join(SIGNS)}])[、.．]?"
    rf"|(?P<bullet>[{BULLETS}]|[{DASHES}](?=[ \t\u3000]|[\u4e00-\u9fff]))"
)
LINE_PREFIX = re.compile(
    r"[\s\u200b\ufeff]*(?P<quote>(?:>[ \t]?)*)(?P<hashes>#{0,6})[ \t\u3000]*(?P<stars>\*{0,2})"
)
RULER = re.compile(r"[\s=\-_*~—─━]*\Z")
# What a page prints at its edge: 第 3 页 共 10 页, - 3 -, 3/10, with the text's name before it or without.
PAGE = re.compile(
    rf"(?:(?P<head>[^。；;，,：:|]{{0,40}})[ \t\u3000])?第[ \u3000]?{COUNT}[ \u3000]?页"
    rf"(?:[ \t\u3000,，/]*共[ \u3000]?{COUNT}[ \u3000]?页)?"
    r"|[-－—–][ \u3000]?\d{1,4}[ \u3000]?[-－—–]|\d{1,4}[ \t]*/[ \t]*\d{1,4}"
    r"|[Pp]age[ \t]?\d{1,4}(?:[ \t]?(?:of|/)[ \t]?\d{1,4})?"
)
REFERENCE = re.compile(r"[ \u3000]?[条款项](?=[规所的、，,。；;和及或与至到中之执])")
AFTER_UNIT = re.compile(r"[\s：:*]|[、.．](?![ \u3000]*第)|\Z")
AFTER_UNIT_WITHIN = re.compile(r"[\s：:]|\Z")
UNIT_REFERENCE = re.compile(
    rf"[的、，,。；;]|第{COUNT}[条款项]|所[称列指规述]|规定|另有|以[外上下]|中[的所规]|之规定"
    r"|(?:[和及或与至到]|以及)(?:第|本[法条例办规])"
)
AMOUNT = re.compile(r"[倍元万亿%％‰个点分度米天年月日小级折公克℃°xX×~～\-–—/]")
ENUMERATIONS = {
    kind: re.compile(rf"[ \u3000]*{number}[、和及,，]")
    for kind, number in {
        "一": HAN_NUMBER,
        "1": f"[{ARABIC}]{{1,4}}",
        "I": LETTER,
        "i": LETTER,
        "A": LETTER,
        "a": LETTER,
    }.items()
}
ENUMERATIONS["甲"] = re.compile(rf"[ \u3000]*[{STEMS}]")  # 甲、乙双方
JOINT = re.compile(r"[\s和及或与至到、,，]*")
SHORTEST_ROW = 3
DIGIT = re.compile(f"[{ARABIC}]")
SPACED_LINE = 40  # 一 总则: a number that only a blank follows stands before a short title
WIDEST_INDENT = 40
ROMAN_SIGNS = ("Ⅰ", "ⅰ")
KEYCAP = "1\u20e3"
SET_OFF_SIGNS = ("①", "⑴", "⒈", "❶", "㈠", "㊀", KEYCAP)  # no sentence uses these for anything else
BEFORE_REFERENCE = "见按第如图表式由至与和或及"


class Place(IntEnum):
    """What stands before a candidate; the more a sentence has ended there, the higher."""

    INSIDE = 0
    COMMA = 1
    BLANK = 2
    CLOSED = 3
    SENTENCE = 4
    LINE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One place where an item may begin.

    `style` is the marker's look with a stand-in for the number: 一、 (1) 1. A、 第条 1.1 ● and so on;
    `core` is the number as printed without its delimiters.
    """

    style: str
    value: tuple[int, ...]
    core: str
    start: int
    end: int
    place: Place
    line: int
    indent: int = 0
    firm: bool = True
    tight: bool = False

    @property
    def family(self) -> str:
        """Tell styles apart only by the kind of number and by brackets: 1、 and 1. are one family."""
        return self.style.rstrip("、.:")

    @property
    def unit(self) -> str:
        """Give the word of 第N章 and the like; empty for all other styles."""
        return self.style[1:] if self.style in UNIT_STYLES else ""

    @property
    def first(self) -> bool:
        """Say whether this begins a list: 1, A, 2.1, but not 第二条之一."""
        return self.value[-1] == 1 and (len(self.value) == 1 or not self.unit)

    @property
    def bullet(self) -> bool:
        """Say whether this marker carries no number."""
        return self.style in UNCOUNTED

    @property
    def set_off(self) -> bool:
        """Say whether the number is a sign that stands out by itself, like ①."""
        return self.style in SET_OFF_SIGNS

    @property
    def lettered(self) -> bool:
        """Say whether the number is a letter, or a stem, which a word may be as well."""
        return any(sign in self.style for sign in "AaIi甲")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line: where it stands, what may begin on it, and the readings of what it begins with."""

    number: int
    start: int
    end: int
    content: int
    text: str
    level: int = 0
    ruler: bool = False
    page: bool = False
    table: bool = False
    markers: tuple[Marker, ...] = ()
    opening: tuple[Marker, ...] = ()

    @property
    def blank(self) -> bool:
        """Say whether nothing is printed here."""
        return not self.text

    @property
    def silent(self) -> bool:
        """Say whether no words of the text are printed here: nothing, a rule, or a page's edge."""
        return self.blank or self.ruler or self.page


def scan(source: str, start: int = 0) -> list[Line]:
    """Cut a text into lines, each with the markers that may stand on it."""
    lines: list[Line] = []
    offset, first = start, source.count("\n", 0, start)
    for number, raw in enumerate(source[start:].split("\n"), first):
        lines.append(read_line(raw, offset, number))
        offset += len(raw) + 1
    return lines


def read_line(raw: str, offset: int, number: int) -> Line:
    """Read one line: its decoration, and the markers on it."""
    prefix = LINE_PREFIX.match(raw)
    assert prefix  # the pattern matches the empty string  # noqa: S101
    text = raw.strip().strip("\u200b\ufeff").strip()
    ruler = len(text) > 2 and bool(RULER.match(text))
    page = is_page_edge(text)
    table = text.startswith("|")
    content = len(raw) - len(raw.lstrip().lstrip("\u200b\ufeff").lstrip()) if text else len(raw)
    markers: tuple[Marker, ...] = ()
    if text and not ruler and not page and not table:
        found = list(find_markers(raw, prefix, content, offset, number))
        markers = tuple(placed(found, raw, offset))
    level = len(prefix["hashes"]) if text and prefix["hashes"] and text.strip("# ") else 0
    return Line(
        number=number, start=offset, end=offset + len(raw), content=offset + content, text=text,
        level=level, ruler=ruler, page=page, table=table, markers=markers,
        opening=tuple(marker for marker in markers if marker.place is Place.LINE),
    )  # fmt: skip


def page_head(words: str) -> str:
    """Give the text's name that a page prints at its edge beside the number, if it does."""
    found = PAGE.fullmatch(words)
    return (found["head"] or "").strip() if found else ""


def is_page_edge(words: str) -> bool:
    """Say whether a line is what a page prints at its edge: 第 3 页 共 10 页, - 3 -."""
    return bool(PAGE.fullmatch(words))


def find_markers(
    raw: str, prefix: re.Match[str], content: int, offset: int, number: int
) -> Iterator[Marker]:
    """Give every marker that one line may hold, readings of the same place one after the other."""
    body, stars = prefix.end(), len(prefix["stars"])
    if stars == 1 and not CANDIDATE.match(raw, body):
        body, stars = body - 1, 0  # a list's star, not emphasis
    indent = min(width(raw[: prefix.start("hashes")]), WIDEST_INDENT)
    for found in CANDIDATE.finditer(raw, body):
        first = found.start() == body
        place = Place.LINE if first else place_of(raw, found.start())
        if raw.startswith("第", max(found.start() - 1, 0)) and found.start():
            continue  # 第(一)项 refers
        for style, value, core, length, firm, tight in READINGS[found.lastgroup or ""](
            found, raw, first=first
        ):
            end = found.start() + length if length else found.end()
            if first and stars and raw.startswith("*" * stars, end):
                end += stars
            yield Marker(
                style=style, value=value, core=core,
                start=offset + (content if first else found.start()),
                end=offset + end,
                place=place, line=number, indent=indent, firm=firm, tight=tight,
            )  # fmt: skip


def placed(markers: Sequence[Marker], raw: str, offset: int) -> Iterator[Marker]:
    """Give the markers that may begin an item; those of a row stand apart from the words before them."""
    rows = rows_on_line(markers, raw, offset)
    for marker in markers:
        if id(marker) in rows:
            yield replace(marker, place=max(marker.place, Place.CLOSED))
        elif marker.set_off and not marker.firm:
            pass
        elif marker.place is not Place.INSIDE or opens_inside(marker.style, marker.value):
            yield marker


def rows_on_line(markers: Sequence[Marker], raw: str, offset: int) -> set[int]:
    """Find what counts 1, 2, 3 and on within one line, words between: (一)警告(二)记过(三)开除."""
    rows: dict[str, list[Marker]] = {}
    found: set[int] = set()
    if len(markers) < SHORTEST_ROW:
        return found
    for marker in markers:
        loose = not marker.firm and not marker.set_off
        if marker.tight or marker.unit or loose or len(marker.value) > 1:
            continue
        row = rows.get(marker.style, [])
        if marker.value == (1,):
            rows[marker.style] = [marker]
        elif row and marker.value[0] == row[-1].value[0] + 1:
            between = raw[row[-1].end - offset : marker.start - offset]
            if not JOINT.fullmatch(between):
                row.append(marker)
        if len(row) >= SHORTEST_ROW:
            found.update(map(id, row))
    return found


def opens_inside(style: str, value: tuple[int, ...]) -> bool:
    """Say whether an item may begin in the middle of a phrase: 应包括①…②…, 流程是a、…."""
    return style in SET_OFF_SIGNS or (value == (1,) and (style.startswith("(") or style[0] in "Aa"))


class Reading(NamedTuple):
    """What one candidate may be; `length` is how much of it is the marker, 0 for all."""

    style: str
    value: tuple[int, ...]
    core: str
    length: int = 0
    firm: bool = True
    tight: bool = False


def unit_readings(found: re.Match[str], raw: str, *, first: bool) -> Iterator[Reading]:
    """Read 第十二条之一; firm where a blank or a delimiter follows, else it may be a reference."""
    number = parse_numeral(found["unit_number"])
    if number is None:
        return
    value = (number, parse_numeral(found["of"]) or 0) if found["of"] else (number,)
    after = AFTER_UNIT if first else AFTER_UNIT_WITHIN
    firm = found[0].endswith("】") or bool(after.match(raw, found.end()))
    if not firm and UNIT_REFERENCE.match(raw, found.end()):
        return
    length = len(found[0]) + raw.startswith(("：", ":", "、", ".", "．"), found.end())
    yield Reading(f"第{found['unit']}", value, found[0].strip("【】"), length, firm)


def kind_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:  # noqa: ARG001
    """Read 第一种情况： and 第一步：."""
    yield Reading(f"第{found['kind_name']}一", values(found["kind_number"]), found["kind"][:-1])


def step_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:
    """Read 步骤一： and 阶段2."""
    if first:
        core = f"{found['step']}{found['step_number']}"
        yield Reading(f"第{found['step']}一", values(found["step_number"]), core)


def keycap_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:  # noqa: ARG001
    """Read 1️⃣."""
    yield Reading(KEYCAP, values(found["keycap"]), found["keycap"])


def ordinal_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:  # noqa: ARG001
    """Read 第一， and 第一、."""
    yield Reading("第一，", values(found["ordinal"]), f"第{found['ordinal']}")


def bracketed_readings(found: re.Match[str], raw: str, *, first: bool) -> Iterator[Reading]:  # noqa: ARG001
    """Read (一), (1), (a); (3)条执行 refers."""
    if not REFERENCE.match(raw, found.end()):
        for kind, value in kinds(found["bracketed"]):
            yield Reading(f"({kind})", value, found["bracketed"])


def decimal_readings(found: re.Match[str], raw: str, *, first: bool) -> Iterator[Reading]:  # noqa: ARG001
    """Read 1.1.2; the same signs may be item 1 with a text that begins with a number (4.4T).

    3.5万元 is no 3.5; whether it is item 3, 5万元, the place must tell: it is not firm.
    """
    parts = tuple(int(part) for part in re.split("[.．]", found["decimal"]))
    amount = found[0] == found["decimal"] and AMOUNT.match(raw, found.end())
    if not amount:
        yield Reading("1" + ".1" * (len(parts) - 1), parts, found["decimal"])
    if len(parts) == 2:
        whole = re.split("[.．]", found["decimal"])[0]
        yield Reading("1.", parts[:1], whole, len(whole) + 1, firm=not amount, tight=True)


def plain_readings(found: re.Match[str], raw: str, *, first: bool) -> Iterator[Reading]:
    """Read 一、 1. 1) A、; not 1:30, not the first of an enumeration like 1、2、3号."""
    mark = {"．": ".", "：": ":", "）": ")"}.get(found["mark"][0], found["mark"][0])
    if mark == ":" and (not first or found["plain"] in STEMS or DIGIT.match(raw, found.end())):
        return  # 甲：… is what somebody says
    for kind, value in kinds(found["plain"]):
        enumerated = mark == "、" and ENUMERATIONS[kind].match(raw, found.end())
        if not enumerated and (mark != ")" or kind != "一"):
            yield Reading(f"{kind}{mark}", value, found["plain"])


def comma_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:
    """Read 一， and 1,: a sentence may begin so as well."""
    if first:
        for kind, value in kinds(found["comma"]):
            yield Reading(f"{kind}，", value, found["comma"], firm=False)


def dashed_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:
    """Read 1-2 as others write 1.2; it may be a range."""
    if first:
        parts = tuple(int(part) for part in re.split("[-－]", found["dashed"]))
        yield Reading("1" + "-1" * (len(parts) - 1), parts, found["dashed"], firm=False)


def spaced_readings(found: re.Match[str], raw: str, *, first: bool) -> Iterator[Reading]:
    """Read 1 总则 and 一 总则: a number and a blank before a short title."""
    if first and len(raw.strip()) <= SPACED_LINE and not set(SENTENCE_END) & set(raw):
        for kind, value in kinds(found["spaced"]):
            yield Reading(f"{kind} ", value, found["spaced"], firm=False)


def sign_readings(found: re.Match[str], raw: str, *, first: bool) -> Iterator[Reading]:
    """Read ①, ⑴, ㈠: one sign that is a list's number by itself; not ①②两项, Ⅰ类, 见①.

    In ①申请表②证件③照片 the second is none of a table's: it goes on a row.
    """
    sign, after = found["sign"], raw[found.end() : found.end() + 1]
    if after in SIGNS:
        return
    refers = not first and raw[found.start() - 1] in BEFORE_REFERENCE
    if refers and values(sign) == (1,):
        return
    style = next(start for start, end, _ in RUNS if start <= sign <= end)
    if style not in ROMAN_SIGNS or found[0] != sign or after.isspace():
        yield Reading({"㉑": "①"}.get(style, style), values(sign), sign, firm=not refers)


def bullet_readings(found: re.Match[str], _raw: str, *, first: bool) -> Iterator[Reading]:
    """Read ● and its like; inside a line only those that are nothing else there."""
    if first or found["bullet"] in BULLETS_WITHIN:
        yield Reading(found["bullet"], (0,), found["bullet"])


# By the last group of CANDIDATE that took part.
READINGS = {
    "unit": unit_readings,
    "of": unit_readings,
    "kind": kind_readings,
    "step_number": step_readings,
    "ordinal": ordinal_readings,
    "bracketed": bracketed_readings,
    "decimal": decimal_readings,
    "mark": plain_readings,
    "comma": comma_readings,
    "dashed": dashed_readings,
    "spaced": spaced_readings,
    "keycap": keycap_readings,
    "sign": sign_readings,
    "bullet": bullet_readings,
}


def kinds(printed: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Say what kinds of number a sign may be: V is the fifth Roman number and the 22nd letter."""
    if printed in STEMS:
        yield "甲", (STEMS.index(printed) + 1,)
        return
    number = parse_numeral(printed)
    if printed[0] in CHINESE or DIGIT.match(printed):
        if number is not None:
            yield ("一" if printed[0] in CHINESE else "1"), (number,)
        return
    if number is not None and printed.isascii():
        yield ("I" if printed.isupper() else "i"), (number,)
    if len(printed) == 1:
        letter = chr(ord(printed) - 0xFEE0) if ord(printed) > 0x7F else printed
        yield ("A" if letter.isupper() else "a"), (ord(letter.upper()) - ord("A") + 1,)


def values(printed: str) -> tuple[int, ...]:
    """Give a number as a value; what is no number after all counts as nought."""
    return (parse_numeral(printed) or 0,)


def place_of(raw: str, position: int) -> Place:
    """Say what stands before a position inside a line."""
    before = position - 1
    while before >= 0 and raw[before].isspace():
        before -= 1
    sign = raw[before] if before >= 0 else ""
    if sign in SENTENCE_END:
        return Place.SENTENCE
    if sign in OPENING:
        return Place.INSIDE
    if sign in CLOSING:
        return Place.CLOSED
    if sign in COMMAS:
        return Place.COMMA
    if before < position - 1:
        return Place.SENTENCE if sign == "." else Place.BLANK
    return Place.INSIDE


def width(blank: str) -> int:
    """Measure an indent: a tab is four columns, an ideographic space two."""
    return sum({"\t": 4, "\u3000": 2}.get(sign, 1) for sign in blank)
