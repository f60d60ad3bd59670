"""References that lead nowhere, and those that do or that nobody here can judge."""

from __future__ import annotations

import pytest

from build_scripts.outline import parse
from build_scripts.references import dead_references

ARTICLES = "标题：虚构的制度\n\n第一章 总则\n第一条 {}\n第二条 别的。\n第三条之一 再加的。\n"
ITEMS = "标题：虚构的制度\n\n一、规则\n1、{}\n2、别的。\n{}"

DEAD = [
    ("参见第九条。", "“参见第九条”：这一篇里没有第九条"),
    ("按照本制度第三条办理。", "“本制度第三条”：这一篇里没有第三条"),
    ("见第五章。", "“见第五章”：这一篇里没有第五章"),
    ("参照《内部调配管理制度》。", "“参照《内部调配管理制度》”：手册里没有这份文件"),
    ("依附件《贡献点标准》。", "“附件《贡献点标准》”：手册里没有这份文件"),
    ("参照《内部奖励办法》。", "“参照《内部奖励办法》”：手册里没有这份文件"),
    ("详见附件。", "“详见附件”：这一篇后面没有附件"),
    ("结算参考（9）条。", "“参考（9）条”：这一篇里没有（9）条"),
    ("照本公司的《考勤制度》办。", "“照本公司的《考勤制度》办”：手册里没有这份文件"),
]
ALIVE = [
    "参见第二条。",
    "本制度第三条之一另有规定。",
    "见第一章。",
    "依照刑法第九百条处理。",
    "违反《中华人民共和国劳动法》第九百条的。",
    "参照《中华人民共和国劳动法》执行。",
    "参照《另一篇制度》执行。",
    "填写《申请书》。",
]


@pytest.mark.parametrize(("words", "message"), DEAD)
def test_a_reference_without_a_goal_is_told_with_its_line(words: str, message: str) -> None:
    (found,) = dead_references(
        parse(ARTICLES.format(words), "made-up"), {"虚构的制度", "另一篇制度"}
    )
    assert (found.message, found.line, found.clause) == (message, 4, "made-up:1")


@pytest.mark.parametrize("words", ALIVE)
def test_a_reference_with_a_goal_or_to_elsewhere_is_left_alone(words: str) -> None:
    assert list(dead_references(parse(ARTICLES.format(words), "made-up"), {"另一篇制度"})) == []


def test_an_attachment_that_is_there_is_no_finding() -> None:
    text = ITEMS.format("详见附件2。", "附件1：报名表\n附件2：评分表\n")
    assert list(dead_references(parse(text, "made-up"), ())) == []
    missing = ITEMS.format("详见附件3。", "附件1：报名表\n附件2：评分表\n")
    (found,) = dead_references(parse(missing, "made-up"), ())
    assert found.message == "“详见附件3”：这一篇后面没有附件3"


def test_a_citation_beyond_the_list_is_told_where_there_is_a_list() -> None:
    text = ITEMS.format("有人说过。[1]又有人说过。[3]", "参考文献\n[1]某人.某书\n[2]某人.另一书\n")
    (found,) = dead_references(parse(text, "made-up"), ())
    assert found.message == "引用了 [3]，参考文献里没有这一条"
    assert list(dead_references(parse(ITEMS.format("见方括号[3]。", ""), "made-up"), ())) == []
