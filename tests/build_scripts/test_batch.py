"""Many at once: JSON Lines, CSV and XLSX, with bad records in their places and nothing half-written."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import policy_core
from build_scripts.answering import LONGEST_LINE
from build_scripts.batch import Tally, Wishes, run_batch
from build_scripts.cli import handbook

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = date(2024, 6, 1)
GOOD = {"education": "master", "years": 5, "skill": 1}
POINTS = ["姓名", "grade", "carried", "points", "half", "previous_year_points"]

LABELS = ["姓名", "当前级别（级）", "上期结转", "本期净积分", "结算的是哪个半年", "上一年积分"]


def lines(result: Result) -> list[dict[str, Any]]:
    """Read the JSON Lines that a call printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def standard(calculator: str, typed: str | bytes) -> Result:
    """Run a batch from standard input to standard output."""
    return CliRunner().invoke(handbook, ["batch", calculator, "-"], input=typed)


def cells_of(path: Path) -> list[dict[str, str]]:
    """Read a CSV result as Excel would."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def write_table(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """Write a CSV or XLSX file, by its ending."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(list(row))
        book.save(path)
    else:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return path


# ---------------------------------------------------------------------------- JSON Lines


def test_each_record_has_its_line_and_bad_ones_do_not_stop_the_rest() -> None:
    good = json.dumps(GOOD)
    typed = [
        "\ufeff" + good, "", "nope", "[1]", good.replace("5", "NaN"), good.replace('"skill"', '"years"'),
        good.replace("5", "-5"), "   ", good,
    ]  # fmt: skip
    result = standard("initial-grade", "\n".join(typed))
    answers = lines(result)
    assert (result.exit_code, len(answers)) == (1, 7)
    assert [answer.get("outcome", {}).get("grade") for answer in answers] == [5, *[None] * 5, 5]
    fields = [each["field"] for answer in answers[1:-1] for each in answer["errors"]]
    assert fields == ["json", "json", "json", "years", "years"]
    assert "共 7 条，5 条有误" in result.stderr


def test_a_line_is_the_answer_that_calc_gives() -> None:
    result = standard("initial-grade", json.dumps(GOOD))
    answer = policy_core.calculate("initial-grade", GOOD, TODAY)
    assert (result.exit_code, lines(result)) == (0, [json.loads(json.dumps(answer.to_json()))])


def test_bytes_that_are_no_text_and_lines_without_end_are_errors_of_their_line() -> None:
    good = json.dumps(GOOD).encode()
    typed = b"\n".join([good, b'{"years": "\xff"}', b'"' + b"x" * (2 * LONGEST_LINE), good])
    answers = lines(standard("initial-grade", typed))
    assert ["errors" in answer for answer in answers] == [False, True, True, False]
    assert "不是 UTF-8" in answers[1]["errors"][0]["message"]
    assert "太长" in answers[2]["errors"][0]["message"]


def test_a_line_is_answered_before_the_next_one_is_read() -> None:
    command = [sys.executable, "-m", "build_scripts", "batch", "initial-grade", "-"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for years in (2, 4):
            process.stdin.write(json.dumps(GOOD | {"years": years}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"]["grade"] == 3 + years // 2
        process.stdin.close()


# ---------------------------------------------------------------------------- tables


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("header", [POINTS, LABELS])
def test_columns_go_by_names_or_labels(tmp_path: Path, ending: str, header: list[str]) -> None:
    rows: list[Sequence[Any]] = [
        header,
        ["张三", 4, 3, 40, "上半年", 50],
        ["李四", 4, 3, 10, "2", None],
    ]
    source = write_table(tmp_path / f"in{ending}", rows)
    wishes = Wishes(headings="fields")
    tally = run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY, wishes)
    assert tally == Tally(records=2, wrong=0, unused=("姓名",))
    first, second = cells_of(tmp_path / "out.csv")
    assert (first["姓名"], first["levels"], first["bonus.min"], first["errors"]) == (
        "张三",
        "2",
        "2000",
        "",
    )
    assert (second["levels"], second["new_grade"]) == ("0", "4")
    assert list(first)[: len(POINTS)] == POINTS
    assert list(first)[-1] == "errors"


def test_a_row_that_cannot_be_computed_says_why_and_the_rest_go_on(tmp_path: Path) -> None:
    bad, good, short, long = (
        ["甲", "四", 3, 40, 2, ""],
        ["乙", 4, 3, 40, 2, ""],
        ["丙"],
        [*"一二三四五六七"],
    )
    source = write_table(tmp_path / "in.csv", [POINTS, bad, good, short, long])
    result = CliRunner().invoke(handbook, ["batch", "grade-from-points", str(source)])
    found = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    assert result.exit_code == 1
    assert "grade：填的是“四”，应是数字" in found[0]["errors"]
    assert (found[1]["levels"], found[1]["errors"]) == ("2", "")
    assert found[2]["errors"].count("还没有填") == 4
    assert found[3]["errors"] == "这一行有 7 格，第一行只有 6 列"


def test_a_list_stands_in_one_cell_or_in_columns_of_its_own(tmp_path: Path) -> None:
    def total(header: list[object], values: list[object]) -> str:
        facts: list[object] = ["是", 80, 90]
        rows: list[Sequence[Any]] = [
            ["已经转正了吗", "ability", "经理评分", *header],
            [*facts, *values],
        ]
        run_batch(
            "candidate-score",
            str(write_table(tmp_path / "in.csv", rows)),
            str(tmp_path / "out.csv"),
            TODAY,
            Wishes(headings="fields"),
        )
        return cells_of(tmp_path / "out.csv")[0]["total"]

    wanted = total(["interview", "peers"], ["80;90.5", "70、80"])
    assert wanted
    assert total(["面试考评", "同事打分"], ["80；90.5", "70\n80"]) == wanted
    places = ["面试考评·第1项", "面试考评·第2项", "同事打分 · 第 1 项", "同事打分·第２项"]
    assert total([*places], [80, 90.5, 70, 80]) == wanted
    assert (
        total(["interview[0]", "面试考评[1]", "peers[0]", "peers[1]"], [80, 90.5, 70, 80]) == wanted
    )
    assert total(["interview", "interview", "peers", "peers"], [80, 90.5, 70, 80]) == wanted
    assert (
        total(["interview", "peers[0]", "peers[1]", "peers[2]"], ["80、90.5", 70, 80, ""]) == wanted
    )


CELLS: list[tuple[str, list[object]]] = [
    ("points", [40, 40.0, "40", "４０", " 40 ", "40.0", "+40"]),
    ("half", [1, 1.0, "1", "上半年"]),
    ("first_year", [True, "是", "true", "TRUE", "yes", "1"]),
]


@pytest.mark.parametrize(("column", "values"), CELLS)
def test_a_cell_is_read_as_its_field_wants_it(
    tmp_path: Path, column: str, values: list[object]
) -> None:
    facts: dict[str, object] = {
        "grade": 4,
        "carried": 0,
        "points": 40,
        "half": 1,
        "first_year": True,
    }
    rows: list[Sequence[Any]] = [list(facts)]
    rows += [list((facts | {column: value}).values()) for value in values]
    source = write_table(tmp_path / "in.xlsx", rows)
    tally = run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY)
    found = cells_of(tmp_path / "out.csv")
    assert [each["errors"] for each in found] == [""] * len(values)
    assert (tally.wrong, {each["levels"] for each in found}) == (0, {"2"})


def test_thousands_and_true_minus_signs_are_numbers(tmp_path: Path) -> None:
    source = write_table(tmp_path / "in.csv", [POINTS, ["甲", 4, "1,200", "−3", 2, ""]])
    run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY)
    (found,) = cells_of(tmp_path / "out.csv")
    assert (found["available"], found["errors"]) == ("1200", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_people_save(tmp_path: Path, encoding: str) -> None:
    rows: list[Sequence[Any]] = [POINTS, ["欧阳", 4, 3, 40, "下半年", ""]]
    source = write_table(tmp_path / "in.csv", rows, encoding)
    run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY)
    assert [each["姓名"] for each in cells_of(tmp_path / "out.csv")] == ["欧阳"]


def test_tabs_and_semicolons_separate_too(tmp_path: Path) -> None:
    for separator in "\t;":
        source = tmp_path / "in.csv"
        source.write_text(
            f"{separator.join(POINTS)}\n{separator.join('甲43429')}\n", encoding="utf-8"
        )
        assert (
            run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY).wrong == 0
        )


RUN_BY_EXCEL = ["=1+1", "+SUM(A1)", "-cmd", "@now", "\tx", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("name", RUN_BY_EXCEL)
def test_text_never_becomes_a_formula(tmp_path: Path, name: str) -> None:
    source = write_table(tmp_path / "in.csv", [POINTS, [name, 4, 3, -5, 2, ""]])
    run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY)
    (found,) = cells_of(tmp_path / "out.csv")
    assert (found["姓名"], found["points"]) == (f"'{name}", "-5")
    run_batch("grade-from-points", str(source), str(tmp_path / "out.xlsx"), TODAY)
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_xlsx_keeps_numbers_as_numbers_and_days_as_days(tmp_path: Path) -> None:
    rows: list[Sequence[Any]] = [["入职", *POINTS[1:]], [datetime(2024, 1, 31), 4, 3, 40, 2, None]]  # noqa: DTZ001
    source = write_table(tmp_path / "in.xlsx", rows)
    run_batch("grade-from-points", str(source), str(tmp_path / "out.xlsx"), TODAY)
    header, row = (
        openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0].iter_rows(values_only=True)
    )
    found = dict(zip(header, row, strict=True))
    assert (found["入职"], found["grade"], found["levels"], found["errors"]) == (
        datetime(2024, 1, 31),  # noqa: DTZ001
        4,
        2,
        None,
    )


def test_an_outcomes_columns_come_in_its_order_and_hide_none_of_the_tables(tmp_path: Path) -> None:
    header = ["title", "education", "years", "skill"]
    rows: list[Sequence[Any]] = [header, ["张工", "博士", 9, 2], ["", "", "", 1]]
    run_batch(
        "initial-grade",
        str(write_table(tmp_path / "in.csv", rows)),
        str(tmp_path / "out.csv"),
        TODAY,
    )
    first, second = cells_of(tmp_path / "out.csv")
    assert list(first) == [
        "title", "education", "years", "skill",
        "grade", "outcome.title", "parts.education", "parts.experience", "parts.skill", "errors",
    ]  # fmt: skip
    assert (first["title"], first["grade"], first["outcome.title"]) == ("张工", "8", "工程师")
    assert (second["grade"], "education：还没有填" in second["errors"]) == ("", True)


# ---------------------------------------------------------------------------- wrong calls


def refused(*words: str) -> str:
    """Give what a refused batch says; it must end with 2 and print no result."""
    result = CliRunner().invoke(handbook, ["batch", *words])
    assert (result.exit_code, result.stdout) == (2, "")
    return str(result.stderr)


def test_a_batch_that_cannot_begin_says_why_and_writes_nothing(tmp_path: Path) -> None:
    source = str(write_table(tmp_path / "in.csv", [POINTS, ["甲", 4, 3, 40, 2, ""]]))
    sheet = str(write_table(tmp_path / "in.xlsx", [POINTS, ["甲", 4, 3, 40, 2, ""]]))
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(b"PK\x03\x04 no sheet")
    broken = tmp_path / "wrong.parquet"
    broken.write_bytes(b"PAR1 no table PAR1")
    empty = tmp_path / "empty.csv"
    empty.touch()
    torn = tmp_path / "torn.csv"
    torn.write_bytes("姓名,grade\n".encode() + b"\xff\xff\n")
    twice = str(write_table(tmp_path / "twice.csv", [["grade", "当前级别"], [1, 2]]))
    there = sorted(tmp_path.iterdir())
    target = str(tmp_path / "out.csv")
    said = {
        "应是 .jsonl、.csv、.xlsx 或 .parquet": (
            "grade-from-points",
            source,
            "-o",
            str(tmp_path / "out.pdf"),
        ),
        "请加上 -o": ("grade-from-points", sheet),
        "不是完好的 Parquet": ("grade-from-points", str(broken), "-o", target),
        "应是 labels 或 fields": ("grade-from-points", source, "--headings", "english"),
        "应是 1 到": ("grade-from-points", source, "--jobs", "-1"),
        "没有一列认得，可以用的列：regular_employee（": ("candidate-score", source, "-o", target),
        "不是完好的 XLSX": ("grade-from-points", str(wrong), "-o", target),
        "里面没有内容": ("grade-from-points", str(empty), "-o", target),
        "读不出文字": ("grade-from-points", str(torn), "-o", target),
        "出现了 2 次": ("grade-from-points", twice, "-o", target),
        "没有这个文件": ("grade-from-points", str(tmp_path / "none.csv"), "-o", target),
        "写不进去": ("grade-from-points", source, "-o", str(tmp_path / "no" / "out.csv")),
    }
    for words, call in said.items():
        assert words in refused(*call)
    assert sorted(tmp_path.iterdir()) == there


def test_a_result_that_was_there_before_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before", encoding="utf-8")
    torn = tmp_path / "torn.csv"
    torn.write_bytes(
        ",".join(POINTS).encode() + b"\n" + "甲,4,3,40,2,\n".encode("gb18030") * 10 + b"\xff\n"
    )
    assert "读不出文字" in refused("grade-from-points", str(torn), "-o", str(target))
    assert target.read_text(encoding="utf-8") == "before"


def test_a_result_may_take_the_place_of_its_source(tmp_path: Path) -> None:
    file = write_table(tmp_path / "in.csv", [POINTS, ["甲", 4, 3, 40, 2, ""]])
    run_batch("grade-from-points", str(file), str(file), TODAY)
    assert cells_of(file)[0]["levels"] == "2"


def test_a_column_that_is_nearly_an_input_gets_a_hint(tmp_path: Path) -> None:
    source = write_table(
        tmp_path / "in.csv", [[*POINTS, "first_yaer"], ["甲", 4, 3, 40, 2, "", "是"]]
    )
    tally = run_batch("grade-from-points", str(source), str(tmp_path / "out.csv"), TODAY)
    assert tally.unused == ("姓名", "first_yaer（是不是 first_year）")
