"""Doubts found without being told: what domain.md names, twenty-nine planted faults, and no noise."""

from __future__ import annotations

import csv
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import policy_core
from build_scripts.checks import check, explanation
from build_scripts.collection import import_collection
from build_scripts.doubts import KINDS, Doubt, parameter_doubts, text_doubts
from build_scripts.outline import parse
from build_scripts.source import read_text
from policy_core import Finding
from policy_core._versions import parse_policy

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "docs" / "policies"
PARAMETERS = ROOT / "policy_core" / "parameters"
SHARED = ROOT.parent / "shared"
COLLECTION = SHARED / "policy-texts" / "collection.txt"
CORPUS = SHARED / "corpus"
IDS = [each.id for each in policy_core.policies()]

# The written doubts that the check finds by itself. All others only a person can see.
FOUND = {
    "team-leader": "weights-90 which-post missing-attachments ability-name broken-lines",
    "service-ladder": "below-b pass-or-fail lettering stray-colon grade-scale probation-name",
    "academic-titles": "dead-reference",
    "officer-training": "sum cut-off lectures terms",
    "rd-grades": """band-overlap trial-second-pass missing-annexes unit numbering run-on roles
        experience-overlap experience-gap grade-zero""",
    "online-store-service": "shift-gap numbering",
    "call-centre": "two-away six-or-eight numbering title-thrice",
    "service-quiz": "missing-answer blank-4t",
    "transfers": "form-name stage-name assessment-name named-person",
}


def explained(texts: Path) -> dict[str, set[str]]:
    """Give the written doubts that a check of a folder of texts finds."""
    found: dict[str, set[str]] = {}
    for item in check(texts, complete=False).items:
        found.setdefault(item.clause.partition(":")[0], set()).add(item.explained)
    return found


def test_the_check_finds_the_written_doubts_and_nothing_else() -> None:
    assert explained(TEXTS) == {policy: set(ids.split()) for policy, ids in FOUND.items()}


@pytest.mark.skipif(not COLLECTION.exists(), reason="the collection is not here")
def test_the_check_finds_the_same_doubts_in_the_original_wording(tmp_path: Path) -> None:
    import_collection(COLLECTION, tmp_path, IDS)
    assert explained(tmp_path) == {policy: set(ids.split()) for policy, ids in FOUND.items()}


def test_a_written_doubt_has_kinds_exactly_where_the_check_finds_it() -> None:
    kinds = {
        policy.id: {finding.id for finding in policy.findings if finding.kinds}
        for policy in policy_core.policies()
    }
    assert kinds == {policy: set(ids.split()) for policy, ids in FOUND.items()}
    named = {
        kind
        for policy in policy_core.policies()
        for finding in policy.findings
        for kind in finding.kinds
    }
    assert named <= KINDS.keys()


# ------------------------------------------------------------------------------- planted faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One change of a file, and where and how it must be reported; `more` are kinds told besides."""

    file: str
    before: str
    after: str
    clause: str
    kind: str
    line: str = ""
    more: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}: {self.after.strip()[:20]}"

    def plant(self, folder: Path) -> int:
        """Change the one place of the file that reads so; give the line at which it must be told."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.before) == 1
        changed = text.replace(self.before, self.after)
        path.write_text(changed, encoding="utf-8")
        mark = self.line or self.after.strip()
        assert changed.count(mark) == 1
        return changed[: changed.index(mark)].count("\n") + 1


IN_TEXTS = [
    # Ranges.
    Fault(file="rd-grades.txt", before="10~19级：", after="9~19级：", clause="3.1.1", kind="overlap"),
    Fault(
        file="rd-grades.txt", before="15-19级，福利", after="16-19级，福利", clause="5.1.3", kind="gap"
    ),
    Fault(
        file="rd-grades.txt", before="够20点、不到40点", after="够20点、不到45点", clause="4.1.1",
        kind="overlap",
    ),
    Fault(
        file="rd-grades.txt", before="得2-10个", after="得10-2个", clause="7.2.3", kind="order"
    ),
    Fault(
        file="call-centre.txt", before="17：00——17：30", after="17：20——17：30", clause="1.2.4",
        kind="gap",
    ),
    # Shares and counts.
    Fault(
        file="officer-training.txt", before="选修课为15%", after="选修课为10%", clause="2.1.2", kind="sum"
    ),
    Fault(
        file="team-leader.txt", before="五项来综合", after="六项来综合", clause="3.1", kind="sum"
    ),
    Fault(
        file="rd-grades.txt", before="定级看三方面", after="定级看四方面", clause="6.2", kind="sum"
    ),
    Fault(
        file="rd-grades.txt", before="升级方式有二种", after="升级方式有三种", clause="4.1", kind="sum"
    ),
    Fault(
        file="transfers.txt", before="中层管理两种类型", after="中层管理三种类型", clause="1", kind="sum"
    ),
    Fault(
        file="call-centre.txt", before="普通坐席五个", after="普通坐席六个", clause="1.1", kind="sum"
    ),
    Fault(
        file="service-quiz.txt", before="二、判断题。（每题5分，共25分）",
        after="二、判断题。（每题5分，共20分）", clause="2", kind="sum",
    ),
    # Names and units.
    Fault(
        file="rd-grades.txt", before="汇总《贡献点获得书》", after="汇总《贡献点取得书》",
        clause="10.2", kind="name",
    ),
    Fault(
        file="service-ladder.txt", before="5、储备主管——4000元", after="5、后备主管——4000元",
        clause="6.5", kind="name",
    ),
    Fault(
        file="transfers.txt", before="3、发布异动通知", after="3、发布任命通知", clause="2.3",
        kind="name",
    ),
    Fault(
        file="service-ladder.txt", before="\n4、高级客服——3000元\n5、储备主管",
        after="\n4、储备主管", line="4、储备主管——", clause="6.4", kind="gap",
    ),
    Fault(
        file="rd-grades.txt", before="少于或等于10个，", after="少于或等于10分贡献点，",
        clause="8.2", kind="unit",
    ),
    # References.
    Fault(
        file="academic-titles.txt", before="由此求得协调。[2]", after="由此求得协调。[5]",
        clause="2.2", kind="reference",
    ),
    Fault(
        file="rd-grades.txt", before="参考（3）条", after="参考（8）条", clause="7.1.4",
        kind="reference",
    ),
    Fault(
        file="transfers.txt", before="怎样考核，", after="怎样考核详见附表，", clause="2.6.2",
        kind="reference",
    ),
    Fault(
        file="online-store-service.txt", before="货品型号错了的", after="货品型号错了、参见第九条的",
        clause="2.3.2.2", kind="reference",
    ),
    # Headings and numbers.
    Fault(
        file="rd-grades.txt", before="\n研发数字视频摄像机的技术岗位", after="", line="二、适用范围",
        clause="2", kind="empty",
    ),
    Fault(
        file="team-leader.txt", before="2、面试考评表：\n详见附件", after="2、面试考评表：",
        clause="4.2", kind="empty",
    ),
    Fault(
        file="officer-training.txt", before="（二）课程内容要理顺", after="（三）课程内容要理顺",
        clause="2.3", kind="numbering",
    ),
    Fault(
        file="online-store-service.txt", before="（4）促成交易", after="（5）促成交易",
        clause="1.1.5", kind="numbering",
    ),
    Fault(
        file="rd-grades.txt", before="2、管理通道：", after="2、：管理通道：", clause="3.2",
        kind="numbering",
    ),
    # The page and the words.
    Fault(
        file="service-ladder.txt", before="三、晋升结构图：\n", after="三、晋升结构图\n：",
        line="：新客服", clause="3", kind="layout",
    ),
    Fault(
        file="call-centre.txt", before="不允许2个以上", after="不允许3个以上", clause="1.2.7",
        kind="bound",
    ),
    Fault(
        file="transfers.txt", before="不合格的，推迟转正", after="合格的，予以降职", clause="2.6.1",
        kind="sense",
    ),
]  # fmt: skip


@pytest.mark.parametrize("fault", IN_TEXTS, ids=str)
def test_a_fault_planted_in_a_text_is_told_at_its_place(fault: Fault, tmp_path: Path) -> None:
    texts = Path(shutil.copytree(TEXTS, tmp_path / "texts"))
    line = fault.plant(texts)
    told = [(Path(item.file).name, item.line, item.clause, item.kind) for item in check(texts).new]
    policy = fault.file.removesuffix(".txt")
    assert (fault.file, line, f"{policy}:{fault.clause}", fault.kind) in told
    assert sorted(kind for *_, kind in told) == sorted([fault.kind, *fault.more])
    assert {name for name, *_ in told} == {fault.file}


IN_PARAMETERS = [
    Fault(
        file="rd-grades.toml", before="from = 10, to = 19", after="from = 9, to = 19", clause="3.1",
        kind="overlap",
    ),
    Fault(
        file="rd-grades.toml", before="from = 15, to = 19", after="from = 16, to = 19",
        clause="5.1.3", kind="gap",
    ),
    Fault(
        file="rd-grades.toml", before="min = 600, max = 1000", after="min = 1000, max = 600",
        clause="5.1.1", kind="order",
    ),
    Fault(
        file="team-leader.toml", before='"interview", value = 30', after='"interview", value = 35',
        line="weights = [", clause="3.2", kind="sum",
    ),
]  # fmt: skip


@pytest.mark.parametrize("fault", IN_PARAMETERS, ids=str)
def test_a_fault_planted_in_a_table_is_told_at_its_place(fault: Fault, tmp_path: Path) -> None:
    parameters = Path(shutil.copytree(PARAMETERS, tmp_path / "parameters"))
    line = fault.plant(parameters)
    told = [
        (Path(item.file).name, item.line, item.clause, item.kind)
        for item in check(parameters=parameters).new
    ]
    policy = fault.file.removesuffix(".toml")
    if fault.kind == "sum":
        line += 1  # the first of the shares stands under the name of the table
    assert told == [(fault.file, line, f"{policy}:{fault.clause}", fault.kind)]


# ------------------------------------------------------------------------------- families


HEAD = "标题：虚构的制度\n\n一、总则\n"
TOLD = [
    ("overlap", "考核分三档：不满60分：不合格；60-80分：合格；80分以上：优秀。"),
    ("overlap", "（1）优：90-100分，奖金2000元\n（2）良：80-90分，奖金1000元\n"),
    ("gap", "工龄1-3年：5天；工龄5-10年：10天。"),
    ("gap", "迟到不满10分钟的，扣20元；迟到超过10分钟的，扣50元。"),
    ("order", "每次奖励500-200元。"),
    ("order", "见习三到一个月。"),
    ("order", "上班时间9:30-9:10。"),
    ("order", "（1）初级——2200元\n（2）中级——250元\n（3）高级——3000元\n（4）主管——4000元\n"),
    ("gap", "早班8:00-12:00，中班12:20-18:00，晚班18:00-22:00。"),
    ("sum", "考核由三部分组成：业绩：50%，能力：30%，态度：10%。"),
    ("sum", "理论占60%，实操占50%。"),
    ("sum", "（1）业绩（权重60%）\n（2）能力（权重30%）\n（3）态度（权重20%）\n"),
    ("sum", "满分100分：业绩50分、能力30分、态度10分。"),
    ("sum", "分“甲等”、“乙等”和“丙等”四类。"),
    ("sum", "流程有四个步骤：申请、审核、批准。"),
    ("sum", "有下列三种：\n（1）甲\n（2）乙\n"),
    ("name", "先看《差旅报销标准》，再看《差旅报帐标准》。"),
    ("name", "申请→初审→复核→公示\n（1）申请\n（2）初审\n（3）复审\n（4）公示\n"),
    ("unit", "每次得5个积分，季度奖10个积分，迟到扣2分积分。"),
    ("bound", "考评两次获C级，或者一次获C级以下的，降级。D级另议。"),
    ("scale", "考评A级的加薪，C级以下的降级。"),
    ("bound", "不得3人以上同时请假。"),
    ("sense", "试用期考核合格的，予以辞退。"),
    ("person", "由人事部张三丰本人审批。"),
    ("layout", "费用\n：100元 补贴\n：50元\n"),
    ("reference", "按照《考勤制度》执行。"),
]
SILENT = [
    "1-3级：甲；4-9级：乙；10级以上：丙。",
    "不满60分：不合格；60-80分（不含）：合格；80分以上：优秀。",
    "得1-5个积分；得2-10个积分；得1-5个积分。",
    "处三年以上七年以下有期徒刑；处七年以上有期徒刑，并处罚金。",
    "每次奖励200-500元，电话010-62号，2024-5月起。",
    "早班8:00-12:00，中班14:00-18:00，晚班18:00-22:00。周末8:00-12:00。",
    "罚款五百元至五万元，保管三个月至一年。",
    "（1）初级——2200元\n（2）中级——2500元\n（3）高级——3000元\n（4）主管——4000元\n",
    "夜班22:00-6:00，早班6:00-14:00，中班14:00-22:00。",
    "业绩占50%，能力占30%，态度占20%。",
    "各占10%-20%、30%-40%、45%-55%的比例。",
    "比例不低于10%、20%、30%。",
    "迟到一次扣10%，两次扣20%，三次扣30%，不影响占比。",
    "满分100分：业绩50分、能力30分、态度20分。",
    "分“甲等”、“乙等”和“丙等”三类。",
    "有下列情形之一的：\n（1）甲\n（2）乙\n",
    "前三项：甲、乙。第三项：丙、丁。",
    "填写《入职登记表》和《离职登记表》，《月度考核表》和《年度考核表》。",
    "依照《劳动法》和《劳动合同法》执行。",
    "每次得5个积分，每年得10个积分，开会满30分钟。",
    "B级以上（含B级）的加薪，A级另奖，C级不变。",
    "考核不合格的，予以辞退；考核合格的，不得辞退。",
    "由员工本人签字，由部门经理本人审批。",
]


@pytest.mark.parametrize(("kind", "words"), TOLD)
def test_a_doubt_is_told_in_any_text(kind: str, words: str) -> None:
    found = text_doubts(parse(f"{HEAD}{words}\n二、附则\n完。\n", "made-up"))
    assert [each.kind for each in found] == [kind]
    assert found[0].line >= HEAD.count("\n") + 1
    assert found[0].clause.startswith("made-up:1")


@pytest.mark.parametrize("words", SILENT)
def test_what_is_clear_is_left_alone(words: str) -> None:
    assert text_doubts(parse(f"{HEAD}{words}\n二、附则\n完。\n", "made-up")) == []


def test_a_table_whose_bands_and_shares_fit_is_left_alone() -> None:
    text = """[[version]]
effective = 2024-01-01
bands = [{ from = 1, to = 3, unit = "级", clause = "1" }, { from = 4, unit = "级", clause = "1" }]
shares = [{ value = 40, unit = "%", clause = "1" }, { min = 50, max = 70, unit = "%", clause = "1" }]
"""
    assert list(parameter_doubts(parse_policy("made-up", text), text)) == []


def test_a_written_doubt_explains_its_own_kind_words_and_clauses_alone() -> None:
    written = Finding(
        policy="p", id="x", clauses=("p:4.2",), title="1～3级与3～9级", message="都含 3 级",
        default="", readings={}, kinds=("overlap",),
    )  # fmt: skip

    def told(kind: str, clause: str, *words: str) -> str:
        doubt = Doubt(kind=kind, line=1, clauses=(clause,), message="", words=words)
        return explanation(doubt, (written,))

    assert told("overlap", "p:4.2.1", "1-3级", "3~9级") == "x"
    assert told("overlap", "p:4", "1-3级") == "x"
    assert told("gap", "p:4.2", "1-3级") == ""
    assert told("overlap", "p:4.20", "1-3级") == ""
    assert told("overlap", "p:4.2", "1-3级", "3~10级") == ""


# ------------------------------------------------------------------------------- many texts

ODD = (
    "1~3级：甲；", "占10%，", "甲→", "“甲”、", "《甲表》", "三种：甲、乙，", "1", "部门经理", "8:00-9:00 ",
    "（1）甲：3分；\n", "B等级以下", "5个贡献点", "甲：10% ", "甲、", "一、甲\n二、乙\n",
)  # fmt: skip


@pytest.mark.parametrize("unit", ODD)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    document = parse(f"{HEAD}{unit * 4000}\n二、附则\n完。\n", "made-up")
    start = time.perf_counter()
    text_doubts(document)
    assert time.perf_counter() - start < 10


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_well_kept_texts_give_few_doubts() -> None:
    with (CORPUS / "index.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [
            row["file"]
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not row["file"].startswith("quiz")
        ]
    doubts = [
        doubt
        for row in rows
        for doubt in text_doubts(parse(re.sub("\r\n?", "\n", read_text(CORPUS / row)), "x"))
        if doubt.kind not in ("numbering", "reference")
    ]
    assert len(doubts) * 10 < len(rows)
