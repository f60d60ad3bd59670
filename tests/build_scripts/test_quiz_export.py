"""Every export, read back by a reader that is not ours; hostile text stays text."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import warnings
import zipfile
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from build_scripts.cli import handbook
from build_scripts.quiz import Bank
from build_scripts.quiz_export import FORMATS, accepted_by_blank, left_out
from build_scripts.quiz_paper import parse_bank
from build_scripts.source import read_text

ROOT = Path(__file__).resolve().parents[2]
OWN = parse_bank(read_text(ROOT / "docs/quiz/service-etiquette.txt"), "service-etiquette")
# What each form would read as its own: braces, signs, markup, CDATA, formulas, an Anki field.
EVIL = r"a{b}=c~d#e:f\g<b>&amp;]]><![CDATA[x]]>=1+1{{题目}}//%50%“”\"'"


def hostile(evil: str) -> Bank:
    """Make a bank in which hostile text stands in every place."""
    return parse_bank(HOSTILE_TEXT.replace("EVIL", evil), "hostile")


HOSTILE_TEXT = """标题：坏字符
一、选择题（每题2分）
1.选 EVIL 的（A）。A、对 EVIL B、错 EVIL
2.选两个（A、B）。A、一 EVIL B、二 EVIL C、三 EVIL
二、判断题（每题2分）
1.说法 EVIL 成立。（×）
三、填空题（每题2分）
1.前 EVIL 中（EVIL）后 EVIL 末（第二）。
四、简答题
1.为什么 EVIL？
答：因为 EVIL
要点：要点 EVIL
"""
HOSTILE = hostile(EVIL)
BANKS = pytest.mark.parametrize("bank", [OWN, HOSTILE], ids=lambda bank: bank.id)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - our own export


# ---------------------------------------------------------------------------- GIFT


def shown(text: str) -> str:
    """Give a text as GIFT shows it: pygiftparser keeps the escapes until it renders."""
    return squeezed(re.sub(r"\\([\\~=#{}:])", r"\1", text))


def gift_questions(content: bytes) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its old regular expressions
        from pygiftparser import parser  # noqa: PLC0415

        found: list[Any] = parser.parseFile(io.StringIO(content.decode()))
    return found


def test_gift_escapes_whatever_is_its_own() -> None:
    for line in FORMATS["gift"](HOSTILE).decode().splitlines():
        bare = re.sub(r"\\[\\~=#{}:]", "", line)  # what is left is written by us
        assert not re.search(r"[\\]|//[^%]", bare), line
        assert bare.count("{") <= 1
        assert bare.count("}") <= 1


# This reader, unlike Moodle, ends the answers at a closing brace even where it is escaped.
@pytest.mark.parametrize("bank", [OWN, hostile(EVIL.replace("}", ""))], ids=lambda bank: bank.id)
def test_gift_is_read_back_by_pygiftparser(bank: Bank) -> None:
    found = iter(gift_questions(FORMATS["gift"](bank)))
    for item in bank.items:
        if item.kind == "blank":
            for words in accepted_by_blank(item):
                question = next(found)
                assert question.valid
                assert [shown(each.answer) for each in question.answers.answers] == words
            continue
        question = next(found)
        assert (question.valid, question.title) == (True, item.id)
        assert shown(question.text) == squeezed(item.stem)
        if item.kind == "choice":
            texts = [shown(each.answer) for each in question.answers.answers]
            assert texts == [squeezed(option["text"]) for option in item.detail["options"]]
            chosen = [
                option["id"]
                for option, each in zip(
                    item.detail["options"], question.answers.answers, strict=True
                )
                if each.fraction > 0
            ]
            assert chosen == item.detail["answer"]
        elif item.kind == "truth":
            assert type(question.answers).__name__ == "TrueFalseSet"
            assert question.answers.answer is item.detail["answer"]
    assert next(found, None) is None


# ---------------------------------------------------------------------------- Moodle XML


@BANKS
def test_moodle_xml_holds_what_moodle_s_importer_asks_for(bank: Bank) -> None:
    root = parsed(FORMATS["moodle-xml"](bank))
    category, *questions = root.findall("question")
    assert category.get("type") == "category"
    assert category.findtext("category/text") == f"$course$/{bank.title}"
    for item, question in zip(bank.items, questions, strict=True):
        assert question.findtext("name/text", "").startswith(item.id)
        stem = question.find("questiontext")
        assert stem is not None
        assert stem.get("format") == "html"
        text = stem.findtext("text", "")
        assert "<" not in text  # nothing of ours is markup
        kind = question.get("type")
        answers = question.findall("answer")
        if kind == "multichoice":
            assert unescape(text) == item.stem
            shares = [float(each.get("fraction", "")) for each in answers]
            assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=0.001)
            options = item.detail["options"]
            assert [unescape(each.findtext("text", "")) for each in answers] == [
                option["text"] for option in options
            ]
            good = [
                option["id"] for option, share in zip(options, shares, strict=True) if share > 0
            ]
            assert good == item.detail["answer"]
            assert question.findtext("single") == ("true" if len(good) == 1 else "false")
        elif kind == "truefalse":
            right = [each.findtext("text") for each in answers if each.get("fraction") == "100"]
            assert right == [str(item.detail["answer"]).lower()]
        elif kind == "cloze":
            blanks = re.findall(r"\{1:SHORTANSWER:((?:\\.|[^}\\])*)\}", text)
            told = [
                [
                    unescape(re.sub(r"\\(.)", r"\1", word))
                    for word in re.split(r"(?<!\\)~?=", each)[1:]
                ]
                for each in blanks
            ]
            assert told == accepted_by_blank(item)
            around = re.sub(r"\{1:SHORTANSWER:((?:\\.|[^}\\])*)\}", "", text)
            assert unescape(around) == "".join(item.detail["parts"])
        else:
            assert (kind, unescape(text)) == ("essay", item.stem)


# ---------------------------------------------------------------------------- QTI 2.1

NAMES = {
    "q": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "p": "http://www.imsglobal.org/xsd/imscp_v1p1",
}
ORDER = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"]


def scored(root: ET.Element, responses: dict[str, Any]) -> float:
    """Process responses as the specification says, for the few rules that are used."""
    declared = {
        each.get("identifier"): each for each in root.findall("q:responseDeclaration", NAMES)
    }
    processing = root.find("q:responseProcessing", NAMES)
    assert processing is not None
    match = processing.find(".//q:match", NAMES)
    if match is not None:
        right = [
            each.text for each in declared["RESPONSE"].findall("q:correctResponse/q:value", NAMES)
        ]
        value = processing.findtext(".//q:baseValue", "", NAMES)
        return float(value) if sorted(responses["RESPONSE"]) == sorted(right) else 0.0  # type: ignore[type-var]
    total = 0.0
    for each in processing.findall(".//q:sum/q:mapResponse", NAMES):
        name = each.get("identifier")
        entries = declared[name].findall("q:mapping/q:mapEntry", NAMES)
        mapped = {entry.get("mapKey"): float(entry.get("mappedValue", "")) for entry in entries}
        total += mapped.get(responses[str(name)], 0.0)
    return total


@BANKS
def test_qti_is_a_package_whose_items_score_as_the_specification_says(bank: Bank) -> None:
    package = zipfile.ZipFile(io.BytesIO(FORMATS["qti"](bank)))
    assert package.testzip() is None
    manifest = parsed(package.read("imsmanifest.xml"))
    resources = manifest.findall("p:resources/p:resource", NAMES)
    assert {each.get("type") for each in resources} == {"imsqti_item_xmlv2p1"}
    names = [each.get("href") for each in resources]
    assert sorted(package.namelist()) == sorted(["imsmanifest.xml", *map(str, names)])
    assert names == [each.get("href") for each in manifest.findall(".//p:file", NAMES)]
    for item, name in zip(bank.items, names, strict=True):
        root = parsed(package.read(str(name)))
        assert root.tag == f"{{{NAMES['q']}}}assessmentItem"
        assert {"identifier", "title", "adaptive", "timeDependent"} <= set(root.attrib)
        tags = [each.tag.split("}")[1] for each in root]
        assert tags == sorted(tags, key=ORDER.index)
        declared = {each.get("identifier") for each in root.findall("q:responseDeclaration", NAMES)}
        asked = {
            each.get("responseIdentifier") for each in root.iter() if each.get("responseIdentifier")
        }
        assert declared == asked
        if item.kind in ("choice", "truth"):
            right = item.detail["answer"]
            right = right if item.kind == "choice" else [str(right).lower()]
            assert scored(root, {"RESPONSE": right}) == float(item.marks)
            assert scored(root, {"RESPONSE": [*right, "Z"]}) == 0
            assert root.findtext(".//q:prompt", "", NAMES) == item.stem
        if item.kind == "choice":
            shown = {
                each.get("identifier"): each.text
                for each in root.iter(f"{{{NAMES['q']}}}simpleChoice")
            }
            assert shown == {option["id"]: option["text"] for option in item.detail["options"]}
        if item.kind == "blank":
            answers = {
                f"RESPONSE{place}": words[-1]
                for place, words in enumerate(item.detail["blanks"], 1)
            }
            assert scored(root, answers) == pytest.approx(float(item.marks))
            assert scored(root, answers | {"RESPONSE1": "?"}) < float(item.marks)
            line = root.find(".//q:p", NAMES)
            assert line is not None
            assert [line.text or "", *(each.tail or "" for each in line)] == item.detail["parts"]


# ---------------------------------------------------------------------------- Anki and paper


@BANKS
def test_the_anki_deck_holds_a_note_and_a_card_for_each_question(
    bank: Bank, tmp_path: Path
) -> None:
    package = zipfile.ZipFile(io.BytesIO(FORMATS["anki"](bank)))
    package.extract("collection.anki2", tmp_path)
    with sqlite3.connect(tmp_path / "collection.anki2") as database:
        notes = [
            each[0].split("\x1f") for each in database.execute("select flds from notes order by id")
        ]
        cards = database.execute("select count(*) from cards").fetchone()[0]
        decks = json.loads(database.execute("select decks from col").fetchone()[0])
    database.close()
    assert len(notes) == cards == bank.size
    assert bank.title in {each["name"] for each in decks.values()}
    for item, (front, _, source) in zip(bank.items, notes, strict=True):
        assert "{" not in front
        assert not re.search(r"<(?!br>)", front)
        assert unescape(front.replace("<br>", "\n")).startswith(item.stem)
        assert source.endswith(item.id)


@BANKS
def test_the_paper_has_its_key_on_a_page_of_its_own(bank: Bank) -> None:
    page = FORMATS["paper"](bank).decode()
    questions, key = page.split('<section class="key">')
    blanks = 0
    for item in bank.items:
        if item.kind == "blank":
            blanks += len(item.detail["blanks"])
            assert all(words[0] in unescape(key) for words in item.detail["blanks"])
        else:
            assert item.stem in unescape(questions)
    assert questions.count('<span class="blank">') == blanks
    assert "<b>&" not in page


@BANKS
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bank_gives_the_same_bytes(bank: Bank, form: str) -> None:
    if form != "anki":  # its note ids are the time
        assert FORMATS[form](bank) == FORMATS[form](bank)
    assert left_out(bank) == []


def test_what_has_no_answer_is_left_out_and_told(tmp_path: Path) -> None:
    text = tmp_path / "bank.txt"
    text.write_text(
        "标题：缺答案\n\n一、判断题\n1.水是湿的。\n2.火是热的。（√）\n", encoding="utf-8"
    )
    out = tmp_path / "bank.gift"
    result = CliRunner().invoke(
        handbook, ["quiz", "export", str(text), "--format", "gift", "-o", str(out)]
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 题没有答案，没有写进去：1.1" in result.stderr
    assert "火是热的" in out.read_text(encoding="utf-8")
    assert "水是湿的" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["export", "service-etiquette", "--format", "word"], 2, "应是其中之一：gift、moodle-xml"),
        (["export", "service-etiquette"], 2, "少写了 --format"),
        (["export", "service-etiquete", "--format", "gift"], 2, "是不是 service-etiquette"),
        (["export", "service-etiquette", "--format", "qti", "-o", "/nowhere/x.zip"], 2, "写不进去"),
        (["check", "/nowhere.txt"], 2, "打不开"),
        (["check", "docs/quiz/service-etiquette.txt"], 1, "service-etiquette.txt:47: 第 4.2 题"),
        (["check", "docs/quiz/service-etiquette.txt", "--json"], 1, '"usable":16'),
        (["export", "service-etiquette", "--format", "moodle-xml"], 0, "<quiz>"),
    ],
)  # fmt: skip
def test_the_commands_say_what_they_did(
    words: list[str], status: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(handbook, ["quiz", *words])
    assert result.exit_code == status
    assert said in re.sub(r'": ', '":', result.output)
