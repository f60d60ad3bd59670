"""Splitting a collection: what a heading is, what is written, what is refused."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.collection import (
    CollectionError,
    find_parts,
    import_collection,
    split_collection,
)
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


PLAIN = {
    "一、 begins anew below each name": (
        "工时办法\n一、甲\n二、乙\n差旅制度（试行）\n一、丙\n1、子\n2、丑\n二、丁\n《保密守则》\n一、戊\n二、己\n",
        ["工时办法", "差旅制度（试行）", "保密守则"], [],
    ),
    "each counts in its own way, and the one above has ended": (
        ("某公司规章汇编\n二〇二四年\n工时办法\n第一章 总则\n第一条 甲。\n第二条 本办法由人事部负责解释。\n"
        "差旅制度\n一、丙\n二、即日起执行。\n安全规定\n1. 丁\n2. 戊\n"),
        ["工时办法", "差旅制度", "安全规定"], [],
    ),
    "the names stand in the contents too": (
        ("汇编\n目录\n用车办法\n印章规定\n\n用车办法\n第一条 甲\n第二条 见\n印章规定\n第三条 乙\n"
        "印章规定\n第一条 丙\n第二条 丁\n"),
        ["用车办法", "印章规定"], [],
    ),
    "articles run on through the chapters of each": (
        "用车办法\n第一章 甲\n第一条 子\n第二章 乙\n第二条 丑\n采 购 规 定\n第一条 丙\n第二条 丁\n",
        ["用车办法", "采购规定"], [],
    ),
    "1、 begins anew after a blank line": (
        "门卫制度\n1、甲\n2、乙\n\n食堂规定\n1、丙\n2、丁\n", ["门卫制度", "食堂规定"], [],
    ),
    "1、 without a blank line may be a list in the text": (
        "门卫制度\n1、甲\n2、乙\n食堂规定\n1、丙\n2、丁\n", ["门卫制度"], [4],
    ),
    "headings without numbers stand over lists of their own": (
        "客服办法\n职责\n1、甲\n2、乙\n\n考核标准\n1、丙\n2、丁\n纪律\n1、戊\n2、己\n",
        ["客服办法"], [6],
    ),
    "the numbers above go on below": (
        "手册\n第一章 甲\n一、子\n二、丑\n第二章 乙\n考勤制度\n一、寅\n二、卯\n第三章 丙\n",
        ["手册"], [],
    ),
    "a name in a sentence begins nothing": (
        "工时办法\n一、参照\n加班制度\n二、甲\n三、乙\n", ["工时办法"], [],
    ),
    "an annex belongs to its text": (
        "采购办法\n一、甲\n二、乙\n附件：\n评分细则\n一、丙\n二、丁\n", ["采购办法"], [],
    ),
    "a list of another kind may stand in the last article": (
        "考核办法\n第一条 甲\n第二条 乙\n评分标准\n一、丙\n二、丁\n", ["考核办法"], [4],
    ),
    "laws and what explains them": (
        "道路法\n第一条 甲\n第二条 乙\n关于适用《道路法》的解释（二）\n第一条 丙\n第二条 丁\n",
        ["道路法", "关于适用《道路法》的解释（二）"],
        [],
    ),
    "what is no policy's name may be a title": (
        "工时办法\n一、甲\n二、乙\n客服岗位职责\n一、丙\n二、丁\n差旅制度\n一、戊\n二、己\n",
        ["工时办法", "差旅制度"], [4],
    ),
    "names over texts without numbers": (
        "某公司汇编\n考勤制度\n\n用车办法\n按时打卡。\n考勤制度\n准时上班。\n用车办法\n先申请。\n",
        ["某公司汇编"], [8],
    ),
    "a text without numbers above one with numbers": (
        "用车办法\n先申请。\n\n考勤制度\n一、甲\n二、乙\n", ["用车办法"], [4],
    ),
    "names that are options, or in a sentence, or in a numbered text": (
        "考勤规定\n依照\n工作规范\n打卡。\nA.操作规程\nB.安全守则\n一、甲。\n评分标准\n优良。\n二、乙\n",
        ["考勤规定"], [],
    ),
    "what each page prints at its head begins nothing": (
        "某公司\n一、甲\n二、乙\n某公司\n三、丙\n某公司\n四、丁\n", ["某公司"], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "titles", "doubts"), PLAIN.values(), ids=PLAIN)
def test_titles_that_nothing_marks(text: str, titles: list[str], doubts: list[int]) -> None:
    parts, doubtful = find_parts(text)
    assert [part.title for part in parts] == titles
    assert [heading.line + 1 for heading in doubtful] == doubts


@given(
    st.lists(
        st.sampled_from(
            [
                "考勤制度\n",
                "《用车办法》\n",
                "一、甲\n",
                "二、乙\n",
                "第一条 丙\n",
                "1、丁\n",
                "职责\n",
                "附件：\n",
                "第 1 页\n",
                "\n",
                "　",
                "\ufeff",
                "\u2028",
                "\0",
                "# ",
                "第1篇\n",
                "解释权归公司。\n",
            ]
        ),
        max_size=40,
    )
)
def test_any_text_is_split_in_order_and_keeps_its_words(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts, doubts = find_parts(text)
    starts = [part.line for part in parts]
    assert starts == sorted(set(starts))
    assert all(1 <= heading.line + 1 <= text.count("\n") + 1 for heading in doubts)
    before = "".join(text.split("\n")[: starts[0] - 1])
    kept = before + "".join(part.heading + part.text for part in parts)
    assert re.sub(r"[\s#*=\u200b\ufeff]", "", kept) == re.sub(r"[\s#*=\u200b\ufeff]", "", text)


def test_the_report_names_what_may_be_a_title(tmp_path: Path) -> None:
    text = PLAIN["what is no policy's name may be a title"][0]
    told = list(import_collection(collection(tmp_path, text), tmp_path / "texts").lines())
    assert "第 4 行“客服岗位职责”可能是另一篇的标题" in told[-2]
    assert "前面加上“# ”" in told[-1]


def test_the_report_of_one_text_that_may_be_several_says_so(tmp_path: Path) -> None:
    for name, told in (
        ("names over texts without numbers", True),
        ("an annex belongs to its text", False),
    ):
        path = collection(tmp_path, PLAIN[name][0])
        lines = list(import_collection(path, tmp_path / name).lines())
        assert any("整份文件仍是一篇" in line for line in lines) is told
        assert any("前面加上“# ”" in line for line in lines) is told


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
