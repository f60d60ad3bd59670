"""The report on texts, figures, labels and quiz: what is an error, what is a doubt, what is known."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import policy_core
from build_scripts import checks, figures
from build_scripts.checks import Report, check
from build_scripts.collection import import_collection
from build_scripts.texts import in_force, load_texts
from build_scripts.words import LabelError
from policy_core import ParameterError
from policy_core._versions import ORDER

ROOT = Path(__file__).resolve().parent.parent.parent
COLLECTION = ROOT.parent / "shared" / "policy-texts" / "collection.txt"
OURS = in_force(load_texts(ROOT / "docs" / "policies")[0])
IDS = [each.id for each in policy_core.policies()]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Give a copy of our texts that a test may change."""
    return Path(shutil.copytree(ROOT / "docs" / "policies", tmp_path / "texts"))


def change(file: Path, before: str, after: str) -> None:
    """Change the one place of a text that reads so."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def errors(report: Report) -> list[str]:
    """Give the messages of a report's errors."""
    return [item.message for item in report.errors]


def test_our_own_texts_are_sound_and_all_their_doubts_are_written_down() -> None:
    report = check()
    assert (report.texts, errors(report), report.new) == (len(IDS), [], [])
    explained = {item.explained for item in report.items}
    assert {"lettering", "missing-annexes", "missing-attachments", "dead-reference"} <= explained


@pytest.mark.skipif(
    not COLLECTION.exists(), reason="the collection is not beside this working copy"
)
def test_the_verbatim_collection_holds_every_figure(tmp_path: Path) -> None:
    import_collection(COLLECTION, tmp_path, [*ORDER])
    report = check(tmp_path, complete=False)  # the original has lines in front that ours do not
    assert (report.texts, errors(report)) == (9, [])
    assert report.figures == sum(each.policy in ORDER for each in figures.trace(OURS)[0])


def test_a_changed_text_is_an_error_that_names_every_place(texts: Path) -> None:
    change(texts / "rd-grades.txt", "1500-3000元", "1500-3500元")
    report = check(texts)
    (item,) = report.errors
    assert item.message == "bonus[2].max is 3000, but rd-grades:5.1.1 says 1500-3500元"
    assert (item.file, item.clause) == ("policy_core/parameters/rd-grades.toml", "rd-grades:5.1.1")
    said = "\n".join(report.lines())
    assert f"{item.file}:{item.line}: {item.message}" in said
    assert f"{texts}/rd-grades.txt:" in said
    assert not report.sound


def test_a_new_gap_is_a_finding_that_nothing_explains(texts: Path) -> None:
    change(texts / "rd-grades.txt", "\n3、供考核评定参考。", "\n4、供考核评定参考。")
    report = check(texts, complete=False)
    (item,) = report.new
    assert (item.severity, item.clause, item.explained) == ("finding", "rd-grades:9.4", "")
    assert (errors(report), report.sound) == ([], False)


def test_a_doubt_explains_only_what_it_quotes(texts: Path) -> None:
    change(texts / "rd-grades.txt", "参照《内部调配管理制度》", "参照《另外一份制度》")
    (item,) = check(texts).new
    assert (item.clause, item.message) == (
        "rd-grades:3.2",
        "“参照《另外一份制度》”：手册里没有这份文件",
    )


def test_a_clause_that_is_gone_is_an_error_for_doubts_and_rules(texts: Path) -> None:
    text = (texts / "rd-grades.txt").read_text(encoding="utf-8")
    (texts / "rd-grades.txt").write_text(text.replace("八、", "十二、"), encoding="utf-8")
    report = check(texts)
    assert "finding raised-bar names rd-grades:8.2, which the text does not have" in errors(report)
    assert "grade-from-points names rd-grades:8.1, which the text does not have" in errors(report)
    assert "void_points names rd-grades:8.1, which the text does not have" in errors(report)
    lines = (figures.PARAMETERS / "rd-grades.toml").read_text(encoding="utf-8").splitlines()
    item = next(item for item in report.errors if "raised-bar" in item.message)
    assert lines[item.line - 1] == 'clauses = ["8.2"]'


def test_a_missing_text_is_an_error_only_where_the_folder_must_be_complete(texts: Path) -> None:
    (texts / "rd-grades.txt").unlink()
    assert errors(check(texts)) == ["there is no text rd-grades that holds these figures"]
    assert errors(check(texts, complete=False)) == []


def test_two_texts_of_one_id_and_an_unreadable_one_are_errors(texts: Path) -> None:
    shutil.copy(texts / "transfers.txt", texts / "zz.txt")
    (texts / "broken.txt").write_bytes("好的文字，".encode() * 20 + b"\xff\xff\xff")
    report = check(texts)
    assert [Path(item.file).name for item in report.errors] == ["broken.txt", "zz.txt"]
    assert errors(report)[1] == "编号 transfers 已经有另一篇在用，一个编号只能有一篇"


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert errors(check(tmp_path, complete=False)) == ["这个文件夹里没有条文（.txt）"]


def test_labels_that_do_not_fit_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(calculator_id: str) -> None:
        raise LabelError(f"calculators/{calculator_id}.toml: title is missing")

    monkeypatch.setattr(checks, "load_labels", refuse)
    report = check()
    assert [item.file for item in report.errors] == [
        f"calculators/{each.id}.toml" for each in policy_core.calculators()
    ]


def test_a_parameter_file_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ParameterError("rd-grades.toml: bonus is empty")

    monkeypatch.setattr(policy_core, "policies", refuse)
    (item,) = check().errors
    assert (item.file, item.message) == (
        "policy_core/parameters/rd-grades.toml", "rd-grades.toml: bonus is empty",
    )  # fmt: skip


def test_a_quiz_question_without_its_clause_is_an_error(texts: Path) -> None:
    change(texts / "service-quiz.txt", "\n四、简答题", "\n六、简答题")
    report = check(texts)
    assert "第 4.1 题出自 service-quiz:4.1，条文里没有这一条" in errors(report)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("（8h）", "（12h）", "第 3.2 题的答案是“8h”，条文里没有这个数"),
        ("5个工作日缓冲", "6个工作日缓冲", "至少预留5个工作日”，条文里没有这个数"),
    ],
)
def test_a_quiz_answer_whose_number_the_text_does_not_have_is_an_error(
    texts: Path, before: str, after: str, said: str
) -> None:
    change(texts / "service-quiz.txt", before, after)
    assert any(said in message for message in errors(check(texts)))


def test_the_report_is_json_for_a_machine(texts: Path) -> None:
    change(texts / "rd-grades.txt", "扣0.5个", "扣0.5个（参见第九十条）")
    found = json.loads(json.dumps(check(texts).to_json()))
    assert set(found) == {"sound", "texts", "figures", "items"}
    (item,) = [each for each in found["items"] if not each["explained"]]
    text = (texts / "rd-grades.txt").read_text(encoding="utf-8")
    line = text[: text.index("第九十条")].count("\n") + 1
    assert item == {
        "severity": "finding", "file": str(texts / "rd-grades.txt"),
        "line": line, "clause": "rd-grades:7.5.3",
        "kind": "reference", "message": "“参见第九十条”：这一篇里没有第九十条", "explained": None,
    }  # fmt: skip
