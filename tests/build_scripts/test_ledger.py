"""The clause ledger: every clause has one fate, and the word for one that has none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import policy_core
from build_scripts.checks import BANKS, check
from build_scripts.figures import PARAMETERS
from build_scripts.ledger import Ledger, announces, ledgers
from build_scripts.outline import parse
from build_scripts.pages import load_handbook
from build_scripts.quiz_paper import parse_bank
from build_scripts.source import load, read_text

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = {
    each.policy: each for each in map(load, sorted((ROOT / "docs/policies").glob("*.txt")))
}
BANK = [parse_bank(read_text(path), path.stem) for path in sorted(BANKS.glob("*.txt"))]
OURS = ledgers(DOCUMENTS, BANK)

# An invented text in the place of one that has a calculator, so that nothing may be without a fate.
TEXT = """标题：虚构的制度

一、目的
为了写明目的。
二、规则：
1、评选这样进行：
（1）按四项评选。
2、必须已经转正。
五、其他
1、甲。
2、乙。
3、丙。
"""


def account(tmp_path: Path, table: str, text: str = TEXT) -> Ledger:
    """Account for an invented text under the id of a policy that has calculators."""
    (tmp_path / "team-leader.toml").write_text(table, encoding="utf-8")
    document = parse(text, "team-leader")
    return ledgers({"team-leader": document}, [], None, tmp_path)["team-leader"]


def test_every_clause_of_our_texts_has_a_fate() -> None:
    for policy, ledger in OURS.items():
        assert [str(error) for error in ledger.errors] == []
        assert ledger.of("unclassified") == ()
        walked = [clause.id for clause in DOCUMENTS[policy].walk() if clause.path != "front"]
        assert [entry.clause.id for entry in ledger.entries] == walked
        assert all(entry.why for entry in ledger.of("open"))
        assert all(entry.deciders for entry in ledger.of("rule"))


def test_what_a_calculator_names_is_decided_by_it() -> None:
    for calculator in policy_core.calculators():
        decided = {
            entry.clause.id for entry in OURS[calculator.policy].entries
            if calculator.id in entry.deciders
        }  # fmt: skip
        assert set(calculator.clauses) <= decided


def test_the_lines_of_a_decided_clause_go_with_it_and_its_numbered_clauses_do_not() -> None:
    fates = {entry.clause.path: entry for entry in OURS["rd-grades"].entries}
    assert [fates[each].fate for each in ("3.1", "3.1.1", "3.1.2", "3.2")] == [
        "rule", "rule", "rule", "open",
    ]  # fmt: skip
    assert "grade-from-points" in fates["3.1.1"].deciders
    document = parse(
        "一、规则\n1、由人来定，分两种。\n（1）甲。\n（2）乙。\n2、别的。\n", "team-leader"
    )
    clause = document.find("1.1")
    assert clause is not None
    assert not announces(clause)


def test_an_unclassified_clause_is_told_with_place_words_and_what_to_do(tmp_path: Path) -> None:
    ledger = account(tmp_path, '[ledger]\nbackground = ["1", "5.*"]\n')
    assert [error.clause for error in ledger.errors] == ["team-leader:2.1.1", "team-leader:2.2"]
    said = str(ledger.errors[0])
    assert said.startswith("docs/policies/team-leader.txt:7: 错误：2.1.1 还没有去向。在 ")
    assert f"{tmp_path}/team-leader.toml 的 [ledger] 里" in said
    assert 'open = [{ clause = "2.1.1", why = "…" }]' in said
    assert said.endswith("\n    （1） 按四项评选。")


def test_names_can_be_one_clause_all_under_it_or_from_one_to_another(tmp_path: Path) -> None:
    table = (
        '[ledger]\nbackground = ["1", "2.*"]\nself_check = ["5.1..5.2"]\n'
        'open = [{ clause = "5.3", why = "没有标准" }, { clause = "2.2", why = "没有证明" }]\n'
    )
    ledger = account(tmp_path, table)
    assert ledger.errors == ()
    assert {entry.clause.path: entry.fate for entry in ledger.entries} == {
        "1": "background", "2": "heading", "2.1": "heading", "2.1.1": "background", "2.2": "open",
        "5": "heading", "5.1": "self-check", "5.2": "self-check", "5.3": "open",
    }  # fmt: skip
    assert [entry.why for entry in ledger.of("open")] == ["没有证明", "没有标准"]


WRONG = [
    ('background = ["9"]', "条文里没有 9，请改成现有的条款，或者去掉"),
    ('background = ["5.2..5.1"]', "条文里没有 5.2..5.1"),
    ('background = ["1", "1"]', "1 写了两次，只留一处"),
    ('background = ["1.*"]\nself_check = ["1.*"]', "1 写了两次，只留一处"),
    ('background = "1"', "[ledger] 里的 background 不认得"),
    ('later = ["1"]', "能写的是 self_check、background、open，各是一个列表"),
    ("background = [1]", "background 的第 1 项写得不对"),
    ('open = ["1"]', 'open 的第 1 项写得不对，应像这样：{ clause = "…", why = "…" }'),
    ('open = [{ clause = "1" }]', "open 的第 1 项写得不对"),
    ('open = [{ clause = "1", why = "" }]', "open 的第 1 项写得不对"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_a_line_that_fits_no_clause_is_told_with_its_place(
    tmp_path: Path, line: str, message: str
) -> None:
    errors = account(tmp_path, f"[ledger]\n{line}\n").errors
    told = [error for error in errors if error.file.endswith("team-leader.toml")]
    assert message in told[-1].message
    assert told[-1].line == 1 + len(line.splitlines())


def test_a_line_for_what_a_calculator_decides_is_refused(tmp_path: Path) -> None:
    text = (PARAMETERS / "team-leader.toml").read_text(encoding="utf-8")
    changed = text.replace('background = ["1.*"', 'background = ["3.2", "1.*"')
    (tmp_path / "team-leader.toml").write_text(changed, encoding="utf-8")
    documents = {"team-leader": DOCUMENTS["team-leader"]}
    (error,) = ledgers(documents, [], None, tmp_path)["team-leader"].errors
    assert "3.2 已经由 candidate-score" in error.message
    assert "请从 [ledger] 里去掉" in error.message


def test_a_text_without_calculators_may_leave_clauses_out(tmp_path: Path) -> None:
    document = parse(TEXT, "made-up")
    ledger = ledgers({"made-up": document}, [], None, tmp_path)["made-up"]
    assert ledger.errors == ()
    assert len(ledger.of("unclassified")) == 6


def test_a_new_clause_stops_the_check_and_the_build(tmp_path: Path) -> None:
    docs = Path(shutil.copytree(ROOT / "docs", tmp_path / "docs"))
    file = docs / "policies" / "rd-grades.txt"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\n十、日常", "\n4、还可以换假期。\n十、日常"), encoding="utf-8")
    report = check(docs / "policies")
    (item,) = report.errors
    assert (item.clause, item.file) == ("rd-grades:9.4", str(file))
    assert "还可以换假期" in item.text()
    with pytest.raises(SystemExit, match=r"9\.4 还没有去向"):
        load_handbook(docs)
    assert check(docs / "policies", complete=False).errors == []


def test_a_quiz_decides_what_it_can_mark() -> None:
    fates = {entry.clause.path: entry.fate for entry in OURS["service-quiz"].entries}
    assert (fates["1.1"], fates["1.1.A"], fates["4.1.e"]) == ("rule", "rule", "rule")
    assert (fates["4.2"], fates["2"], fates["1"]) == ("open", "background", "heading")
