"""The nine texts: as complete as the collection behind them, in our own words, no doubt mended."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from build_scripts.collection import split_collection
from build_scripts.numerals import find_numbers
from build_scripts.outline import Clause, Document, parse
from build_scripts.source import load, read_text

ROOT = Path(__file__).parents[1]
COLLECTION = ROOT.parent / "shared" / "policy-texts" / "collection.txt"
PARAMETERS = sorted((ROOT / "policy_core" / "parameters").glob("*.toml"))
TEXTS = {path.stem: load(path) for path in sorted((ROOT / "docs" / "policies").glob("*.txt"))}

# The articles in the collection's order.
ARTICLES = (
    "team-leader", "service-ladder", "academic-titles", "officer-training", "rd-grades",
    "online-store-service", "call-centre", "service-quiz", "transfers",
)  # fmt: skip

# A Chinese numeral is a figure when something is counted by it; 一致 and 统一 count nothing.
MEASURES = "个名次项级种周天日月年份元倍人"

# What two wordings of the same rules share without copying: names, and lists that are figures.
SHARED = (
    "能力表现40面试考评30",
    "经理评分10同事打分10",
    "客服中心岗位设置及管理制度",
    "客户服务中心岗位设置及管理制度",
    "新客服试用初级客服中级客服高级客服储备主管",
    "提出异动需求审核异动人选发布异动通知工作交接异动实习异动转正",
    "标本类型采用EDTA或肝素钠抗凝血标本量2ml",
    "800120014001800客服值班1230140018302130",
)
COPIED = 12  # characters in a row within a clause, whatever marks stand between them

# A doubt lives in words: where these are mended, its finding is about nothing.
DOUBTS = (
    ("team-leader:front", "招聘组长"),
    ("team-leader:3.1", "客服部组长"),
    ("team-leader:3.1", "“工作能力表现”、“面试考评”和“经理评分”、“同事打分”五项"),
    ("team-leader:3.2", "能力表现\n：40%"),
    ("team-leader:3.2", "经理评分\n：10%\n同事打分\n：10%"),
    ("team-leader:4.1", "详见附件"),
    ("team-leader:4.2", "详见附件"),
    ("team-leader:4.3", "按100分"),
    ("team-leader:4.3", "说明：竞聘组长成功、上岗之后，先试用二周"),
    ("service-ladder:2.3", "越级晋升"),
    ("service-ladder:3", "新客服（试用）"),
    ("service-ladder:3.1", "高级客服的综合能力"),
    ("service-ladder:4.1.F", "合格"),
    ("service-ladder:4.1.G", "连续三次及格的，公司有权辞退"),
    ("service-ladder:4.2", "：中级客服"),
    ("service-ladder:4.2.G", "月均前三名，季度考核有一次获A等级"),
    ("service-ladder:4.2.H", "B等级以下"),
    ("service-ladder:4.3.F", "优秀客服称号"),
    ("service-ladder:4.3.G", "B等级以下"),
    ("service-ladder:4.4.H", "综合考评"),
    ("service-ladder:5.1", "新员工（试用期）"),
    ("service-ladder:5.2", "初级客服升中级客服或者高级客服，以考核期（3个月/6个月）"),
    ("academic-titles:1.1", "膨胀"),
    ("academic-titles:1.1", "紧缺"),
    ("academic-titles:1.2", "没有体现专业区别"),
    ("academic-titles:1.2", "定的尺度不同"),
    ("academic-titles:2.2", "[3]"),
    ("officer-training:2.1", "15-20%"),
    ("officer-training:2.1", "37%左右"),
    ("officer-training:2.1", "33%左右"),
    ("officer-training:2.1", "选修课为15%"),
    ("officer-training:2.2", "选修课和讲座课"),
    ("officer-training:1.1", "指挥类军官"),
    ("officer-training:3", "指挥类干部"),
    ("rd-grades:3.1", "1~3级：助理工程师； 3~9级：工程师"),
    ("rd-grades:3.1", "20-25级"),
    ("rd-grades:3.1", "25级以上"),
    ("rd-grades:3.2", "《内部调配管理制度》"),
    ("rd-grades:4.1.2", "部门经理"),
    ("rd-grades:6.1", "研发经理"),
    ("rd-grades:6.2", "综合定级"),
    ("rd-grades:6.2.2", "4~8年的2级，8年以上的3级"),
    ("rd-grades:6.2.3", "根据使用情况判断"),
    ("rd-grades:7.1.1", "《研发各项目贡献点标准》"),
    ("rd-grades:7.1.3", "项目小组"),
    ("rd-grades:7.1.3.5", "一次性通过"),
    ("rd-grades:7.1.3.6", "第三次"),
    ("rd-grades:7.1.5", "分管副总看进度评定"),
    ("rd-grades:8.1", "获取的贡献点，如果少于或等于5个"),
    ("rd-grades:8.2", "满30个贡献点才能晋升1级"),
    ("rd-grades:9.1", "20分贡献点"),
    ("online-store-service:2.1", "12:30-14:00 18:30-21:30（工作日"),
    ("online-store-service:2.2.2", "不准看视频，玩游戏首次警告，再发现的20元/次"),
    ("online-store-service:2.2.2", "一周内多次"),
    ("online-store-service:2.3.1", "淘宝小二"),
    ("online-store-service:2.3.2.1", "由客服直接补发，费用"),
    ("online-store-service:2.3.2.2", "退货运费个人同物流结清"),
    ("online-store-service:2.3.3", "返给客户"),
    ("call-centre:preface", "客服中心岗位设置及管理制度\n客户服务中心岗位设置及管理制度"),
    ("call-centre:1.1", "六个坐席"),
    ("call-centre:1.2", "当班的普通坐席至少要有4人"),
    ("call-centre:1.2", "当班坐席的数量由坐席班长看情况定，但最少不能少于2人"),
    ("call-centre:1.2", "当班坐席要上洗手间"),
    ("call-centre:1.2", "2个以上坐席一起离席"),
    ("service-quiz:3.4", "4T细胞"),
    ("service-quiz:4.1", "月中15日"),
    ("service-quiz:4.1", "2个工作日"),
    ("transfers:1", "《转正测评体系》"),
    ("transfers:2", "异动实习"),
    ("transfers:2.2", "总经办王某"),
    ("transfers:2.2", "《人事异动表》"),
    ("transfers:2.5", "异动见习"),
    ("transfers:2.5", "试用转正"),
    ("transfers:2.6", "《转正员工测评体系》"),
    ("transfers:3.2", "《岗位异动表》"),
)
# And in what is missing.
HOLES = (
    "service-ladder:4.2.D", "rd-grades:5.2", "call-centre:2", "officer-training:3.4",
    "officer-training:3.3.1", "service-quiz:4.2.a",
)  # fmt: skip


@pytest.fixture(scope="module")
def collection() -> str:
    if not COLLECTION.exists():
        pytest.skip(f"the collection is not on this machine: {COLLECTION}")
    return read_text(COLLECTION)


@pytest.fixture(scope="module")
def articles(collection: str) -> dict[str, Document]:
    parts = split_collection(collection)
    return {policy: parse(part.text, policy) for policy, part in zip(ARTICLES, parts, strict=True)}


def body(document: Document) -> Iterator[Clause]:
    """Give the clauses of the text itself, without title and front lines."""
    return (clause for clause in document.walk() if clause.path != "front")


def figures(document: Document) -> dict[str, Counter[tuple[Fraction, str]]]:
    """Count, under each top clause, every figure together with a sign of percent after it."""
    counted: dict[str, Counter[tuple[Fraction, str]]] = {}
    for clause in body(document):
        words = f"{clause.heading}\n{clause.text}"
        for number in find_numbers(words):
            after = words[number.end :].lstrip()[:1]
            if re.match("[0-9０-９]", number.printed) or (after and after in MEASURES):
                top = clause.path.partition(".")[0]
                percent = "%" if after in {"%", "％"} else ""
                counted.setdefault(top, Counter())[number.value, percent] += 1
    return counted


def shared_runs(words: str, others: str, length: int) -> Iterator[str]:
    """Give the longest pieces of `words`, of that length at least, that stand in `others` too."""
    start = 0
    while start + length <= len(words):
        end = start + length
        if words[start:end] not in others:
            start += 1
            continue
        while end < len(words) and words[start : end + 1] in others:
            end += 1
        yield words[start:end]
        start = end


def own_words(clause: Clause) -> str:
    """Give a clause's words without marks and blanks, and without what may be shared."""
    words = re.sub(r"\W", "", clause.heading + clause.text)
    return re.sub("|".join(SHARED), "|", words)


def findings() -> Iterator[tuple[str, str]]:
    """Give every finding's policy and clause."""
    for path in PARAMETERS:
        for finding in tomllib.loads(path.read_text(encoding="utf-8")).get("finding", []):
            for clause in finding["clauses"]:
                yield f"{path.stem}.{finding['id']}", f"{path.stem}:{clause}"


def test_the_nine_texts_are_there() -> None:
    assert set(TEXTS) >= set(ARTICLES)


@pytest.mark.parametrize("policy", ARTICLES)
def test_the_front_says_what_the_pages_show(policy: str) -> None:
    front = TEXTS[policy].front
    assert list(front) == ["标题", "编号", "生效日期", "简介", "简称"]
    assert front["编号"] == policy
    assert front["生效日期"] == "2024-01-01"
    assert all(front.values())


@pytest.mark.parametrize("policy", ARTICLES)
def test_every_clause_of_the_collection_is_there(
    policy: str, articles: dict[str, Document]
) -> None:
    theirs = [clause.path for clause in body(articles[policy])]
    assert [clause.path for clause in body(TEXTS[policy])] == theirs


@pytest.mark.parametrize("policy", ARTICLES)
def test_every_figure_of_the_collection_is_there(
    policy: str, articles: dict[str, Document]
) -> None:
    assert figures(TEXTS[policy]) == figures(articles[policy])


@pytest.mark.parametrize("policy", ARTICLES)
def test_the_wording_is_our_own(policy: str, collection: str) -> None:
    bare = re.sub(r"\W", "", collection)
    copied = [
        (clause.path, run)
        for clause in body(TEXTS[policy])
        for run in shared_runs(own_words(clause), bare, COPIED)
    ]
    assert copied == []


@pytest.mark.parametrize(("finding", "clause"), list(findings()))
def test_every_finding_stands_at_a_clause(finding: str, clause: str) -> None:
    policy = clause.partition(":")[0]
    assert TEXTS[policy].find(clause), f"{finding} names {clause}, which is not in the text"


@pytest.mark.parametrize(("clause", "words"), DOUBTS)
def test_no_doubt_was_mended_in_words(clause: str, words: str) -> None:
    found = TEXTS[clause.partition(":")[0]].find(clause)
    assert found
    assert words in found.full_text()


@pytest.mark.parametrize("clause", HOLES)
def test_no_doubt_was_mended_by_filling_a_hole(clause: str) -> None:
    assert TEXTS[clause.partition(":")[0]].find(clause) is None


def test_the_third_reference_stays_dead() -> None:
    assert re.findall(r"^\[(\d)\]", TEXTS["academic-titles"].source, re.MULTILINE) == ["1", "2"]


def test_a_heading_stays_without_a_text() -> None:
    assert TEXTS["officer-training"].source.rstrip().splitlines()[-1].startswith("（三）")
