"""A bank as other systems take it: GIFT, Moodle XML, a QTI 2.1 package, an Anki deck, and a paper to print.

Whatever a question says stays text: each form escapes what it would read as its own. Questions that
cannot be marked (no answer is known) are left out where the form needs an answer, and are told.
Where blanks may change places, each accepts what any of them accepts: no form here can count a word once.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from markupsafe import escape

from build_scripts.quiz import Bank, Item, can_be_told, plain
from build_scripts.words import form_environment

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the same bank gives the same bytes
ANKI_BACK = "{{FrontSide}}<hr id=answer>{{答案}}<br><small>{{出处}}</small>"
ANKI_EPOCH = 1_704_067_200.0
ID_BYTES = 4
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TRUTH = {True: "对", False: "错"}


def usable(bank: Bank) -> Iterator[tuple[str, Item]]:
    """Yield the questions that can be given to others, each with its section's title."""
    for section in bank.sections:
        for item in section.items:
            if can_be_told(item) or item.kind == "essay":
                yield section.title, item


def left_out(bank: Bank) -> list[str]:
    """Name the questions that no export holds."""
    kept = {item.id for _, item in usable(bank)}
    return [item.id for item in bank.items if item.id not in kept]


def accepted_by_blank(item: Item) -> list[list[str]]:
    """Give what each blank accepts; blanks that may change places accept each other's words."""
    accepted: list[list[str]] = [list(each) for each in item.detail["blanks"]]
    for group in item.detail["any_order"]:
        words = list(
            dict.fromkeys(word for place in group for word in item.detail["blanks"][place])
        )
        for place in group:
            accepted[place] = words
    return accepted


def model_answer(item: Item) -> str:
    """Give what an answer in one's own words should hold."""
    points = "\n".join(point["text"] for point in item.detail["points"])
    return points or str(item.detail["model"])


# ---------------------------------------------------------------------------- GIFT


def gift_text(text: str) -> str:
    """Escape what GIFT reads as its own."""
    escaped = re.sub(r"([\\~=#{}:])", r"\\\1", CONTROL.sub("", text))
    # A line of its own would end the question, and // at a line's start would be a comment.
    return re.sub(r"\s*\n\s*", r"\\n", escaped)


def gift(bank: Bank) -> bytes:
    """Write GIFT, one question a paragraph; a sentence with several blanks becomes one question a blank."""
    parts = [f"$CATEGORY: {gift_text(bank.title)}"]
    for _, item in usable(bank):
        if item.kind == "blank":
            parts += gift_blanks(item)
        else:
            parts.append(
                f"::{gift_text(item.id)}::[plain]{gift_text(item.stem)}{{{gift_answer(item)}}}"
            )
    return ("\n\n".join(parts) + "\n").encode()


def gift_answer(item: Item) -> str:
    """Write what stands in the braces."""
    if item.kind == "truth":
        return "T" if item.detail["answer"] else "F"
    if item.kind == "essay":
        words = model_answer(item)
        return f"####{gift_text(words)}" if words else ""
    right = item.detail["answer"]
    lines = []
    for option in item.detail["options"]:
        good = option["id"] in right
        sign = ("=" if good else "~") if len(right) == 1 else f"~%{weight(good, len(right))}%"
        lines.append(f"\n{sign}{gift_text(option['text'])}")
    return "".join(lines) + "\n"


def weight(good: bool, count: int) -> str:
    """Give an option's share of the marks in percent: a wrong one takes all away."""
    if not good:
        return "-100"
    share = Fraction(100, count)
    return f"{float(share):.5f}".rstrip("0").rstrip(".")


def gift_blanks(item: Item) -> Iterator[str]:
    """Write each blank as a question of its own."""
    parts, accepted = item.detail["parts"], accepted_by_blank(item)
    for place, words in enumerate(accepted):
        stem = "".join(
            text + ("" if at == len(accepted) else "【　】" if at == place else "（　）")
            for at, text in enumerate(parts)
        )
        answers = " ".join(f"={gift_text(word)}" for word in words)
        yield f"::{gift_text(item.id)} 第 {place + 1} 空::[plain]{gift_text(stem)}{{{answers}}}"


# ---------------------------------------------------------------------------- Moodle XML


def xml_bytes(root: ET.Element, *, indented: bool = True) -> bytes:
    """Write a tree as XML; indented, unless a line break would become part of a sentence."""
    if indented:
        ET.indent(root)
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue() + b"\n"


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Append an element."""
    made = ET.SubElement(parent, tag, attributes)
    made.text = None if text is None else CONTROL.sub("", text)
    return made


def moodle_text(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    """Append Moodle's <tag><text>; where it is HTML, our text is escaped into it."""
    made = add(parent, tag, **attributes)
    add(made, "text", str(escape(text)) if attributes.get("format") == "html" else text)
    return made


def moodle(bank: Bank) -> bytes:
    """Write Moodle XML: choices, truth values, sentences with blanks (cloze) and essays."""
    quiz = ET.Element("quiz")
    moodle_text(add(quiz, "question", type="category"), "category", f"$course$/{bank.title}")
    for title, item in usable(bank):
        kinds = {"choice": "multichoice", "truth": "truefalse", "blank": "cloze", "essay": "essay"}
        question = add(quiz, "question", type=kinds[item.kind])
        moodle_text(question, "name", f"{item.id} {title}")
        MOODLE[item.kind](question, item)
    return xml_bytes(quiz)


def moodle_choice(question: ET.Element, item: Item) -> None:
    """Add a choice."""
    right = item.detail["answer"]
    moodle_text(question, "questiontext", item.stem, format="html")
    add(question, "defaultgrade", str(plain(item.marks)))
    add(question, "single", "true" if len(right) == 1 else "false")
    add(question, "shuffleanswers", "true")
    add(question, "answernumbering", "ABCD")
    for option in item.detail["options"]:
        good = option["id"] in right
        fraction = "0" if not good and len(right) == 1 else weight(good, len(right))
        moodle_text(question, "answer", option["text"], fraction=fraction, format="html")


def moodle_truth(question: ET.Element, item: Item) -> None:
    """Add a statement."""
    moodle_text(question, "questiontext", item.stem, format="html")
    add(question, "defaultgrade", str(plain(item.marks)))
    for value in (True, False):
        fraction = "100" if item.detail["answer"] is value else "0"
        word = str(value).lower()
        moodle_text(question, "answer", word, fraction=fraction, format="moodle_auto_format")


def moodle_blanks(question: ET.Element, item: Item) -> None:
    """Add a sentence whose blanks stand in it, each as {1:SHORTANSWER:=…}."""
    # Braces of our own text would open a blank.
    pieces = [html(item.detail["parts"][0])]
    for text, words in zip(item.detail["parts"][1:], accepted_by_blank(item), strict=True):
        answers = "~".join(f"={cloze_text(word)}" for word in words)
        pieces.append(f"{{1:SHORTANSWER:{answers}}}{html(text)}")
    add(add(question, "questiontext", format="html"), "text", "".join(pieces))


def cloze_text(word: str) -> str:
    """Escape what a blank reads as its own, after what HTML does."""
    return re.sub(r'([\\~=#}/"])', r"\\\1", str(escape(word)))


def moodle_essay(question: ET.Element, item: Item) -> None:
    """Add a question in one's own words, the key points for the teacher."""
    moodle_text(question, "questiontext", item.stem, format="html")
    moodle_text(question, "graderinfo", model_answer(item), format="html")
    add(question, "defaultgrade", str(plain(item.marks)))
    add(question, "responseformat", "editor")


MOODLE: dict[str, Callable[[ET.Element, Item], None]] = {
    "choice": moodle_choice, "truth": moodle_truth, "blank": moodle_blanks, "essay": moodle_essay,
}  # fmt: skip


# ---------------------------------------------------------------------------- QTI 2.1


def qti(bank: Bank) -> bytes:
    """Pack QTI 2.1 items and their manifest into a zip."""
    manifest = ET.Element("manifest", xmlns=PACKAGE, identifier=f"bank-{bank.digest}")
    metadata = add(manifest, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1")
    add(manifest, "organizations")
    resources = add(manifest, "resources")
    files = {}
    for _, item in usable(bank):
        name = f"items/item-{item.id.replace('.', '-')}.xml"
        files[name] = xml_bytes(qti_item(item), indented=item.kind != "blank")
        resource = add(
            resources, "resource", identifier=f"item-{item.id.replace('.', '-')}",
            type="imsqti_item_xmlv2p1", href=name,
        )  # fmt: skip
        add(resource, "file", href=name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {"imsmanifest.xml": xml_bytes(manifest), **files}.items():
            package.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def qti_item(item: Item) -> ET.Element:
    """Write one assessment item: declarations, body, processing, in the order of the schema."""
    root = ET.Element(
        "assessmentItem", xmlns=QTI, identifier=f"item-{item.id.replace('.', '-')}",
        title=f"第 {item.id} 题", adaptive="false", timeDependent="false",
    )  # fmt: skip
    if item.kind == "blank":
        qti_blanks(root, item)
    elif item.kind == "essay":
        declare(root, "RESPONSE", "single", "string", [])
        outcome(root, item)
        interaction = add(
            add(root, "itemBody"), "extendedTextInteraction", responseIdentifier="RESPONSE"
        )
        add(interaction, "prompt", item.stem)
    else:
        qti_choice(root, item)
    return root


def declare(
    root: ET.Element, name: str, cardinality: str, base: str, correct: list[str]
) -> ET.Element:
    """Declare a response and what is right."""
    made = add(root, "responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
    if correct:
        right = add(made, "correctResponse")
        for each in correct:
            add(right, "value", each)
    return made


def outcome(root: ET.Element, item: Item) -> None:
    """Declare the score and what it can be at most."""
    made = add(
        root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float",
        normalMaximum=str(plain(item.marks)),
    )  # fmt: skip
    add(add(made, "defaultValue"), "value", "0")


def qti_choice(root: ET.Element, item: Item) -> None:
    """Add a choice, or a statement as a choice of two; only what is exactly right scores."""
    if item.kind == "truth":
        options = [{"id": "true", "text": TRUTH[True]}, {"id": "false", "text": TRUTH[False]}]
        right = [str(item.detail["answer"]).lower()]
    else:
        options, right = item.detail["options"], item.detail["answer"]
    many = len(right) > 1
    declare(root, "RESPONSE", "multiple" if many else "single", "identifier", right)
    outcome(root, item)
    interaction = add(
        add(root, "itemBody"), "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false",
        maxChoices="0" if many else "1",
    )  # fmt: skip
    add(interaction, "prompt", item.stem)
    for option in options:
        add(interaction, "simpleChoice", option["text"], identifier=option["id"])
    processing = add(root, "responseProcessing")
    condition = add(add(processing, "responseCondition"), "responseIf")
    match = add(condition, "match")
    add(match, "variable", identifier="RESPONSE")
    add(match, "correct", identifier="RESPONSE")
    add(
        add(condition, "setOutcomeValue", identifier="SCORE"),
        "baseValue", str(plain(item.marks)), baseType="float",
    )  # fmt: skip


def qti_blanks(root: ET.Element, item: Item) -> None:
    """Add a sentence with its blanks in place; each is mapped from what it accepts to its share."""
    accepted = accepted_by_blank(item)
    share = str(float(item.marks / len(accepted)))
    names = [f"RESPONSE{place}" for place in range(1, len(accepted) + 1)]
    for name, words, first in zip(names, accepted, item.detail["blanks"], strict=True):
        made = declare(root, name, "single", "string", [first[0]])
        mapping = add(made, "mapping", defaultValue="0")
        for word in words:
            add(
                mapping, "mapEntry", mapKey=CONTROL.sub("", word), mappedValue=share,
                caseSensitive="false",
            )  # fmt: skip
    outcome(root, item)
    line = add(add(root, "itemBody"), "p", item.detail["parts"][0])
    for name, text in zip(names, item.detail["parts"][1:], strict=True):
        add(line, "textEntryInteraction", responseIdentifier=name).tail = CONTROL.sub("", text)
    processing = add(root, "responseProcessing")
    total = add(add(processing, "setOutcomeValue", identifier="SCORE"), "sum")
    for name in names:
        add(total, "mapResponse", identifier=name)


# ---------------------------------------------------------------------------- Anki


def anki(bank: Bank) -> bytes:
    """Pack an Anki deck: the question on the front, the answer and where it stands on the back."""
    import genanki  # noqa: PLC0415 - only a deck needs it

    model = genanki.Model(
        number("handbook-quiz"), "制度手册测验",
        fields=[{"name": "题目"}, {"name": "答案"}, {"name": "出处"}],
        templates=[{"name": "卡片", "qfmt": "{{题目}}", "afmt": ANKI_BACK}],
        css=".card { font-family: sans-serif; font-size: 18px; text-align: left; }",
    )  # fmt: skip
    deck = genanki.Deck(number(bank.id), bank.title)
    for title, item in usable(bank):
        front, back = card(item)
        fields = [html(front), html(back), html(f"{bank.title} {title} {item.id}")]
        deck.add_note(genanki.Note(model=model, fields=fields, guid=f"{bank.id}-{item.id}"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(path, timestamp=ANKI_EPOCH)
        return path.read_bytes()


def number(name: str) -> int:
    """Make an id that stays the same for a name, so that a new export updates the old deck."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:ID_BYTES]) // 2


def html(text: str) -> str:
    """Write text as HTML that shows it; braces would be Anki's own."""
    shown = str(escape(CONTROL.sub("", text))).replace("{", "&#123;").replace("}", "&#125;")
    return shown.replace("\n", "<br>")


def card(item: Item) -> tuple[str, str]:
    """Give the two sides of a card."""
    match item.kind:
        case "choice":
            options = {option["id"]: option["text"] for option in item.detail["options"]}
            front = [item.stem, *(f"{name}、{text}" for name, text in options.items())]
            back = [f"{name}、{options.get(name, '')}" for name in item.detail["answer"]]
            return "\n".join(front), "\n".join(back)
        case "truth":
            return f"{item.stem}\n对还是错？", TRUTH[item.detail["answer"]]
        case "blank":
            words = [" = ".join(each) for each in item.detail["blanks"]]
            free = "（有的空不分先后）" if item.detail["any_order"] else ""
            return item.stem, "；".join(words) + free
    return item.stem, model_answer(item) or "没有标准答案，请老师看。"


# ---------------------------------------------------------------------------- paper


def paper(bank: Bank) -> bytes:
    """Write a paper to print from any browser: the questions, then the key on a page of its own."""
    keys = [
        (section.title, [(item.id.split(".")[-1], key(item)) for item in section.items])
        for section in bank.sections
    ]
    template = form_environment().get_template("quiz/paper.html")
    return template.render(bank=bank, marks=plain(bank.marks), keys=keys, plain=plain).encode()


def key(item: Item) -> str:
    """Give an answer as it stands in the key."""
    if not can_be_told(item):
        return "没有标准答案"
    match item.kind:
        case "choice":
            return "、".join(item.detail["answer"])
        case "truth":
            return TRUTH[item.detail["answer"]]
        case "blank":
            return card(item)[1]
    return model_answer(item)


FORMATS: dict[str, Callable[[Bank], bytes]] = {
    "gift": gift, "moodle-xml": moodle, "qti": qti, "anki": anki, "paper": paper,
}  # fmt: skip
BINARY = ("qti", "anki")
