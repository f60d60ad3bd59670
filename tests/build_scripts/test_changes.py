"""What changed between two versions, in words and as a diff; and which text of a folder is which version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from build_scripts.changes import Change, changed_clauses, changed_figures
from build_scripts.figures import trace
from build_scripts.outline import parse
from build_scripts.pages import load_handbook
from build_scripts.texts import load_texts

ROOT = Path(__file__).resolve().parent.parent.parent
OLD = "一、规则\n1、少于或等于5个的作废。\n2、不变。\n"

WORDS = [
    ("少于或等于6个的作废。", "5 个 改为 6 个"),
    ("少于或等于5点的作废。", "“个” 改为 “点”"),
    ("少于或等于5个的照算。", "“作废” 改为 “照算”"),
    ("少于或等于5个的，当场作废。", "加上“，当场”"),
    ("少于5个的作废。", "去掉“或等于”"),
    ("不到10个的就作废了。", "“少于或等于5” 改为 “不到10”，加上“就”，加上“了”"),
]


def changes(old: str, new: str) -> list[Change]:
    """Compare two invented texts."""
    return list(changed_clauses(parse(old, "made-up"), parse(new, "made-up")))


@pytest.mark.parametrize(("words", "says"), WORDS)
def test_a_changed_clause_is_told_in_words(words: str, says: str) -> None:
    (change,) = changes(OLD, OLD.replace("少于或等于5个的作废。", words))
    assert (change.kind, change.clause.path, change.says) == ("changed", "1.1", says)


def test_the_words_then_and_now_stand_beside_with_their_marks() -> None:
    (change,) = changes(OLD, OLD.replace("5个", "6 个<b>"))
    assert change.was == "少于或等于<del>5个</del>的作废。"
    assert change.now == "少于或等于<ins>6 个&lt;b&gt;</ins>的作废。"


def test_a_clause_that_is_rewritten_all_over_is_told_as_such() -> None:
    old = "一、" + "，".join("甲乙丙丁戊"[:4] + sign for sign in "一二三四五六") + "。\n二、乙。\n"
    (change,) = changes(old, old.replace("甲", "申"))
    assert change.says == "改写了 6 处"


def test_clauses_that_came_went_and_moved_are_told_apart() -> None:
    old = "一、规则\n1、甲。\n2、乙。\n3、丙。\n4、丁。\n"
    new = "一、规则\n1、甲。\n2、新。\n3、乙。\n4、丁。\n"
    assert [(each.kind, each.clause.path, each.says) for each in changes(old, new)] == [
        ("added", "1.2", "新加的一条"),
        ("moved", "1.3", "编号由 一.2 改为 一.3，文字没变"),
    ]
    gone = changes(old, "一、规则\n1、甲。\n3、丙。\n4、丁。\n")
    assert [(each.kind, each.clause.path, each.was) for each in gone] == [
        ("gone", "1.2", "<del>乙。</del>")
    ]


def test_a_line_broken_anew_and_other_front_lines_are_no_change() -> None:
    front = "标题：虚构\n生效日期：2024-01-01\n简介：一\n\n一、甲 乙。\n二、丙。\n"
    assert changes(front, front.replace("简介：一", "简介：二").replace("甲 乙", "甲\n乙")) == []


def test_figures_are_compared_by_their_numbers(tmp_path: Path) -> None:
    versions = "".join(
        f"[[version]]\neffective = {year}-01-01\n"
        f'a = {{ value = {value}, unit = "级", clause = "1.1" }}\n{more}'
        for year, value, more in (
            (2024, 1, 'b = { value = 2, unit = "级", clause = "1.2" }\n'),
            (2025, 3, 'c = { value = 4, unit = "级", clause = "1.2" }\n'),
        )
    )
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters/made-up.toml").write_text(versions, encoding="utf-8")
    for name, day, first, second in (
        ("made-up@old.txt", "2024-01-01", 1, 2),
        ("made-up.txt", "2025-01-01", 3, 4),
    ):
        text = f"标题：虚构\n生效日期：{day}\n\n一、规则\n1、升{first}级。\n2、降{second}级。\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    texts, problems = load_texts(tmp_path)
    old, new = texts["made-up"]
    assert (problems, old.path.name, old.until, new.until) == (
        [], "made-up@old.txt", "2024-12-31", "",
    )  # fmt: skip
    traces, errors = trace(
        {"made-up": new.document}, tmp_path / "parameters", None, {"made-up": (old,)}
    )
    assert errors == []
    assert [(each.version, each.text, each.words) for each in traces] == [
        ("2024-01-01", "2024-01-01", "1级"), ("2024-01-01", "2024-01-01", "2级"),
        ("2025-01-01", "2025-01-01", "3级"), ("2025-01-01", "2025-01-01", "4级"),
    ]  # fmt: skip
    told = [
        (each.trace.figure, each.before and each.before.words, each.after and each.after.words)
        for each in changed_figures(traces[:2], traces[2:])
    ]
    assert told == [("a", "1级", "3级"), ("b", "2级", None), ("c", None, "4级")]


def test_figures_that_a_new_text_keeps_are_held_against_it_too(tmp_path: Path) -> None:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters/made-up.toml").write_text(
        '[[version]]\neffective = 2024-01-01\na = { value = 1, unit = "级", clause = "1" }\n',
        encoding="utf-8",
    )
    for name, day, value in (("a.txt", "2024-01-01", 1), ("b.txt", "2025-01-01", 2)):
        text = f"标题：虚构\n编号：made-up\n生效日期：{day}\n\n一、升{value}级。\n二、别的。\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    texts, _ = load_texts(tmp_path)
    old, new = texts["made-up"]
    _, errors = trace({"made-up": new.document}, tmp_path / "parameters", None, {"made-up": (old,)})
    assert [each.message for each in errors] == ["a is 1, but made-up:1 says 2级"]


DATES = [
    ("2024-01-01", "2024-01-01", "编号 made-up 已经有另一篇在用，一个编号只能有一篇"),
    ("2024-01-01", "2025年1月1日", "生效日期写的是“2025年1月1日”，应是 2024-01-31 这样的日期"),
    ("2024-01-01", "", "生效日期没有写，应是 2024-01-31 这样的日期"),
    ("去年", "2025-01-01", "生效日期写的是“去年”"),
]


@pytest.mark.parametrize(("first", "second", "message"), DATES)
def test_two_texts_that_cannot_be_told_apart_are_refused(
    tmp_path: Path, first: str, second: str, message: str
) -> None:
    for name, day in (("a.txt", first), ("b.txt", second)):
        line = f"生效日期：{day}\n" if day else ""
        text = f"标题：虚构\n编号：made-up\n{line}\n一、甲。\n二、乙。\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    texts, (problem,) = load_texts(tmp_path)
    assert (problem.path.name, len(texts["made-up"])) == ("b.txt", 1)
    assert message in problem.message


def test_words_that_change_under_the_same_figures_are_a_version_of_their_own(
    tmp_path: Path,
) -> None:
    docs = Path(shutil.copytree(ROOT / "docs", tmp_path / "docs"))
    file = docs / "policies" / "transfers.txt"
    shutil.copy(file, docs / "policies" / "transfers@2024-01-01.txt")
    text = file.read_text(encoding="utf-8").replace("生效日期：2024-01-01", "生效日期：2024-07-01")
    file.write_text(text.replace("先要有岗位空着", "先要有空缺"), encoding="utf-8")
    handbook = load_handbook(docs)
    assert handbook.spans("transfers") == [
        ("2024-01-01", "2024-06-30", "2024-01-01"),
        ("2024-07-01", "", "2024-07-01"),
    ]
    assert handbook.spans("rd-grades") == [("2024-01-01", "", "2024-01-01")]
    assert handbook.past_traces == ()
    (event,) = handbook.events
    assert [(each.clause.path, each.says) for each in event.clauses] == [
        ("2.2.1", "“岗位空着” 改为 “空缺”")
    ]
    assert event.figures == ()
    assert handbook.link("transfers:2.2.1", "", "2024-01-01").href == (
        "policies/transfers/2024-01-01/#c-2-2-1"
    )
