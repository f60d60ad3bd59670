"""The page's reader and writer of tables beside the command line's: the same cells of the same files."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from build_scripts.hook import ASSETS, LIBRARIES
from build_scripts.many import columns_of
from build_scripts.tables import open_table, write_csv
from build_scripts.words import example, load_labels
from policy_core import Field, calculator
from policy_core._cells import TEXT, Cell, Column, TableError
from policy_core._columns import Columns
from policy_core._headings import Headings
from policy_core._rows import written

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")

READ = """
import { readFileSync } from "node:fs";
const { Table } = await import(process.argv[2]);
const columns = [{ heading: "=1", kind: "", name: "x" }];
for (const name of process.argv.slice(3)) {
  try {
    const bytes = readFileSync(name);
    const table = Table.read(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    table.results = table.rows.map(({ cells }) => ({ own: cells, values: { x: cells[0] } }));
    const comma = [...table.comma(columns)].join("");
    console.log(JSON.stringify({ header: table.header, rows: table.rows, comma }));
  } catch (error) {
    console.log(JSON.stringify({ failed: `${error.constructor.name}: ${error.message}` }));
  }
}
"""

STRANGE_TEXT = [
    "a,b\n1,2\n",
    "a;b;c\r\n1;2;\r\n\r\n3;4;5",
    'a\tb\n"x\ty"\t2\n',
    'a,b\n"1""2",3\n"x"y,"z\n',
    'a,b\nx"y"z, "q"\n""\n"",\n',
    "a,b\r1,2\r\r\n3,4\r",
    'a,b\n"line\r\nbreak",2\n"open to the end',
    'a\n=1+1\n+5\n-x\n＝1\n@now\n"\tx"\n-3.5\n+４\n',
    "\n\n a , b \n1,2,3,4\n",
]  # fmt: skip
SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>
<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c></x:row>
<x:row r="3" spans="1:9"><x:c r="A3" t="s"><x:v>2</x:v></x:c><x:c r="C3" s="1"><x:v>45322</x:v></x:c>
<x:c r="D3" s="2"><x:v>45322.520833333336</x:v></x:c><x:c r="E3" t="b"><x:v>1</x:v></x:c>
<x:c r="F3" t="e"><x:v>#N/A</x:v></x:c><x:c r="G3"><x:f>A1*2</x:f><x:v>7.5</x:v></x:c>
<x:c r="H3" t="str"><x:f>A1</x:f><x:v>x &amp; y</x:v></x:c><x:c r="I3" s="3"><x:v>1.25</x:v></x:c></x:row>
<x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c s="4"><x:v>45322</x:v></x:c>
<x:c s="5"><x:v>0.35416666666</x:v></x:c><x:c><x:v>110101199003071234</x:v></x:c>
<x:c><x:v>1E-3</x:v></x:c><x:c s="6"><x:v>5</x:v></x:c><x:c t="d"><x:v>2024-01-31T08:30:00</x:v></x:c>
<x:c s="1"><x:v>59</x:v></x:c></x:row>
<x:row><x:c r="AB5"><x:v>1</x:v></x:c></x:row><x:row/><x:row><x:c r="A7" t="s"><x:v/></x:c></x:row>
</x:sheetData></x:worksheet>"""
STRINGS = """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<si><t>姓名</t></si><si><r><rPr><b/></rPr><t>入</t></r><r><t xml:space="preserve">职 </t></r></si>
<si><t>东京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></si></sst>"""
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
<numFmt numFmtId="165" formatCode="[hh]:mm"/><numFmt numFmtId="166" formatCode="0&quot;d&quot;"/></numFmts>
<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0"/>
<xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/><xf numFmtId="31"/><xf numFmtId="20"/>
<xf numFmtId="166"/></cellXfs></styleSheet>"""


def as_excel_writes(path: Path, *, since_1904: bool = False) -> None:
    """Write a workbook with all that other programs write and openpyxl does not."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    targets = {"worksheet": "/xl/worksheets/first.xml", "sharedStrings": "sharedStrings.xml",
               "styles": "styles.xml", "chartsheet": "chartsheets/one.xml"}  # fmt: skip
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{links}/{name}" Target="{target}"/>'
        for name, target in targets.items()
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{parts}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/first.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{parts}/relationships"><Relationship Id="a" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:q="{links}"><workbookPr '
        f'date1904="{int(since_1904)}"/><sheets>'
        '<sheet name="人" sheetId="2" q:id="rworksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{parts}/relationships">'
        f"{relations}</Relationships>",
        "xl/worksheets/first.xml": SHEET, "xl/sharedStrings.xml": STRINGS, "xl/styles.xml": STYLES,
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def by_openpyxl(path: Path) -> None:
    """Write a workbook as other Python programs do."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["姓名", 2024, None, True])
    sheet.append(["=1+1", 4.5, "", False, date(2024, 1, 31), datetime(2024, 1, 31, 8, 30, 15)])  # noqa: DTZ001
    sheet.append([None, "𠮷<&>\"'", time(8, 30), timedelta(hours=30), 1e21, -7])
    book.save(path)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the browser modules and their libraries side by side, as the build does."""
    folder = tmp_path_factory.mktemp("modules")
    for each in (*ASSETS.glob("many-*.js"), ASSETS / "save-workbook.js"):
        shutil.copyfile(each, folder / each.name)
    for name, library in LIBRARIES.items():
        shutil.copyfile(library, folder / name)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "read.mjs").write_text(READ, encoding="utf-8")
    return folder


def read_there(modules: Path, files: list[Path]) -> list[dict[str, Any]]:
    """Read files by the page's modules."""
    command = ["node", str(modules / "read.mjs"), str(modules / "many-table.js"), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_here(path: Path) -> dict[str, Any]:
    """Read a file as the command line does."""
    with open_table(path) as table:
        rows = list(table.rows)
    out = io.BytesIO()
    width = len(table.header)
    padded: list[list[Cell]] = [[*row, *[None] * width][:width] for row in rows]
    columns = [Column(each, TEXT) for each in [*table.header, "=1"]]
    write_csv(columns, [[*row, row[0] if row else None] for row in padded], out)
    return {"header": table.header, "rows": rows, "comma": out.getvalue().decode()}


WAYS: dict[str, Callable[[Path], None]] = {
    "excel.xlsx": as_excel_writes,
    "mac.xlsx": lambda path: as_excel_writes(path, since_1904=True),
    "python.xlsx": by_openpyxl,
    **{
        f"{index}.csv": lambda path, text=text: path.write_bytes(text.encode())  # type: ignore[misc]
        for index, text in enumerate(STRANGE_TEXT)
    },
    **{
        f"{encoding}.csv": lambda path, encoding=encoding: path.write_bytes(  # type: ignore[misc]
            "姓名,备注\r\n欧阳,镕基\r\n".encode(encoding)
        )
        for encoding in ("utf-8-sig", "gb18030", "utf-16")
    },
}


def test_the_page_reads_and_writes_what_the_command_line_does(
    modules: Path, tmp_path: Path
) -> None:
    for name, write in WAYS.items():
        write(tmp_path / name)
    files = [tmp_path / name for name in WAYS]
    for path, there in zip(files, read_there(modules, files), strict=True):
        here = read_here(path)
        found = [bare(row["cells"]) for row in there["rows"]]
        assert found == [bare([shown(cell) for cell in row]) for row in here["rows"]], path
        assert there["header"] == here["header"], path
        assert there["comma"] == here["comma"], path
    assert [row["number"] for row in read_there(modules, files[:1])[0]["rows"]] == [3, 4, 5]


def shown(cell: Cell) -> object:
    """Write a cell as the page has it; a number of many digits stays text there."""
    return written(cell)


def bare(cells: list[Any]) -> list[Any]:
    """Leave out what is empty at the end of a row."""
    while cells and cells[-1] in (None, ""):
        cells = cells[:-1]
    return cells


WRONG: dict[str, tuple[bytes, str]] = {
    "torn.xlsx": (b"PK\x03\x04 no sheet", "不是完好的"),
    "old.xls": (bytes.fromhex("d0cf11e0a1b11ae1"), "旧式的 .xls"),
    "torn.csv": (b"a,b\n\xff\xff\n", "读不出文字"),
    "zeros.csv": (b"a,b\0\n1,2\n", "读不出文字"),
    "empty.csv": (b"", "里面没有内容"),
    "heads.csv": (b"a,b\n,\n", "一个人也没有"),
    "long.csv": (b"a\n" + b"1\n" * 100_001, "一次最多 100000 行"),
    "wide.csv": (b"a\n" + b"x" * 1_000_001, "读不出文字"),
}


def test_a_table_that_cannot_be_used_says_why(modules: Path, tmp_path: Path) -> None:
    for name, (content, _) in WRONG.items():
        (tmp_path / name).write_bytes(content)
    said = read_there(modules, [tmp_path / name for name in WRONG])
    for (name, (_, words)), each in zip(WRONG.items(), said, strict=True):
        assert words in each["failed"], name


def test_the_form_to_fill_in_has_the_columns_that_are_read() -> None:
    for chosen in map(calculator, ("candidate-ranking", "grade-from-points", "transfer-timeline")):
        words = load_labels(chosen.id).inputs
        from build_scripts.headings import headings_in  # noqa: PLC0415

        headings = headings_in(chosen.id, "labels")
        form = list(columns_of(chosen.fields, words, headings, example(chosen.id)))
        read = Columns(chosen, [each["heading"] for each in form], words)
        assert read.unused == ()
        inputs = read.record([each["example"] for each in form])
        assert set(inputs) <= {field.name for field in chosen.fields}


def test_what_is_allowed_is_told_as_a_person_says_it() -> None:
    fields = (
        Field(name="a", kind="number", maximum=None),
        Field(name="b", kind="text", required=False),
    )
    form = columns_of(fields, {}, Headings(fields), {})
    assert [(each["allowed"], each["need"]) for each in form] == [
        ("数字", "要填"),
        ("文字", "可以不填"),
    ]


def test_a_table_error_is_one(tmp_path: Path) -> None:
    (tmp_path / "torn.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(TableError), open_table(tmp_path / "torn.xlsx"):
        pass
