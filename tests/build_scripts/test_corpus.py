"""Real texts: the collection, our own texts, and the corpus where it is present."""

import csv
import re
from pathlib import Path

import pytest

from build_scripts.collection import import_collection, split_collection
from build_scripts.outline import Document, parse
from build_scripts.source import load, read_text

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
COLLECTION = SHARED / "policy-texts" / "collection.txt"
CORPUS = SHARED / "corpus"
needs_collection = pytest.mark.skipif(not COLLECTION.exists(), reason="the collection is not here")
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")

# Every clause that the rules and the doubts cite, in the collection's order.
CITED = {
    "team-leader": "1 1.1 2 3 3.1 3.2 4.1 4.2 4.3",
    "service-ladder": """2.2 2.3 3 4.1 4.1.A 4.1.F 4.1.G 4.2 4.2.A 4.2.B 4.2.C 4.2.E 4.2.G 4.2.H 4.3.F
        4.3.G 4.4.G 4.4.H 5.1 5.2 5.3 6.1 6.2 6.3 6.4 6.5""",
    "academic-titles": "1.1 1.2 1.3 2.1 2.2 2.3",
    "officer-training": "1.1 1.2 2.1 2.2 2.3 2.4 3.1 3.2 3.3",
    "rd-grades": """3.1 4.1.1 4.1.2 5.1 5.1.1 5.1.2 5.1.3 5.1.4 6.2 6.2.1 6.2.2 6.2.3 7.1.1 7.1.2 7.1.3
        7.1.3.1 7.1.3.2 7.1.3.3 7.1.3.4 7.1.3.5 7.1.3.6 7.1.4 7.1.5 7.2.1 7.2.2 7.2.3 7.2.4 7.3 7.4.1
        7.4.2 7.5.1 7.5.2 7.5.3 7.5.4 7.6 8.1 8.2 9.1 9.2 10.1""",
    "online-store-service": "1.1.5 2.1 2.2.1 2.2.2 2.2.3 2.3 2.3.1 2.3.2 2.3.2.1 2.3.2.2 2.3.3",
    "call-centre": "1 1.1 1.2",
    "service-quiz": "1.1 1.5 1.1.A 1.5.D 2.1 2.5 3.1 3.4 3.5 4.1 4.2",
    "transfers": "1 2.1 2.2 2.3 2.4 2.5 2.6 3.1 3.2",
}
SLIPS = {"service-ladder": [("gap", "4.2.E")], "service-quiz": [("tight", "3.4")]}
ARTICLE = re.compile(
    r"(?m)^[\s\u3000#*]*(第[〇零一二三四五六七八九十百千两\d]+条(?:之[一二三四五六七八九十\d]+)?)(?=\s|\Z)"
)


def lost(document: Document) -> bool:
    words = "".join(each.number + each.heading + each.text for each in document.walk())
    return re.sub(r"\s", "", words) != re.sub(r"\s", "", document.source)


def assert_cited(document: Document, policy: str) -> None:
    missing = [path for path in CITED[policy].split() if document.find(path) is None]
    slips = [(each.kind, each.clause.partition(":")[2]) for each in document.findings]
    assert missing == []
    assert slips == SLIPS.get(policy, [])
    assert not lost(document)


@needs_collection
@pytest.mark.parametrize("policy", CITED)
def test_cited_clauses_are_found_in_the_collection(policy: str, tmp_path: Path) -> None:
    import_collection(COLLECTION, tmp_path, list(CITED))
    assert_cited(load(tmp_path / f"{policy}.txt"), policy)


@pytest.mark.parametrize("policy", CITED)
def test_cited_clauses_are_found_in_our_texts(policy: str) -> None:
    assert_cited(load(ROOT / "docs" / "policies" / f"{policy}.txt"), policy)


@needs_collection
def test_the_collection_has_nine_texts_and_loses_no_line() -> None:
    text = read_text(COLLECTION)
    parts = split_collection(text)
    lines = text.split("\n")
    assert len(parts) == len(CITED)
    assert [lines[part.line - 1] for part in parts] == [part.heading for part in parts]
    kept = "".join(part.heading + part.text for part in parts)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", "".join(lines[1:]))


@needs_collection
def test_our_texts_have_the_clauses_of_the_collection() -> None:
    for part, policy in zip(split_collection(read_text(COLLECTION)), CITED, strict=True):
        ours = load(ROOT / "docs" / "policies" / f"{policy}.txt")
        theirs = parse(f"标题：{part.title}\n\n{part.text}", policy)
        printed = {each.path for each in theirs.walk() if each.number}
        assert printed - {each.path for each in ours.walk() if each.number} == set(), policy


def corpus(folder: str) -> list[dict[str, str]]:
    with (CORPUS / "index.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["file"].startswith(folder)]


@needs_corpus
@pytest.mark.parametrize("folder", ["laws", "policies", "quiz"])
def test_every_article_is_found_in_order_and_nothing_is_lost(folder: str) -> None:
    wrong = []
    for row in corpus(folder):
        text = read_text(CORPUS / row["file"])
        document = parse(text, "x")
        found = [
            re.sub(r"[\s#*：:、.]", "", each.number)
            for each in document.walk()
            if re.match(r"[\s#*]*第.+条", each.number)
        ]
        if lost(document) or found != ARTICLE.findall(text) or len(found) != int(row["articles"]):
            wrong.append(row["file"])
    assert wrong == []


@needs_corpus
def test_articles_that_run_on_have_their_own_number_as_id() -> None:
    for row in corpus("laws"):
        if row["contiguous"] == "yes":
            document = parse(read_text(CORPUS / row["file"]), "x")
            count = sum(
                1 for each in document.walk() if re.fullmatch(r"\d+(?:-\d+)?~?\d*", each.path)
            )
            assert document.find("1") is not None, row["file"]
            assert count >= int(row["articles"]), row["file"]


@needs_corpus
def test_a_gap_in_a_law_is_a_finding() -> None:
    for row in corpus("laws"):
        if row["contiguous"] == "no":
            document = parse(read_text(CORPUS / row["file"]), "x")
            assert {"gap", "start"} & {each.kind for each in document.findings}, row["file"]
