"""The command line: help, results, wrong calls, and the status of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import policy_core
from build_scripts import cli
from build_scripts.cli import handbook

ROOT = Path(__file__).resolve().parent.parent.parent
MASTER = '{"education": "master", "years": 5, "skill": 1}'


def run(*words: str, typed: str | bytes | None = None) -> Result:
    """Call the command as a person would."""
    return CliRunner().invoke(handbook, words, input=typed)


def errors(result: Result) -> dict[str, str]:
    """Give the errors that a call printed, by their fields; the status must say so."""
    assert result.exit_code == 2
    return {each["field"]: each["message"] for each in json.loads(result.stdout)["errors"]}


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words that call each command."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield *path, name


@pytest.mark.parametrize("words", list(every_command(handbook)), ids=" ".join)
def test_every_command_has_help_in_chinese(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"用法：{' '.join(['handbook', *words])}")
    for english in ("Usage", "Options", "Commands", "Show this message"):
        assert english not in result.stdout


def test_the_commands_are_those_of_the_contract() -> None:
    names = [
        "build", "serve", "check", "import", "outline", "calc", "batch", "schema",
        "explain", "seek", "jumps", "compare", "pdf", "mcp", "new", "quiz",
    ]  # fmt: skip
    assert list(handbook.commands) == names


WRONG_CALLS = [
    (["nope"], "没有 nope 这个命令，有的是：build"),
    (["calk"], "没有 calk 这个命令，是不是 calc"),
    (["quiz", "marc"], "没有 marc 这个命令，是不是 mark"),
    (["calc"], "少写了 计算"),
    (["import", "x.txt"], "少写了 --into"),
    (["calc", "initial-grade", "{}", "more"], "多写了：more"),
    (["calc", "initial-grade", "--as"], "没有 --as 这个选项，是不是 --as-of"),
    (["calc", "initial-grade", "--as-of"], "--as-of 后面还要写内容"),
    (["serve", "--port", "many"], "端口填的是 many，应是 1 到 65535 之间的整数"),
    (["check", "--texts", "/nowhere"], "没有这个文件夹：/nowhere"),
    (["import", "/nowhere.txt", "--into", "/nowhere"], "/nowhere.txt：打不开这个文件"),
    (["outline", "/nowhere.txt"], "/nowhere.txt：打不开这个文件"),
    (["batch", "initial-grade", "/nowhere.csv"], "没有这个文件：/nowhere.csv"),
    (["new", "policy", "Leave!"], "编号 Leave! 不能用：只用小写字母、数字和中间的短横"),
    (["new", "policy", "rd-grades"], "编号 rd-grades 已经有一篇在用，请换一个编号"),
    (["new", "calculator", "leave"], "少写了 --policy"),
    (["new", "calculator", "leave", "--policy", "nowhere"], "请先运行 handbook new policy nowhere"),
    (["new", "calculator", "leave", "--policy", "academic-titles"], "里还没有数字"),
    (["new", "calculator", "initial-grade", "--policy", "rd-grades"], "已经有一个计算在用"),
]


@pytest.mark.parametrize(("words", "message"), WRONG_CALLS, ids=lambda each: str(each)[:40])
def test_a_wrong_call_says_what_is_wrong_and_ends_with_2(words: list[str], message: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_no_words_at_all_show_the_help_and_end_with_2() -> None:
    result = run()
    assert result.exit_code == 2
    assert result.stderr.startswith("用法：handbook")


# ---------------------------------------------------------------------------- calc and schema


def test_calc_gives_the_answer_as_json() -> None:
    result = run("calc", "initial-grade", MASTER)
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["outcome"]["grade"]) == (0, 5)
    assert set(answer) == {"calculator", "version", "outcome", "steps", "findings"}
    assert "工程师" in result.stdout


@pytest.mark.parametrize("words", [["-"], []])
def test_calc_reads_standard_input(words: list[str]) -> None:
    result = run("calc", "initial-grade", *words, typed="\ufeff" + MASTER)
    assert json.loads(result.stdout)["outcome"]["grade"] == 5


WRONG_INPUTS: list[tuple[str | bytes, str, str]] = [
    ("", "json", "没有内容"),
    ("{", "json", "不是完整的 JSON，第 1 行第 2 个字"),
    ("[]", "json", "应是一组"),
    ("[" * 100_000, "json", "嵌套得太深"),
    (b'{"years": "\xff"}', "json", "第 12 个字节不是 UTF-8"),
    ('{"years": NaN}', "json", "NaN 不是数字"),
    ('{"years": 1, "years": 2}', "years", "写了两次"),
    ('{"education": "master", "skill": 1, "years": "\\ud800"}', "years", "应是数字"),
    ('{"education": "master", "skill": 1, "years": 1e999999999}', "years", "数字太大"),
    ('{"education": "master", "skill": 1, "year": 1}', "year", "是不是 years"),
]


@pytest.mark.parametrize(
    ("typed", "field", "message"), WRONG_INPUTS, ids=lambda each: str(each)[:30]
)
def test_a_wrong_input_is_told_as_json_and_ends_with_2(
    typed: str | bytes, field: str, message: str
) -> None:
    assert message in errors(run("calc", "initial-grade", "-", typed=typed))[field]


def test_all_errors_of_an_input_come_at_once() -> None:
    found = errors(run("calc", "initial-grade", '{"education": "phd", "years": -1}'))
    assert list(found) == ["education", "years", "skill"]


@pytest.mark.parametrize("words", [["calc", "{}"], ["schema"], ["batch", "-"]], ids=" ".join)
def test_an_unknown_calculator_gets_a_hint(words: list[str]) -> None:
    command, *rest = words
    found = errors(run(command, "grade-from-point", *rest, typed=""))
    assert found == {"calculator": "没有“grade-from-point”这个计算，是不是 grade-from-points"}


WRONG_DAYS = [
    ("2024-13-01", "应是日期"),
    ("yesterday", "应是日期"),
    ("", "应是日期"),
    ("1999-01-01", "应填这一天或更晚"),
]


@pytest.mark.parametrize(("day", "message"), WRONG_DAYS)
@pytest.mark.parametrize("command", ["calc", "batch"])
def test_a_wrong_day_is_an_input_error(command: str, day: str, message: str) -> None:
    words = [MASTER] if command == "calc" else ["-"]
    assert (
        message in errors(run(command, "initial-grade", *words, "--as-of", day, typed=""))["as_of"]
    )


def test_the_day_defaults_to_today() -> None:
    assert cli.day(None).year >= 2025
    assert run("calc", "initial-grade", MASTER, "--as-of", "2024-01-01").exit_code == 0


def test_schema_describes_the_inputs() -> None:
    schema = json.loads(run("schema", "initial-grade").stdout)
    assert schema["required"] == ["education", "years", "skill"]


# ---------------------------------------------------------------------------- questions about an answer


def test_explain_takes_a_form_that_is_filled_in_part() -> None:
    result = run(
        "explain",
        "initial-grade",
        '{"education": "master", "years": {"unknown": true}, "skill": 1}',
    )
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["outcome"] == {"title": "工程师", "parts": {"education": 2, "skill": 1}}
    assert found["possible"]["grade"] == {"min": 3, "max": 6}
    assert found["needed"] == [{"field": "years", "decides": ["grade", "parts"]}]
    assert json.loads(run("explain", "initial-grade", typed="{}").stdout)["needed"]


def test_seek_gives_the_least_change() -> None:
    result = run("seek", "initial-grade", MASTER, "--vary", "years", "--until", "grade >= 6")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["reachable"], found["value"], found["change"]) == (True, 8, 3)
    assert found["answer"] == json.loads(
        run("calc", "initial-grade", MASTER.replace("5", "8")).stdout
    )
    result = run(
        "seek", "initial-grade", "-", "--vary", "years", "--until", "grade > 6", typed=MASTER
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)["reachable"] is False


def test_jumps_takes_a_range() -> None:
    words = ["jumps", "initial-grade", MASTER, "--vary", "years"]
    result = run(*words, "--from", "3.5", "--to", "9")
    assert result.exit_code == 0
    pieces = json.loads(result.stdout)["pieces"]
    assert [(each["from"], each["to"]) for each in pieces] == [(3.5, 3.99), (4, 7.99), (8, 9)]
    assert errors(run(*words, "--from", "−1")) == {"from": "应在 0 到 1000000 之间"}
    assert errors(run(*words, "--to", "many")) == {"to": "应在 0 到 1000000 之间"}


def test_compare_takes_two_cases_or_two_days() -> None:
    result = run("compare", "initial-grade", MASTER, MASTER.replace("master", "doctor"))
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["differences"] == [
        {"path": "grade", "left": 5, "right": 6},
        {"path": "parts.education", "left": 2, "right": 3},
    ]
    days = ["--as-of", "2024-01-01", "2025-01-01"]
    same = run("compare", "initial-grade", "-", *days, typed=MASTER)
    assert json.loads(same.stdout)["differences"] == []
    early = run("compare", "initial-grade", MASTER, "--as-of", "2024-01-01", "1999-01-01")
    assert "2024-01-01" in errors(early)["right.as_of"]


@pytest.mark.parametrize("command", ["explain", "seek", "jumps", "compare"])
def test_a_question_that_cannot_be_asked_gives_errors_as_json(command: str) -> None:
    more = {"seek": ["--vary", "years", "--until", "grade > 1"], "jumps": ["--vary", "years"]}
    words = more.get(command, [])
    assert "calculator" in errors(run(command, "initial-grad", MASTER, *words))
    assert "json" in errors(run(command, "initial-grade", "{", *words))
    wrong = errors(
        run(command, "initial-grade", '{"education": "phd", "years": 1, "skill": 1}', *words)
    )
    assert all(field.endswith("education") for field in wrong)


def test_seek_must_be_told_what_for() -> None:
    result = run("seek", "initial-grade", MASTER, "--vary", "years")
    assert result.exit_code == 2
    assert errors(
        run("seek", "initial-grade", MASTER, "--vary", "years", "--until", "grade")
    ).keys() == {"until"}


# ---------------------------------------------------------------------------- texts


def test_outline_gives_the_clause_tree(tmp_path: Path) -> None:
    file = tmp_path / "made-up.txt"
    file.write_text("标题：虚构的制度\n\n一、目的\n1、甲。\n3、乙。\n", encoding="gb18030")
    result = run("outline", str(file), "--json")
    tree: list[dict[str, Any]] = json.loads(result.stdout)
    assert [each["id"] for each in tree] == ["made-up:front", "made-up:1"]
    assert [each["id"] for each in tree[1]["children"]] == ["made-up:1.1", "made-up:1.3"]
    assert (result.exit_code, f"{file}:5: " in result.stderr) == (0, True)
    assert "  1.3　3、乙。" in run("outline", str(file)).stdout


def test_outline_of_a_missing_file_is_json_where_json_was_asked_for() -> None:
    assert "打不开" in errors(run("outline", "/nowhere.txt", "--json"))["file"]


def test_import_splits_a_collection_and_a_second_import_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "all.txt"
    parts = [
        f"制度 第{number}篇\n{title}\n一、目的\n"
        for number, title in ((1, "甲制度"), (2, "乙制度"))
    ]
    file.write_text("".join(["制度汇编\n", *parts]), encoding="utf-8")
    for state in ("写入", "已有，内容相同"):
        result = run("import", str(file), "--into", str(tmp_path / "texts"), "--ids", "a， b")
        assert (result.exit_code, result.stderr.count(state)) == (0, 2)
    assert sorted(path.name for path in (tmp_path / "texts").iterdir()) == ["a.txt", "b.txt"]
    assert run("import", str(file), "--into", str(tmp_path), "--ids", "a").exit_code == 2


def test_check_of_our_own_texts_is_sound_strictly_too() -> None:
    for words in ([], ["--strict"]):
        result = run("check", *words)
        assert result.exit_code == 0, result.stderr
        assert (result.stdout, "错误 0 处" in result.stderr) == ("", True)
    report = json.loads(run("check", "--json").stdout)
    assert (report["sound"], report["texts"]) == (True, len(policy_core.policies()))


def test_check_of_other_texts_ends_with_1_where_something_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("标题：新制度\n\n一、甲\n二、乙\n", encoding="utf-8")
    assert run("check", "--texts", str(tmp_path)).exit_code == 0
    assert run("check", "--texts", str(tmp_path), "--strict").exit_code == 1
    (tmp_path / "new.txt").write_text("标题：新制度\n\n一、甲\n四、乙\n", encoding="utf-8")
    assert run("check", "--texts", str(tmp_path)).exit_code == 1


# ---------------------------------------------------------------------------- quiz, build


def test_quiz_mark_has_three_ways_with_too_few_options() -> None:
    def earned(*words: str) -> float:
        typed = '{"1.4": ["A"]}'
        result = run("quiz", "mark", "service-etiquette", "-", *words, typed=typed)
        found: float = json.loads(result.stdout)["marks"]
        return found

    ways = ("exact", "share", "half")
    assert [earned("--multiple", way) for way in ways] == [0, 1.67, 2.5]
    assert earned() == 0


def test_quiz_mark_marks_a_paper(tmp_path: Path) -> None:
    paper = tmp_path / "paper.json"
    paper.write_text('{"1.1": ["C"], "2.1": true, "2.2": false}', encoding="utf-8")
    for result in (
        run("quiz", "mark", "service-etiquette", str(paper)),
        run("quiz", "mark", "service-etiquette", "-", typed=paper.read_text(encoding="utf-8")),
    ):
        marking = json.loads(result.stdout)
        assert (result.exit_code, marking["marks"], marking["decided"]) == (0, 10, 90)


def test_a_wrong_paper_is_told_as_json(tmp_path: Path) -> None:
    def marking(quiz: str, *words: str, typed: str = "{}") -> dict[str, str]:
        return errors(run("quiz", "mark", quiz, *words, typed=typed))

    assert "是不是 service-etiquette" in marking("service-etiquete", "-")["quiz"]
    assert "half（少选得一半）" in marking("service-etiquette", "--multiple", "full")["multiple"]
    assert "打不开" in marking("service-etiquette", str(tmp_path / "no.json"))["file"]
    assert list(marking("service-etiquette", "-", typed='{"9.9": true}')) == ["9.9"]


def test_build_leaves_a_folder_of_other_things_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    result = run("build", "--site", str(tmp_path))
    assert (result.exit_code, "没有动它" in result.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


# ---------------------------------------------------------------------------- as a program


def program(*words: str, typed: bytes = b"", **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "build_scripts", *words],
        input=typed, capture_output=True, cwd=ROOT, env=os.environ | changes, check=False,
    )  # fmt: skip


def test_the_locale_does_not_matter() -> None:
    done = program(
        "calc", "initial-grade", "-", typed=MASTER.encode(),
        LC_ALL="POSIX", PYTHONIOENCODING="gb18030", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["outcome"]["title"] == "工程师"


def test_a_reader_who_has_enough_is_no_error() -> None:
    command = ["sh", "-c", f"'{sys.executable}' -m build_scripts batch initial-grade - | head -n 1"]
    typed = (MASTER + "\n").encode() * 3000
    done = subprocess.run(command, input=typed, capture_output=True, cwd=ROOT, check=False)
    assert (done.stdout.count(b"\n"), done.stderr) == (1, b"")
