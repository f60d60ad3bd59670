"""The files for programs: valid, whole, true to the texts and the rules, and the same every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import policy_core
from build_scripts.machine.data import data_files
from build_scripts.machine.markdown import markdown_twin
from build_scripts.machine.wheel import built_wheel
from build_scripts.pages import ROOT, Handbook, load_handbook
from build_scripts.words import example, load_labels
from tests.cases import load_cases

CALCULATORS = [each.id for each in policy_core.calculators()]
DIGEST = """
import hashlib, pathlib
from build_scripts.machine.files import machine_files
from build_scripts.pages import ROOT, load_handbook
made = machine_files(load_handbook(ROOT / "docs"), "n", "d", pathlib.Path("r"), pathlib.Path("w.whl"))
print(hashlib.sha256("".join(f"{each.path}{each.content}" for each in made).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load_handbook(ROOT / "docs")


@pytest.fixture(scope="module")
def files(handbook: Handbook) -> dict[str, Any]:
    return {each.path: json.loads(each.content) for each in data_files(handbook)}


@pytest.mark.parametrize("name", ["clauses", "calculators"])
def test_the_data_is_what_its_schema_says_and_the_schema_is_strict(
    files: dict[str, Any], name: str
) -> None:
    schema, told = files[f"{name}.schema.json"], files[f"{name}.json"]
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    assert list(validator.iter_errors(told)) == []
    for broken in (
        {**told, "format": 2},
        {**told, name: [{**told[name][0], "id": 1}]},
        {**told, name: [{**told[name][0], "more": ""}]},
        {**told, name: [{key: each for key, each in told[name][0].items() if key != "url"}]},
    ):
        assert not validator.is_valid(broken)


def test_the_clauses_are_the_texts_word_by_word(handbook: Handbook, files: dict[str, Any]) -> None:
    told = files["clauses.json"]["clauses"]
    assert len({each["id"] for each in told}) == len(told)
    for policy, document in handbook.documents.items():
        words = "".join(
            each["number"] + each["heading"] + each["text"]
            for each in told
            if each["policy"] == policy
        )
        front = document.find("front")
        text = document.source[front.end if front else 0 :]
        assert re.sub(r"\s", "", words) == re.sub(r"\s", "", text), policy


def test_what_the_data_names_is_there(files: dict[str, Any]) -> None:
    told = files["clauses.json"]
    clauses, findings, policies = (
        {each["id"]: each for each in told[name]} for name in ("clauses", "findings", "policies")
    )
    users = {each["id"]: each for each in files["calculators.json"]["calculators"]}
    assert list(users) == CALCULATORS
    for each in clauses.values():
        assert each["policy"] in policies
        assert each["parent"] is None or each["parent"] in clauses
        for name in each["findings"]:
            assert each["id"] in findings[name]["clauses"]
        for name in each["calculators"]:
            assert each["id"] in users[name]["clauses"]
    for user in users.values():
        assert user["clauses"]
        assert all(user["id"] in clauses[name]["calculators"] for name in user["clauses"])
        assert set(user["findings"]) <= set(findings)
        assert user["id"] in policies[user["policy"]]["calculators"]


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_a_schema_is_the_command_s_and_the_example_fits_it(
    files: dict[str, Any], calculator: str
) -> None:
    schema = files[f"schema/{calculator}.json"]
    assert schema == policy_core.json_schema(calculator)
    jsonschema.Draft202012Validator(schema).validate(example(calculator))


def test_every_value_of_every_outcome_has_its_words(files: dict[str, Any]) -> None:
    described = {
        each["id"]: {value["path"].partition(".")[0] for value in each["outcome"]}
        for each in files["calculators.json"]["calculators"]
    }
    answered = {
        (case.calculator, name)
        for case in load_cases()
        if not case.errors
        for name in policy_core.calculate(case.calculator, case.input).outcome
    }
    assert {each for each in answered if each[1] not in described[each[0]]} == set()
    assert all(
        value["label"]
        for each in files["calculators.json"]["calculators"]
        for value in each["outcome"]
    )


def test_the_same_sources_give_the_same_bytes() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=ROOT, check=True, capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_the_wheel_is_the_same_twice_and_answers_alone(tmp_path: Path) -> None:
    first, second = built_wheel(tmp_path / "one"), built_wheel(tmp_path / "two")
    assert first.name.endswith("-py3-none-any.whl")
    assert first.read_bytes() == second.read_bytes()
    code = (
        f"import sys, json; sys.path.insert(0, {str(first)!r}); import policy_core\n"
        f"answer = policy_core.calculate('seat-check', json.loads({json.dumps(example('seat-check'))!r}))\n"
        "print(policy_core.__file__, json.dumps(answer.to_json()['outcome']), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert done[0].startswith(str(first))
    assert json.loads(done[1]) == policy_core.calculate("seat-check", example("seat-check")).outcome


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<h1>一</h1><p>读 <a href="../b/">乙</a></p>', "# 一\n\n读 [乙](../b/index.md)\n"),
        ('<p><a href="../b/#c-1">一</a></p>', "# 题\n\n[一](../b/#c-1)\n"),
        ('<p><a href="#c-1">一</a></p>', "# 题\n\n[一](./#c-1)\n"),
        ('<p><a href="../b.csv">表</a></p>', "# 题\n\n[表](../b.csv)\n"),
        ("<p>甲<svg><text>乙</text></svg></p><button>点</button>", "# 题\n\n甲\n"),
        (
            '<a class="clause-number" href="#c">1、</a><div><p>甲*乙</p></div>',
            "# 题\n\n**1、** 甲*乙\n",
        ),
        (
            '<details class="doubt"><summary>存疑</summary><p class="doubt-title">甲</p><p>乙</p></details>',
            "# 题\n\n> **存疑：甲**\n>\n> 乙\n",
        ),
        ('<ul><li><label><input type="checkbox"> 甲</label></li></ul>', "# 题\n\n- [ ] 甲\n"),
        ('<p>在 <input type="text"> 里</p>', "# 题\n\n在 ____ 里\n"),
        (
            "<table><thead><tr><th>甲</th></tr></thead><tbody><tr><td>一<strong>二</strong></td></tr></tbody></table>",
            "# 题\n\n| 甲 |\n| --- |\n| 一 **二** |\n",
        ),
        (
            '<policy-calculator calculator="seat-check"><form><label>甲</label></form></policy-calculator>',
            (
                "# 题\n\n- 现在是开市时间吗\n- 当班坐席（人）：离席的也算在内。开市时只数普通坐席\n"
                "- 其中离席的（人）\n"
            ),
        ),
    ],
)  # fmt: skip
def test_a_page_becomes_markdown(html: str, markdown: str) -> None:
    assert markdown_twin(html, "题", {"seat-check": load_labels("seat-check")}) == markdown
