"""Splitting a collection: what a heading is, what is written, what is refused."""

import re
from pathlib import Path

import pytest

from build_scripts.collection import CollectionError, import_collection, split_collection
from build_scripts.source import load

COLLECTION = """制度汇编(精选3篇)
晋升制度 第1篇
组长办法
岗位职责：
●甲；
●乙。
晋升制度 第2篇
一、目的
依照第1篇执行。
考勤制度 第3篇
一、时间
二、请假
"""


def test_numbered_headings_begin_the_texts() -> None:
    parts = split_collection(COLLECTION)
    assert [(part.title, part.line) for part in parts] == [
        ("组长办法", 2), ("晋升制度", 7), ("考勤制度", 10),
    ]  # fmt: skip
    assert parts[1].text == "一、目的\n依照第1篇执行。\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("篇一：甲制度\n一、子\n篇二：乙制度\n一、丑\n", ["甲制度", "乙制度"]),
        ("【第一篇】甲制度\n一、子\n【第二篇】乙制度\n一、丑\n", ["甲制度", "乙制度"]),
        ("甲制度（1）\n一、子\n甲制度（2）\n一、丑\n", ["甲制度", "甲制度"]),
        ("甲制度\n一、子\n\n甲制度\n一、丑\n", ["甲制度", "甲制度"]),
        ("# 甲\n一、子\n# 乙\n一、丑\n", ["甲", "乙"]),
        ("甲制度\n一、子\n二、丑\n", ["甲制度"]),
        ("一、子\n二、丑\n", ["未命名"]),
        ("", ["未命名"]),
    ],
)
def test_other_ways_to_begin_a_text(text: str, titles: list[str]) -> None:
    assert [part.title for part in split_collection(text)] == titles


def collection(folder: Path, text: str = COLLECTION) -> Path:
    path = folder / "collection.txt"
    path.write_text(text, "utf-8")
    return path


def test_each_text_gets_a_file_with_front_lines(tmp_path: Path) -> None:
    into = tmp_path / "new" / "texts"
    report = import_collection(collection(tmp_path), into, ["leader", "ladder", "hours"])
    assert sorted(path.name for path in into.iterdir()) == ["hours.txt", "ladder.txt", "leader.txt"]
    document = load(into / "ladder.txt")
    assert (document.policy, document.title) == ("ladder", "晋升制度")
    assert document.find("1") is not None
    assert any("第 7 行《晋升制度》" in line for line in report.lines())
    assert report.before == "制度汇编(精选3篇)"


def test_no_words_are_lost(tmp_path: Path) -> None:
    report = import_collection(collection(tmp_path), tmp_path / "texts")
    written = "".join(each.path.read_text("utf-8") for each in report.files)
    for line in COLLECTION.splitlines()[1:]:
        assert line in written
    assert [each.path.name for each in report.files] == ["1.txt", "2.txt", "3.txt"]


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    path, into = collection(tmp_path), tmp_path / "texts"
    import_collection(path, into)
    (into / "2.txt").unlink()
    report = import_collection(path, into)
    assert [each.state for each in report.files] == ["same", "new", "same"]


def test_a_differing_file_stops_the_import_before_anything_is_written(tmp_path: Path) -> None:
    into = tmp_path / "texts"
    into.mkdir()
    (into / "2.txt").write_text("mine", "utf-8")
    (into / "3.txt").mkdir()
    with pytest.raises(CollectionError, match=re.escape("2.txt")) as caught:
        import_collection(collection(tmp_path), into)
    assert "3.txt" in str(caught.value)
    assert sorted(path.name for path in into.iterdir()) == ["2.txt", "3.txt"]
    assert (into / "2.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a", "b"], "给了 2 个编号，文件里有 3 篇"),
        (["a", "b", "../c"], "编号只能用"),
        (["a", "b", "A"], "编号重复"),
    ],
)
def test_ids_that_do_not_fit(tmp_path: Path, ids: list[str], message: str) -> None:
    with pytest.raises(CollectionError, match=message):
        import_collection(collection(tmp_path), tmp_path / "texts", ids)
    assert not (tmp_path / "texts").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("a file", "utf-8")
    with pytest.raises(CollectionError, match="写不进去"):
        import_collection(collection(tmp_path), tmp_path / "texts")


def test_a_file_with_nothing_in_it_is_no_collection(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n\n", encoding="utf-8")
    with pytest.raises(CollectionError, match="里面没有内容"):
        import_collection(tmp_path / "empty.txt", tmp_path / "into")
    assert not (tmp_path / "into").exists()
