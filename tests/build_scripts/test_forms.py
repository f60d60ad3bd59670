"""Every form in, every form out: the same rows, read back by readers that are not ours."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv as arrow_csv
from pyarrow import parquet

import policy_core
from build_scripts import parquet as ours
from build_scripts.batch import CHUNK, Wishes, run_batch
from build_scripts.cli import handbook
from build_scripts.headings import Style, headings_in
from build_scripts.tables import comma_cell
from policy_core._cells import flat, path_name
from policy_core._headings import apart

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = date(2024, 6, 1)
FORMS = ("jsonl", "csv", "xlsx", "parquet")
FIELDS = ("grade", "carried", "points", "half", "previous_year_points", "first_year")
RECORDS: list[dict[str, Any]] = [
    {"grade": 4, "carried": 3, "points": 40, "half": 2},
    {
        "grade": 9,
        "carried": 0.5,
        "points": 61.25,
        "half": 1,
        "previous_year_points": 7,
        "first_year": False,
    },
    {"grade": -1, "carried": 3, "points": 40, "half": 2},
    {"grade": 0, "carried": 0, "points": -3, "half": 1, "first_year": True},
    {"grade": 4, "carried": 3, "half": 2},
]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def write(path: Path, records: Sequence[Mapping[str, Any]], names: Sequence[str] = FIELDS) -> Path:
    """Write records in the form of the file's ending."""
    rows = [[record.get(name) for name in names] for record in records]
    if path.suffix == ".jsonl":
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        path.write_text(text, encoding="utf-8")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *rows])
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.worksheets[0].append(list(names))
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        parquet.write_table(pa.table(columns), path)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """Read a result by a reader that is not ours; what is empty is left out."""
    if path.suffix == ".jsonl":
        lines = path.read_text(encoding="utf-8").splitlines()
        return [row_of(json.loads(line)) for line in lines]
    if path.suffix == ".xlsx":
        return sheet(path)
    if path.suffix == ".csv":
        options = arrow_csv.ConvertOptions(strings_can_be_null=True)
        table = arrow_csv.read_csv(path, convert_options=options)
    else:
        table = parquet.read_table(path)
    return [
        {key: value for key, value in row.items() if value is not None} for row in table.to_pylist()
    ]


def row_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an answer's line flat as a table's row has it."""
    if "errors" in line:
        said = "；".join(f"{each['field']}：{each['message']}" for each in line["errors"])
        return {"errors": said}
    return {path_name(path): value for path, value in flat(line["outcome"]) if value is not None}


def sheet(path: Path) -> list[dict[str, Any]]:
    """Read the first sheet from its XML: numbers, truth values and text, as the file itself types them."""
    with zipfile.ZipFile(path) as archive:
        tree = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - written by this test
    rows: list[dict[str, Any]] = []
    for row in tree.iter(f"{SHEET}row"):
        cells = {}
        for cell in row.iter(f"{SHEET}c"):
            text, kind = "".join(cell.itertext()), cell.get("t", "n")
            assert cell.find(f"{SHEET}f") is None
            value = (
                {"n": float, "b": lambda text: text == "1"}.get(kind, str)(text) if text else None
            )
            cells[re.sub(r"\d", "", cell.get("r", ""))] = value
        rows.append(cells)
    header, *rest = rows
    return [
        {str(header[at]): value for at, value in row.items() if value is not None} for row in rest
    ]


@pytest.mark.parametrize(("source", "target"), list(itertools.product(FORMS, FORMS)))
def test_every_form_is_answered_in_every_other_one(
    tmp_path: Path, source: str, target: str
) -> None:
    given_file = write(tmp_path / f"in.{source}", RECORDS)
    out = tmp_path / f"out.{target}"
    wishes = Wishes(headings="fields")
    tally = run_batch("grade-from-points", str(given_file), str(out), TODAY, wishes)
    assert (tally.records, tally.wrong) == (5, 2)
    for record, row in zip(RECORDS, read(out), strict=True):
        own = {} if target == "jsonl" else dict(record)
        try:
            answer = policy_core.calculate("grade-from-points", record, TODAY)
            wanted = row_of({"outcome": dict(answer.outcome)})
        except policy_core.InputErrors as error:
            wanted = {"errors": str(error)}
        taken = {
            f"outcome.{key}" if key in own and key in row else key: each
            for key, each in wanted.items()
        }
        assert {**own, **taken} == row


def test_parquet_keeps_the_types_of_what_it_was_given(tmp_path: Path) -> None:
    moment = datetime(2024, 1, 31, 8, 30, tzinfo=UTC)
    table = pa.table({
        "name": pa.array(["甲"]).dictionary_encode(), "day": pa.array([date(2024, 1, 31)]),
        "moment": pa.array([moment], pa.timestamp("ns", "UTC")), "tags": pa.array([["a", "b"]]),
        "grade": pa.array([4], pa.int8()), "carried": pa.array([3], pa.decimal128(5, 2)),
        "points": [40.0], "half": [2],
    })  # fmt: skip
    parquet.write_table(table, tmp_path / "in.parquet")
    for form in ("parquet", "csv", "xlsx"):
        out = tmp_path / f"out.{form}"
        assert (
            run_batch("grade-from-points", str(tmp_path / "in.parquet"), str(out), TODAY).wrong == 0
        )
    found = parquet.read_table(tmp_path / "out.parquet")
    types = {name: str(found.schema.field(name).type) for name in found.schema.names}
    wanted = {
        "name": "string", "day": "date32[day]", "moment": "timestamp[us, tz=UTC]", "grade": "int8",
        "carried": "decimal128(5, 2)", "points": "double", "levels": "int64", "new_grade": "int64",
        "title": "string", "bonus.min": "int64", "benefits.independent_projects": "bool", "errors": "string",
    }  # fmt: skip
    assert types.items() >= wanted.items()
    assert (
        found.to_pylist()[0].items() >= {"tags": ["a", "b"], "moment": moment, "levels": 2}.items()
    )
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig")))
    assert (row["tags"], row["day"], row["moment"]) == ('["a", "b"]', "2024-01-31", str(moment))
    cells = list(openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0].values)[1]
    assert cells[:3] == ("甲", datetime(2024, 1, 31), datetime(2024, 1, 31, 8, 30))  # noqa: DTZ001


def test_lists_and_entries_of_a_parquet_file_are_inputs(tmp_path: Path) -> None:
    table = pa.table({
        "regular_employee": [True], "ability": [80], "interview": [[80, 90.5]], "manager": [90],
        "peers": [[70.0, 80.0]],
    })  # fmt: skip
    parquet.write_table(table, tmp_path / "in.parquet")
    assert (
        run_batch(
            "candidate-score", str(tmp_path / "in.parquet"), str(tmp_path / "out.csv"), TODAY
        ).wrong
        == 0
    )
    candidate = {"name": "甲", **{name: table[name][0].as_py() for name in table.schema.names}}
    parquet.write_table(
        pa.table({"candidates": [[candidate, candidate | {"name": "乙"}]]}),
        tmp_path / "two.parquet",
    )
    run_batch(
        "candidate-ranking", str(tmp_path / "two.parquet"), str(tmp_path / "out.jsonl"), TODAY
    )
    (line,) = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [each["rank"] for each in json.loads(line)["outcome"]["ranking"]] == [1, 1]


def test_text_of_a_csv_becomes_numbers_and_days_where_a_column_can_hold_them(
    tmp_path: Path,
) -> None:
    names = ["证件", "备注", "备注", *FIELDS]
    source = tmp_path / "in.csv"
    rows: list[list[Any]] = [
        names,
        ["007", "=1", "", 4, "1,200", "40.5", 2, "", ""],
        ["8", "-", "x", "四", 0, 1, 1, "", "是"],
    ]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    out = tmp_path / "out.parquet"
    run_batch("grade-from-points", str(source), str(out), TODAY)
    first, second = parquet.read_table(out).to_pylist()
    assert (first["证件"], first["备注"], first["备注（2）"]) == ("007", "=1", "")
    assert (first["grade"], first["carried"], first["points"]) == (4, 1200, 40.5)
    assert (second["grade"], second["first_year"]) == (None, True)
    assert "“四”" in second["errors"]


def test_days_of_an_outcome_are_days(tmp_path: Path) -> None:
    case = next(each for each in cases("transfer-timeline"))
    source = write(tmp_path / "in.jsonl", [case])
    for form in ("xlsx", "parquet"):
        run_batch("transfer-timeline", str(source), str(tmp_path / f"out.{form}"), TODAY)
    schema = parquet.read_schema(tmp_path / "out.parquet")
    days = [name for name in schema.names if schema.field(name).type == pa.date32()]
    assert {"planned", "earliest", "latest"} <= set(days)
    header, row = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0].values
    assert isinstance(dict(zip(header, row, strict=True))["planned"], datetime)


# ---------------------------------------------------------------------------- headings


def cases(calculator: str) -> list[dict[str, Any]]:
    """Give the inputs of a calculator's cases."""
    import tomllib  # noqa: PLC0415

    table = tomllib.loads((ROOT / f"tests/cases/{calculator}.toml").read_text(encoding="utf-8"))
    return [
        json.loads(json.dumps(each["input"], default=str))
        for each in table["case"]
        if "outcome" in each
    ]


CALCULATORS = [each.id for each in policy_core.calculators()]


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_a_table_in_chinese_has_no_english_heading_and_can_be_answered_again(
    tmp_path: Path, calculator: str
) -> None:
    source = write(tmp_path / "in.jsonl", cases(calculator))
    out, again = tmp_path / "out.csv", tmp_path / "again.csv"
    tally = run_batch(calculator, str(source), str(out), TODAY, Wishes(headings="labels"))
    header, *rows = csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline=""))
    assert [
        name for name in header if re.search("[A-Za-z]{2}", re.sub(r"（[\w.\[\]]+）$", "", name))
    ] == []
    assert len(set(header)) == len(header)
    assert (header[-1], len(rows)) == ("错误", tally.records)
    if any("[" in json.dumps(case) for case in cases(calculator)):
        return  # a list without entries leaves no column
    run_batch(calculator, str(out), str(again), TODAY)
    own = len(next(iter(csv.reader(io.StringIO(again.read_text("utf-8-sig")))))) - len(header)
    assert own > 0
    twice = list(csv.reader(io.StringIO(again.read_text("utf-8-sig"), newline="")))
    assert [row[-1] for row in twice[1:]] == [row[-1] for row in rows]


def test_headings_follow_the_table_or_the_wish(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    for header in (
        "grade,carried,points,half",
        "当前级别(级),上期 结转,本期净积分（点）,结算的是哪个半年",
    ):
        source.write_text(f"{header}\n4,3,40,下半年\n-1,3,四十,3\n", encoding="utf-8")
        found = {}
        for style in ("labels", "fields", None):
            extra = ["--headings", style] if style else []
            result = CliRunner().invoke(
                handbook, ["batch", "grade-from-points", str(source), *extra]
            )
            found[style] = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
        labels, fields = found["labels"], found["fields"]
        assert (labels[0]["当前级别（级）"], labels[0]["升级（级）"]) == ("4", "2")
        assert labels[0]["奖金合计·最少（元）"] == fields[0]["bonus.min"]
        assert (fields[0]["grade"], fields[0]["levels"]) == ("4", "2")
        assert labels[1]["错误"] == (
            "当前级别（级）：填的是 −1，应是 0 或更大；本期净积分（点）：填的是“四十”，应是数字；"
            "结算的是哪个半年：填的是“3”，应是其中之一：上半年（1）、下半年（2）"
        )
        assert fields[1]["errors"].startswith(
            "grade：填的是 −1，应是 0 或更大；points：填的是“四十”"
        )
        plain = found[None][0]
        assert list(plain)[:4] == header.split(",")
        assert ("levels" in plain) == header.startswith("grade")


def test_a_code_is_shown_by_its_words_in_a_chinese_table(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [{"grade": 15}], ["grade"])
    styles: list[tuple[Style, str]] = [("labels", "公司经理级"), ("fields", "manager")]
    for style, wanted in styles:
        out = tmp_path / "out.csv"
        run_batch("grade-benefits", str(source), str(out), TODAY, Wishes(headings=style))
        assert wanted in out.read_text("utf-8-sig")


def test_a_problem_in_a_list_is_named_by_its_place() -> None:
    headings = headings_in("candidate-ranking", "labels")
    inputs = {"candidates": [{"name": "甲", "regular_employee": True, "ability": 80, "interview": [80, 120],
                              "manager": 9, "peers": [1]}] * 2}  # fmt: skip
    with pytest.raises(policy_core.InputErrors) as caught:
        policy_core.calculate("candidate-ranking", inputs)
    said = headings.problems(caught.value)
    assert said.startswith("参加竞聘的人·第1项·面试考评·第2项：填的是 120，应在 0 到 100 之间")


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.text("xyz", min_size=1, max_size=2)), unique=True),
    st.sets(st.sampled_from("abc")),
)
def test_headings_stay_apart(headings: list[tuple[str, str]], taken: set[str]) -> None:
    made = apart(headings, taken)
    assert len({*made, *taken}) == len(made) + len(taken)
    assert all(
        each.startswith(heading)
        for each, (heading, name) in zip(made, headings, strict=True)
        if heading != name
    )


# ---------------------------------------------------------------------------- hostile cells


@given(st.text())
def test_no_text_is_a_formula_in_csv(text: str) -> None:
    cell = comma_cell(text)
    assert isinstance(cell, str)
    assert cell in (text, f"'{text}")
    assert cell == text == "" or cell[0] not in "=@\t\r"
    if cell and cell[0] in "+-":
        float(cell)


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(deadline=None, max_examples=25)
@given(names=st.lists(HOSTILE, min_size=1, max_size=5))
def test_hostile_cells_come_through_as_text(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    names = [re.sub(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "", name) for name in names]
    records = [RECORDS[0] | {"备注": name} for name in names]
    source = write(folder / "in.parquet", records, ["备注", *FIELDS[:4]])
    for form in ("csv", "xlsx", "parquet"):
        assert (
            run_batch("grade-from-points", str(source), str(folder / f"out.{form}"), TODAY).wrong
            == 0
        )
    assert parquet.read_table(folder / "out.parquet")["备注"].to_pylist() == names
    assert [row.get("备注", "") for row in sheet(folder / "out.xlsx")] == names
    text = (folder / "out.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["备注"] for row in rows] == [comma_cell(name) for name in names]


# ---------------------------------------------------------------------------- many records


def many(number: int) -> list[dict[str, Any]]:
    """Make records, some of them wrong."""
    return [RECORDS[at % 4] | {"carried": at % 19} for at in range(number)]


@pytest.mark.parametrize(
    ("source", "target"), [("jsonl", "jsonl"), ("csv", "parquet"), ("parquet", "csv")]
)
def test_several_processes_give_the_same_file(tmp_path: Path, source: str, target: str) -> None:
    given_file = str(write(tmp_path / f"in.{source}", many(5 * CHUNK + 7)))
    results = [tmp_path / f"{jobs}.{target}" for jobs in (1, 2)]
    tallies = [
        run_batch(
            "grade-from-points", given_file, str(out), TODAY, Wishes(jobs=jobs, outcome_only=True)
        )
        for jobs, out in enumerate(results, 1)
    ]
    assert tallies[0] == tallies[1]
    assert results[0].read_bytes() == results[1].read_bytes()


def test_several_processes_read_standard_input_too() -> None:
    text = "".join(json.dumps(each) + "\n" for each in many(2 * CHUNK + 3))
    command = [
        sys.executable,
        "-m",
        "build_scripts",
        "batch",
        "grade-from-points",
        "-",
        "--jobs",
        "all",
        "--outcome-only",
    ]
    done = subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(lines)) == (1, 2 * CHUNK + 3)
    assert [set(each) for each in lines[:3]] == [{"calculator", "version", "outcome"}] * 2 + [
        {"errors"}
    ]


STOPS = [
    ("batch", signal.SIGINT),
    ("batch", signal.SIGTERM),
    ("worker", signal.SIGTERM),
    ("worker", signal.SIGKILL),
]


@pytest.fixture
def heard() -> Iterator[None]:
    """Hear the interrupt also where the suite runs in the background of a shell, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(("whom", "sign"), STOPS)
def test_what_is_stopped_leaves_what_was_there(
    tmp_path: Path, sign: signal.Signals, whom: str
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.csv"
    source.write_text((json.dumps(RECORDS[0]) + "\n") * 300_000, encoding="utf-8")
    target.write_text("before", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "build_scripts",
        "batch",
        "grade-from-points",
        str(source),
        "-o",
        str(target),
        "--jobs",
        "2",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        workers = wait_for_workers(process.pid)
        os.kill(process.pid if whom == "batch" else workers[0], sign)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode != 0
    assert target.read_text("utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.csv"]
    assert not any(alive(each) for each in workers)


def wait_for_workers(parent: int) -> list[int]:
    """Wait until both processes of a batch are at work."""
    for _ in range(300):
        time.sleep(0.1)
        found = [
            int(path.name)
            for path in Path("/proc").glob("[0-9]*")
            if f"PPid:\t{parent}\n" in text_of(path / "status")
            and "spawn_main" in text_of(path / "cmdline")
        ]
        if len(found) == 2:
            time.sleep(0.5)
            return found
    raise AssertionError("no workers")


def text_of(path: Path) -> str:
    """Read a file of a process that may be gone."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def alive(process: int) -> bool:
    """Tell whether a process still runs."""
    return Path(f"/proc/{process}").exists() and "State:\tZ" not in text_of(
        Path(f"/proc/{process}/status")
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [("jsonl", "jsonl"), ("csv", "csv"), ("jsonl", "xlsx"), ("parquet", "parquet")],
)
def test_memory_stays_flat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, target: str
) -> None:
    monkeypatch.setattr(ours, "GROUP", 100)
    monkeypatch.setattr(ours, "READ", 100)

    def peak(number: int) -> int:
        given_file = str(write(tmp_path / f"in{number}.{source}", many(number)))
        tracemalloc.start()
        run_batch(
            "grade-from-points",
            given_file,
            str(tmp_path / f"out.{target}"),
            TODAY,
            Wishes(outcome_only=True),
        )
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(800) < 1.25 * peak(200)
