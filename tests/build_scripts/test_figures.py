"""Traced figures: what a text and a parameter file say of each other, and that no change slips through."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from build_scripts.figures import PARAMETERS, FigureError, Quote, Trace, trace
from build_scripts.numerals import find_numbers
from build_scripts.outline import Document, parse
from build_scripts.source import load
from build_scripts.toml_places import line_of, value_places

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = {
    each.policy: each for each in map(load, sorted((ROOT / "docs/policies").glob("*.txt")))
}
NUMBERS = {"value", "min", "max", "from", "to"}

type Tracing = Callable[[str, str], tuple[list[Trace], list[FigureError]]]


@pytest.fixture
def tracing(tmp_path: Path) -> Tracing:
    """Trace one figure's TOML in a text whose only clause 一 is given."""

    def run(figures: str, clause: str) -> tuple[list[Trace], list[FigureError]]:
        (tmp_path / "made-up.toml").write_text(
            f"[[version]]\neffective = 2024-01-01\n{figures}\n", encoding="utf-8"
        )
        text = f"标题：虚构的制度\n生效日期：2024-01-01\n\n一、规则\n1、{clause}\n2、别的。\n"
        return trace({"made-up": parse(text, "made-up")}, tmp_path)

    return run


HOLDING = [
    ('value = 40, unit = "%"', "占40%。", "40%"),
    ('value = 40, unit = "%"', "占 ４０ ％。", "４０ ％"),
    ('value = 40, unit = "%"', "占百分之四十。", "百分之四十"),
    ('value = 20, unit = "点"', "满20 点升级。", "20 点"),
    ('value = 2200, unit = "元"', "工资2,200元。", "2,200元"),
    ('value = 3, unit = "次"', "连续三次。", "三次"),
    ('value = 2, unit = "周"', "试用两周。", "两周"),
    ('value = 0.5, unit = "个"', "扣除0.5个。", "0.5个"),
    ('value = -1, unit = "个"', "减少1个。", "1个"),
    ('value = 3, unit = "级"', "升到第三级为止。", "三级"),
    ('value = 1, unit = "个月"', "满 1 个月。", "1 个月"),
    ('value = 3, unit = "月"', "满三个月。", "三个月"),
    ('min = 600, max = 1000, unit = "元"', "奖600-1000元。", "600-1000元"),
    ('min = 600, max = 1000, unit = "元"', "奖600元至1000元。", "600元至1000元"),
    ('min = 15, max = 20, unit = "%"', "占15％～20％。", "15％～20％"),
    ('min = 15, max = 20, unit = "%"', "占百分之十五至二十。", "百分之十五至二十"),
    ('min = 1, max = 3, unit = "个月"', "见习一到三个月。", "一到三个月"),
    ('from = 20, to = 25, unit = "级"', "20—25级享受。", "20—25级"),
    ('from = 25, unit = "级"', "25级以上享受。", "25级"),
    ('from = 4, to = 8, value = 2, unit = "级"', "4~8年定2级。", "2级"),
    ('from = 4, to = 8, value = 2, unit = "级"', "定2级的要有4~8年。", "2级"),
    ('value = 20, unit = "点", words = "20分"', "用掉120分里的20 分。", "20 分"),
    ('value = 3, unit = "个月", words = "(3个月/6个月)"', "考核期（3个月／6个月）。", "（3个月／6个月）"),
]  # fmt: skip


def test_a_line_without_numbers_or_words_asks_nothing_of_the_text(tracing: Tracing) -> None:
    assert tracing('it = { title = "助理", clause = "1.1" }', "别的。") == ([], [])


@pytest.mark.parametrize(("figure", "clause", "words"), HOLDING)
def test_a_figure_holds_however_the_text_prints_it(
    tracing: Tracing, figure: str, clause: str, words: str
) -> None:
    traces, errors = tracing(f'it = {{ clause = "1.1", {figure} }}', clause)
    assert errors == []
    (found,) = traces
    assert (found.words, found.clause, found.figure, found.version) == (
        words, "made-up:1.1", "it", "2024-01-01",
    )  # fmt: skip
    assert clause[found.start : found.end] == words


DRIFTED = [
    ('value = 40, unit = "%"', "占41%。", "it is 40", "1.1 says 41%"),
    ('value = 20, unit = "点"', "满20分。", "it is 20点", "1.1 says 20分"),
    ('value = 3, unit = "个"', "满3个月。", "it is 3个", "1.1 says 3个月"),
    ('value = 3, unit = "级"', "1~3级。", "it is 3级", "1.1 says 1、3级"),
    ('value = 5, unit = "个"', "随便多少。", "it is 5个", "1.1 says no number"),
    ('value = 20, unit = "点", words = "20分"', "满25分。", "it is 20", "1.1 says 25分"),
    ('value = 20, unit = "点", words = "20分"', "满120分。", "it is 20", "1.1 says 120分"),
    ('value = 25, unit = "点", words = "20分"', "满20分。", "it is 25", "1.1 says 20分"),
    ('value = 2, unit = "", words = "两回三番"', "没有。", "it is 2", "1.1 does not say 两回三番"),
    ('value = 4, words = "(3个月/6个月)"', "（3个月／6个月）", "it is 4", "1.1 says （3个月／6个月）"),
    ('words = "8:00-12:00"', "8:30-12:00", "it is 8:00-12:00, which made-up:1.1 does not say", ""),
    ('min = 600, max = 1000, unit = "元"', "600-1100元。", "it.max is 1000", "1.1 says 600-1100元"),
    ('min = 600, max = 1000, unit = "元"', "600元、1000元。", "it is 600-1000元", "1.1 says 600元、1000元"),
    ('value = 1, unit = "级", also = ["1.2"]', "1级。", "it is 1级", "1.2 says no number"),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "clause", "given", "said"), DRIFTED)
def test_a_figure_that_the_clause_does_not_hold_is_an_error(
    tracing: Tracing, figure: str, clause: str, given: str, said: str
) -> None:
    _, errors = tracing(f'it = {{ clause = "1.1", {figure} }}', clause)
    assert [each.message for each in errors] == [f"{given}, but made-up:{said}" if said else given]


@pytest.mark.parametrize("clauses", ['clause = "7.7"', 'clause = "1.1", also = ["7.7"]'])
def test_a_clause_that_the_text_does_not_have_is_an_error(tracing: Tracing, clauses: str) -> None:
    _, (error,) = tracing(f'it = {{ value = 1, unit = "级", {clauses} }}', "1级。")
    assert error.message == "it names made-up:7.7, which the text does not have"
    assert str(error).splitlines()[2].endswith("~^")


def test_the_lines_of_an_array_stand_in_the_order_of_the_text(tracing: Tracing) -> None:
    line = '{{ value = {}, unit = "级", clause = "1.1" }}'
    lines = f"it = [{line}, {line}]"
    clause = "大专0级，本科1级。"
    assert tracing(lines.format(0, 1), clause)[1] == []
    assert tracing(lines.format(1, 0), clause)[1] != []
    (error,) = tracing(lines.format(1, 1), clause)[1]
    assert error.message == "it[0] is 1, but made-up:1.1 says 0级"


def test_a_clause_that_repeats_a_figure_is_quoted_too(tracing: Tracing) -> None:
    figure = 'it = { value = 20, unit = "点", clause = "1", words = "20分", also = ["1.1"] }'
    traces, errors = tracing(figure, "每满20点升级，用掉20分。")
    assert errors == []
    assert [(each.clause, each.words) for each in traces[0].also] == [("made-up:1.1", "20点")]


def test_a_version_that_the_text_has_left_behind_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "made-up.toml").write_text(
        "[[version]]\neffective = 2023-01-01\n"
        'it = { value = 1, unit = "级", clause = "1.1" }\n'
        "[[version]]\neffective = 2024-01-01\n"
        'it = { value = 2, unit = "级", clause = "1.1" }\n',
        encoding="utf-8",
    )
    text = "标题：虚构\n{}\n一、规则\n1、升2级。\n2、别的。\n"
    dated = parse(text.format("生效日期：2024-01-01\n"), "made-up")
    undated = parse(text.format(""), "made-up")
    traces, errors = trace({"made-up": dated}, tmp_path)
    assert ([each.version for each in traces], errors) == (["2024-01-01"], [])
    assert [each.line for each in trace({"made-up": undated}, tmp_path)[1]] == [3]


def test_a_broken_parameter_file_and_a_missing_text_are_errors(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[version]\n", encoding="utf-8")
    (tmp_path / "lonely.toml").write_text(
        '[[version]]\neffective = 2024-01-01\nit = { value = 1, clause = "1" }\n', encoding="utf-8"
    )
    (tmp_path / "silent.toml").write_text("", encoding="utf-8")
    _, errors = trace({}, tmp_path)
    assert ["broken.toml" in errors[0].file, "there is no text lonely" in errors[1].message] == [
        True
    ] * 2
    assert len(errors) == 2


def test_every_figure_of_the_handbook_is_traced() -> None:
    traces, errors = trace(DOCUMENTS)
    assert [str(each) for each in errors] == []
    for each in traces:
        clause = DOCUMENTS[each.policy].find(each.clause)
        assert clause is not None
        assert clause.full_text()[each.start : each.end] == each.words


def test_a_changed_parameter_fails_with_file_line_clause_figure_and_words(tmp_path: Path) -> None:
    text = (PARAMETERS / "rd-grades.toml").read_text(encoding="utf-8")
    changed = text.replace("points_per_grade = { value = 20,", "points_per_grade = { value = 25,")
    (tmp_path / "rd-grades.toml").write_text(changed, encoding="utf-8")
    _, errors = trace(DOCUMENTS, tmp_path)
    said = str(errors[0]).splitlines()
    assert said[0].endswith(
        "rd-grades.toml:14: points_per_grade is 25, but rd-grades:9.1 says 20分"
    )
    assert said[1].startswith("    points_per_grade = { value = 25,")
    assert (said[1].index("25"), said[2]) == (said[2].index("~"), " " * said[1].index("25") + "~^")
    clause = DOCUMENTS["rd-grades"].find("9.1")
    assert clause is not None
    assert said[3] == f"docs/policies/rd-grades.txt:{clause.line}: rd-grades:9.1"
    assert "20分" in said[4]
    assert errors[1].message == "points_per_grade is 25, but rd-grades:4.1.1 says 20点"


def test_a_changed_text_fails_with_file_line_clause_figure_and_words() -> None:
    source = DOCUMENTS["rd-grades"].source
    changed = parse(source.replace("1500-3000元", "1500-3500元"), "rd-grades")
    _, errors = trace(DOCUMENTS | {"rd-grades": changed})
    (error,) = errors
    assert error.message == "bonus[2].max is 3000, but rd-grades:5.1.1 says 1500-3500元"
    assert str(error).startswith(f"policy_core/parameters/rd-grades.toml:{error.line}: ")
    assert "1500-3500元" in error.quote


def test_the_mark_stands_under_the_figure_after_wide_characters(tracing: Tracing) -> None:
    _, errors = tracing(
        'it = { title = "工程师", value = 41, unit = "%", clause = "1.1" }', "占40%。"
    )
    _, source, mark, *_ = str(errors[0]).splitlines()
    assert mark.index("~") == source.index("41") + len("工程师")


def mutations() -> list[tuple[str, str, int]]:
    """Give every number of every parameter file, one more than it is: the policy, the text, the line."""
    found = []
    for path in sorted(PARAMETERS.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for key, place in value_places(text).items():
            if key[0] == "version" and key[-1] in NUMBERS:
                more = Fraction(text[place.start : place.end]) + 1
                printed = str(more if more.denominator == 1 else float(more))
                changed = text[: place.start] + printed + text[place.end :]
                found.append((path.stem, changed, line_of(text, place.start)))
    return found


@pytest.mark.parametrize(("policy", "changed", "line"), mutations())
def test_no_changed_parameter_slips_through(
    tmp_path: Path, policy: str, changed: str, line: int
) -> None:
    (tmp_path / f"{policy}.toml").write_text(changed, encoding="utf-8")
    _, errors = trace(DOCUMENTS, tmp_path)
    assert line in {each.line for each in errors}


def quotes_of(found: Trace) -> list[Trace | Quote]:
    """Give every place where a text holds a figure."""
    return [found, *found.also]


@pytest.mark.parametrize(
    ("found", "quote"),
    [
        (found, quote)
        for found in trace(DOCUMENTS)[0]
        for quote in quotes_of(found)
        if not find_numbers(quote.words)  # test_every_numeral.py changes every number of a text
    ],
    ids=lambda each: getattr(each, "figure", None) or each.clause,
)
def test_no_changed_words_slip_through(found: Trace, quote: Trace | Quote) -> None:
    changed = with_other_words(DOCUMENTS[found.policy], quote)
    _, errors = trace(DOCUMENTS | {found.policy: changed})
    assert found.figure in {each.figure for each in errors}


def with_other_words(document: Document, found: Trace | Quote) -> Document:
    """Put other words in the place of a figure's in the text, and change nothing else."""
    clause = document.find(found.clause)
    assert clause is not None
    before = clause.full_text()[: found.start].count(found.words)
    at = clause.start - 1
    for _ in range(before + 1):
        at = document.source.index(found.words, at + 1)
    source = document.source[:at] + "别的" + document.source[at + len(found.words) :]
    return parse(source, document.policy)
