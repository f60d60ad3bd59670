"""Parameter files: what they may say, and the word for what they may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from policy_core import InputErrors, ParameterError, policies, policy
from policy_core._versions import Figure, Finding, parse_policy

VERSION = "[[version]]\neffective = 2024-01-01\n"
FINDING = '[[finding]]\nid = "x"\nclauses = ["1"]\ntitle = "t"\nmessage = "m"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[rule]]\n", "unknown tables ['rule']; allowed are version, finding, ledger"),
        ("[[version]]\n", "a version needs `effective`, a date, not None"),
        ("[[version]]\neffective = 2024\n", "a version needs `effective`, a date, not 2024"),
        (VERSION + VERSION, "versions must stand in the order of their dates, each date once"),
        (
            VERSION + "[[version]]\neffective = 2023-01-01\n",
            "versions must stand in the order of their dates, each date once",
        ),
        (VERSION + "a = 3\n", "a must be a table with a clause, not 3"),
        (VERSION + "a = { value = 3 }\n", "a must be a table with a clause, not {'value': 3}"),
        (VERSION + "a = []\n", "a is empty"),
        (VERSION + 'a = { value = "3", clause = "1" }\n', "a.value must be a number, not '3'"),
        (VERSION + 'a = { value = true, clause = "1" }\n', "a.value must be a number, not True"),
        (
            VERSION + 'a = { much = 3, clause = "1" }\n',
            "a.much must be words; numbers stand under value, min, max, from, to",
        ),
        (
            VERSION + 'a = { value = 3, clause = "1", also = "2" }\n',
            "a.also must be a list of clauses, not '2'",
        ),
        (
            VERSION + 'a = { value = 3, clause = "1", also = [2] }\n',
            "a.also must be a list of clauses, not [2]",
        ),
        (FINDING + "colour = 1\n", "finding 'x': unknown keys ['colour']"),
        (FINDING + 'kinds = "gap"\n', "finding 'x': kinds must be a list of words, not 'gap'"),
        (FINDING + "kinds = [1]\n", "finding 'x': kinds must be a list of words, not [1]"),
        ('[[finding]]\nid = "x"\n', "finding 'x': title must be words, not None"),
        ('[[finding]]\nid = "x"\ntitle = 3\n', "finding 'x': title must be words, not 3"),
        (
            '[[finding]]\nid = "x"\ntitle = "t"\nmessage = "m"\n',
            "finding 'x': clauses must be a list of clauses, not None",
        ),
        (
            '[[finding]]\nid = "x"\ntitle = "t"\nmessage = "m"\nclauses = [1]\n',
            "finding 'x': clauses must be a list of clauses, not [1]",
        ),
        (
            FINDING + 'default = "a"\n',
            "finding 'x': the default reading 'a' must be the first of its readings",
        ),
        (
            FINDING + '[finding.readings]\na = "b"\n',
            "finding 'x': the default reading '' must be the first of its readings",
        ),
        (
            FINDING + 'readings = "b"\n',
            "finding 'x': the default reading '' must be the first of its readings",
        ),
        (FINDING + FINDING, "finding 'x' stands twice"),
    ],
)
def test_a_file_that_no_rule_can_use_is_told_with_its_key(text: str, words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parse_policy("x", text)
    assert str(caught.value) == f"x.toml: {words}"


def test_a_file_that_is_no_toml_is_told_in_the_words_of_its_reader() -> None:
    with pytest.raises(ParameterError, match=r"^x\.toml: Invalid value "):
        parse_policy("x", "a = ")


def test_what_a_file_says_is_read_and_the_rest_is_empty() -> None:
    full_figure = (
        '{ value = 3, to = 9, unit = "级", clause = "1", words = "三", also = ["2"], id = "b" }'
    )
    text = VERSION + f'a = {{ value = 3, clause = "1" }}\nb = {full_figure}\n' + FINDING
    read = parse_policy("x", text)
    (bare,), (whole,) = read.versions[0].figures["a"], read.versions[0].figures["b"]
    assert bare == Figure(
        clause="1", unit="", numbers={"value": Fraction(3)}, texts={}, words="", also=()
    )
    assert whole == Figure(
        clause="1",
        unit="级",
        numbers={"value": Fraction(3), "to": Fraction(9)},
        texts={"id": "b"},
        words="三",
        also=("2",),
    )
    nothing = Finding(
        policy="x",
        id="x",
        clauses=("x:1",),
        title="t",
        message="m",
        default="",
        readings={},
        kinds=(),
    )
    assert read.findings == (nothing,)
    more = 'default = "a"\nkinds = ["gap"]\nreadings = { a = "b", c = "d" }\n'
    assert parse_policy("x", FINDING + more).findings == (
        replace(nothing, default="a", kinds=("gap",), readings={"a": "b", "c": "d"}),
    )


def test_decimals_are_taken_as_printed() -> None:
    version = parse_policy("x", VERSION + 'a = { value = 0.5, clause = "1" }\n').versions[0]
    assert str(version.figures["a"][0].numbers["value"]) == "1/2"


def test_the_version_in_force_is_taken_and_never_the_nearest() -> None:
    later = '[[version]]\neffective = 2025-01-01\na = { value = 2, clause = "1" }\n'
    dated = parse_policy("x", VERSION + 'a = { value = 1, clause = "1" }\n' + later)
    assert dated.version(None) is dated.versions[1]
    assert dated.version(date(2025, 1, 1)) is dated.versions[1]
    assert dated.version(date(2024, 12, 31)) is dated.versions[0]
    with pytest.raises(InputErrors, match="2024-01-01"):
        dated.version(date(2023, 12, 31))


def test_what_is_not_there_is_an_error() -> None:
    with pytest.raises(ParameterError, match="there is no policy 'nowhere'"):
        policy("nowhere")
    with pytest.raises(ParameterError, match="has no finding 'nothing'"):
        policy("rd-grades").finding("nothing")


def test_the_nine_policies_come_in_the_order_of_their_collection() -> None:
    assert [each.id for each in policies()][:9] == [
        "team-leader", "service-ladder", "academic-titles", "officer-training", "rd-grades",
        "online-store-service", "call-centre", "service-quiz", "transfers",
    ]  # fmt: skip
    assert len({*policies()}) == len(policies())
    assert len({finding for each in policies() for finding in each.findings}) > 80
