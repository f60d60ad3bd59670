"""Drawings and tables of the rules: every number in them is the parameter's, and everyone can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from html import unescape
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policy_core
from build_scripts.drawings import (
    NARROW,
    WIDE,
    Chart,
    Ladder,
    Level,
    Picture,
    Process,
    Row,
    Span,
    Stage,
    Words,
    measured,
    wrapped,
)
from build_scripts.figures import decimal
from build_scripts.pages import Handbook, environment, load_handbook, render
from build_scripts.topics import (
    TOPICS,
    Figures,
    Topic,
    holes,
    hours_of,
    topics_beside,
    topics_of,
    untold,
)
from policy_core._versions import Figure

ROOT = Path(__file__).resolve().parent.parent.parent
DRAWN = [each for each in TOPICS if each.sketch]
# What stands in a drawing's table alone: no bar or step shows it.
IN_THE_TABLE = {"peers_scale", "classes"}
PAGE = (
    '{% from "diagram/figure.html" import drawing %}'
    '{% call drawing(topic, figures) %}{% include "table/topic.html" %}{% endcall %}'
)


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load_handbook(ROOT / "docs")


@pytest.fixture(scope="module")
def pages(handbook: Handbook) -> dict[str, str]:
    return {each.path: each.content for each in render(handbook)}


def figures_of(policy: str) -> Figures:
    """Give the figures in force."""
    return policy_core.policy(policy).versions[-1].figures


def shown(handbook: Handbook, topic: Topic, figures: Figures) -> str:
    """Render a topic, its drawing too where it has one."""
    template = PAGE if topic.sketch else '{% include "table/topic.html" %}'
    link = partial(handbook.link, base="../../")
    return environment().from_string(template).render(
        topic=topic, figures=figures, handbook=handbook, base="../../", link=link
    )  # fmt: skip


def words_of(markup: str) -> str:
    """Give the words of markup as a reader sees them."""
    return unescape(re.sub(r"<[^>]+>", " ", markup))


def changed(figures: Figures, names: set[str]) -> Iterator[tuple[str, Figures]]:
    """Change every number of some figures, one at a time; a figure without one changes its time of day."""
    for name in sorted(names):
        lines = figures[name]
        for at, line in enumerate(lines):
            for what, other in other_lines(line):
                yield (
                    f"{name}[{at}].{what}",
                    {**figures, name: (*lines[:at], other, *lines[at + 1 :])},
                )


def other_lines(line: Figure) -> Iterator[tuple[str, Figure]]:
    """Change a line in one place."""
    for key, value in line.numbers.items():
        yield key, replace(line, numbers={**line.numbers, key: value + Fraction(1, 2)})
    if ":" in line.words or "：" in line.words:
        later = re.sub(r"^\d+", lambda found: str(int(found[0]) + 1), line.words)
        yield "words", replace(line, words=later)
    if "who" in line.texts:
        yield "who", replace(line, texts={**line.texts, "who": "别人"})


def pictures(topic: Topic, figures: Figures) -> tuple[Picture, Picture]:
    """Draw a topic for both widths."""
    assert topic.sketch
    sketch = topic.sketch(figures)
    return sketch.picture(wide=True), sketch.picture(wide=False)


def test_every_figure_of_a_policy_with_a_topic_is_told() -> None:
    for policy in {each.policy for each in TOPICS}:
        figures = figures_of(policy)
        assert {name for each in topics_of(policy, figures) for name in each.figures} == {*figures}


def test_every_calculator_has_its_rules_beside_it_and_none_is_told_twice_over() -> None:
    for calculator in policy_core.calculators():
        topics = topics_beside(calculator, figures_of(calculator.policy))
        assert topics
        assert len(topics) == len({each.id for each in topics})
        assert untold(calculator, topics) == set()
        assert {*calculator.figures} & {*topics[0].figures}


def test_a_figure_of_no_topic_is_listed_as_before() -> None:
    calculator = policy_core.calculator("seat-check")
    figures = {name: each for name, each in figures_of("call-centre").items() if name != "around"}
    topics = topics_beside(calculator, figures)
    assert [each.id for each in topics] == ["seats"]
    assert untold(calculator, topics) == {"manned", "around"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_a_topic_shows_each_number_of_its_figures(handbook: Handbook, topic: Topic) -> None:
    figures = figures_of(topic.policy)
    words = words_of(shown(handbook, topic, figures))
    numbers = {
        value for name in topic.figures for line in figures[name] for value in line.numbers.values()
    }
    assert {
        each for each in numbers if not re.search(rf"(?<![\d.]){decimal(each)}(?![\d.])", words)
    } == set()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_a_topic_changes_with_each_of_its_figures(handbook: Handbook, topic: Topic) -> None:
    figures = figures_of(topic.policy)
    before = shown(handbook, topic, figures)
    same = [
        place for place, other in changed(figures, {*topic.figures})
        if shown(handbook, topic, other) == before
    ]  # fmt: skip
    assert same == []


@pytest.mark.parametrize("topic", DRAWN, ids=lambda topic: topic.id)
def test_a_drawing_of_either_width_and_its_words_change_with_each_figure_drawn(
    topic: Topic,
) -> None:
    figures = figures_of(topic.policy)
    assert topic.sketch
    told = topic.sketch(figures).description()
    wide, narrow = pictures(topic, figures)
    places = 0
    for place, other in changed(figures, {*topic.figures} - IN_THE_TABLE):
        places += 1
        assert topic.sketch(other).description() != told, place
        assert pictures(topic, other)[0] != wide, place
        assert pictures(topic, other)[1] != narrow, place
    assert places


def test_steps_are_as_high_and_bars_as_long_as_the_pay() -> None:
    (topic,) = [each for each in TOPICS if each.id == "ladder"]
    figures = figures_of("service-ladder")
    pay = [each.numbers["value"] for each in figures["pay"]]
    wide, narrow = pictures(topic, figures)
    heights = [each.height for each in wide.boxes]
    lengths = [each.width for each in reversed(narrow.boxes)]
    for sizes in (heights, lengths):
        assert [size / sizes[0] for size in sizes] == pytest.approx(
            [float(each / pay[0]) for each in pay]
        )


def test_the_holes_of_a_day_are_those_that_no_shift_covers() -> None:
    def hour(text: str) -> Fraction:
        hours, _, minutes = text.partition(":")
        return Fraction(int(hours)) + Fraction(int(minutes), 60)

    (topic,) = [each for each in TOPICS if each.id == "shop-day"]
    figures = figures_of("online-store-service")
    assert topic.sketch
    chart = topic.sketch(figures)
    assert isinstance(chart, Chart)
    assert [(each.start, each.end) for each in chart.zones] == [
        (hour("12:00"), hour("12:30")), (hour("18:00"), hour("18:30")),
    ]  # fmt: skip
    day, duty, weekend = figures["shifts"]
    earlier = replace(duty, words=duty.words.replace("12:30", "12:00"))
    closed = topic.sketch({**figures, "shifts": (day, earlier, weekend)})
    assert isinstance(closed, Chart)
    assert [each.label for each in closed.zones] == ["18:00–18:30 没有班"]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4)), min_size=1, max_size=8))
def test_holes_and_shifts_together_fill_the_day_without_touching(
    spans: list[tuple[int, int]],
) -> None:
    rows = [
        Row(label="", spans=(Span(Fraction(at), Fraction(at + length)),)) for at, length in spans
    ]
    covered = {hour for at, length in spans for hour in range(at, at + length)}
    open_hours = {hour for start, end in holes(rows) for hour in range(int(start), int(end))}
    first, last = min(covered), max(covered)
    assert open_hours == set(range(first, last + 1)) - covered


def test_times_of_day_are_read_from_the_words_of_the_text() -> None:
    figure = figures_of("call-centre")["around"][0]
    assert hours_of(figure) == [(Fraction(9), Fraction(19, 2))]


# ---- Legible ----------------------------------------------------------------------------------------


def extent(words: Words) -> tuple[float, float]:
    """Give where words begin and end on their line."""
    width = measured(words.text)
    start = words.x - width * {"start": 0, "middle": 0.5, "end": 1}[words.anchor]
    return start, start + width


def misplaced(picture: Picture) -> list[str]:
    """Give the words that leave the drawing, or run into others."""
    wrong = []
    for each in picture.words:
        start, end = extent(each)
        if start < -0.5 or end > picture.width + 0.5 or not 0 < each.y <= picture.height:
            wrong.append(each.text)
    for one, other in combinations(picture.words, 2):
        (a, b), (c, d) = extent(one), extent(other)
        if abs(one.y - other.y) < 12 and a < d - 0.5 and c < b - 0.5:
            wrong.append(f"{one.text} / {other.text}")
    return wrong


@pytest.mark.parametrize("topic", DRAWN, ids=lambda topic: topic.id)
def test_no_words_leave_a_drawing_or_run_into_others(topic: Topic) -> None:
    wide, narrow = pictures(topic, figures_of(topic.policy))
    assert (wide.width, narrow.width) == (WIDE, NARROW)
    assert misplaced(wide) == []
    assert misplaced(narrow) == []


CHINESE = st.text("级客服主管高初中", min_size=1, max_size=5)


CONDITION = st.text("入职满个月 12A", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(
    st.lists(
        st.tuples(CHINESE, st.integers(1, 9999), st.lists(CONDITION, max_size=6)),
        min_size=2,
        max_size=6,
    )
)
def test_a_ladder_has_room_for_the_words_in_each_step(
    levels: list[tuple[str, int, list[str]]],
) -> None:
    ladder = Ladder(
        levels=tuple(
            Level(title=title, amount=Fraction(pay), label=f"{pay} 元", conditions=tuple(told))
            for title, pay, told in levels
        ),
        fall="",
    )
    picture = ladder.picture(wide=True)
    for box in picture.boxes:
        inside = [
            each.y
            for each in picture.words
            if box.x < each.x < box.x + box.width and each.y > box.y
        ]
        assert max(inside, default=0) <= box.y + box.height


@given(st.text("部门负责人、，。12 345A元", min_size=1, max_size=60), st.integers(60, 300))
def test_wrapping_loses_no_word_and_breaks_no_number(text: str, width: int) -> None:
    lines = wrapped([text], width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    numbers = re.findall(r"[0-9A]+", text)
    assert [found for line in lines for found in re.findall(r"[0-9A]+", line)] == numbers


def test_a_process_without_spans_of_time_has_no_line_for_them() -> None:
    stages = (Stage(title="甲", who="乙"), Stage(title="丙", who="丁"))
    timed = (*stages[:1], Stage(title="丙", who="丁", time="1 天"))
    plain, long = (Process(stages=each).picture(wide=True) for each in (stages, timed))
    assert plain.height < long.height


# ---- For every reader -------------------------------------------------------------------------------


def test_each_drawing_has_a_title_and_a_description_of_its_own(pages: dict[str, str]) -> None:
    seen = 0
    for text in pages.values():
        ids = re.findall(r'\sid="([^"]+)"', text)
        for svg in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
            seen += 1
            assert 'role="img"' in svg
            (names,) = re.findall(r'aria-labelledby="([^"]+)"', svg)
            for name, element in zip(names.split(), ("title", "desc"), strict=True):
                (words,) = re.findall(rf'<{element} id="{name}">([^<]+)</{element}>', svg)
                assert words.strip()
            for name in [*names.split(), *re.findall(r"url\(#([^)]+)\)", svg)]:
                assert ids.count(name) == 1
    assert seen == 2 * len(DRAWN)


def test_ids_are_unique_and_nothing_needs_a_style_or_a_script(pages: dict[str, str]) -> None:
    for topic in TOPICS:
        text = pages[f"policies/{topic.policy}.md"]
        drawn = [
            *re.findall(r"<figure.*?</figure>", text, re.DOTALL),
            *re.findall(r'<div class="rules">.*?</div>', text, re.DOTALL),
        ]
        assert drawn
        for each in drawn:
            assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:", each)
        ids = re.findall(
            r'\sid="([^"]+)"', re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL)
        )
        assert len(ids) == len(set(ids)), topic.policy


def test_a_table_stands_behind_each_drawing_and_names_its_clauses(pages: dict[str, str]) -> None:
    for topic in DRAWN:
        text = pages[f"policies/{topic.policy}.md"]
        (figure,) = re.findall(
            rf'<figure class="drawing" id="drawing-{topic.id}">.*?</figure>', text, re.DOTALL
        )
        assert "看成表格" in figure
        assert "<caption>" in figure
        assert f'href="../../policies/{topic.policy}/#c-' in figure


def test_a_table_without_a_drawing_stands_at_its_clause_or_the_nearest_one(
    handbook: Handbook,
) -> None:
    for topic in TOPICS:
        places = [
            clause for clause, tables in handbook.tables_after(topic.policy).items() if topic in tables
        ]  # fmt: skip
        assert places == ([] if topic.sketch else [f"{topic.policy}:{topic.clause}"])
    without = replace(handbook, documents={}, texts={})
    assert [*without.tables_after("rd-grades")] == [""]


def test_the_doubts_beside_a_table_are_findings_of_its_policy() -> None:
    for topic in TOPICS:
        for each in topic.doubts:
            assert policy_core.policy(topic.policy).finding(each)
