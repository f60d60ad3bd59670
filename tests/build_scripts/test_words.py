"""Labels: what a file of labels may hold, and the word for what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts import checks, words
from build_scripts.words import FOLDER, LabelError, cases, example, parse_labels

TEXT = (FOLDER / "service-eligibility.toml").read_text(encoding="utf-8")
TENURE = "[outcome.conditions.items.tenure]\n"


def test_the_entries_of_a_list_have_words_of_their_own() -> None:
    labels = parse_labels("service-eligibility", TEXT)
    entries = labels.outcome["conditions"]["items"]
    assert entries["tenure"]["label"] == "入职时间"


def test_a_file_of_labels_may_do_without_a_chart() -> None:
    without = TEXT.replace('[chart]\nover = "monthly_ranks"\nof = "eligible"\n', "")
    assert without != TEXT
    assert parse_labels("service-eligibility", without).chart == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (TENURE, TENURE + "unit = '个月'\n", "outcome.conditions.items.tenure: unknown unit"),
        (
            TENURE + 'label = "入职时间"\n',
            TENURE,
            "outcome.conditions.items.tenure: label is missing",
        ),
        (TENURE + 'label = "入职时间"', TENURE + "label = 3", "label must be text"),
        ('over = "monthly_ranks"', 'over = "ranks"', "chart.over names ranks, which has no label"),
        ('of = "eligible"', 'of = "rank"', "chart.of names rank, which has no label"),
        ('of = "eligible"\n', "", "chart: of is missing"),
        (
            "[inputs.violations]",
            "[inputs.violations]\nwas = ['level']",
            "was: level is the name of",
        ),
        ("[inputs.violations]", "[inputs.violations]\nwas = 'a'", "was must be a list"),
        ("facts = [", 'facts = ["reason", ', "facts names reason, which has no label"),
        ("{next_level}的条件，也", "{level}的条件，也", "headline 1 names level"),
    ],
)
def test_labels_that_fit_no_rule_are_told_with_their_key(old: str, new: str, words: str) -> None:
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    with pytest.raises(LabelError) as caught:
        parse_labels("service-eligibility", changed)
    assert words in str(caught.value)
    assert str(caught.value).startswith("calculators/service-eligibility.toml: ")


CASES = """
[[case]]
input = { points = -1 }
errors = ["points"]

[[case]]
input = { points = 3, day = 2024-02-29 }
"""


def test_the_example_is_the_first_case_with_an_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "x.toml").write_text(CASES, encoding="utf-8")
    monkeypatch.setattr(words, "CASES", tmp_path)
    right = {"points": 3, "day": "2024-02-29"}
    assert example("x") == right
    assert cases("x") == [right]
    assert cases("x", wrong=True) == [{"points": -1}, right]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (None, "No such file"),
        (b"[[case", "at end of document"),
        (b"\xff", "utf-8"),
        (b"", "no case has an answer"),
        (b'[[case]]\ninput = {}\nerrors = ["points"]\n', "no case has an answer"),
    ],
)
def test_a_table_without_an_example_is_told_with_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, table: bytes | None, told: str
) -> None:
    for each in words.CASES.glob("*.toml"):
        (tmp_path / each.name).write_bytes(each.read_bytes())
    place = tmp_path / "seat-check.toml"
    place.unlink()
    if table is not None:
        place.write_bytes(table)
    monkeypatch.setattr(words, "CASES", tmp_path)
    (item,) = checks.label_errors()
    assert (item.severity, item.file) == ("error", "tests/cases/seat-check.toml")
    assert item.message.startswith(f"{item.file}: ")
    assert told in item.message
