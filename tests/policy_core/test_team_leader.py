"""组长竞聘 once more, written from the contract alone and not from the rule, and what must always hold."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import InputErrors, calculate, explain
from policy_core._browser import answer
from policy_core._exact import rounded
from tests.amounts import tried

MARKS = {"regular_employee": True, "ability": 1, "interview": [1], "manager": 1, "peers": [1]}
few_marks = st.sampled_from([0, 50, 70, 70.5, 100])
marks = few_marks | st.decimals(0, 100, places=1).map(float)
lists = st.lists(marks, min_size=1, max_size=4)


def people(fifth: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Draw a few candidates, all of them with a fifth mark or none."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "name": st.sampled_from(["王芳", "李强", "赵敏"]),
        "regular_employee": st.booleans(),
        "ability": marks,
        "interview": lists,
        "manager": marks,
        "peers": lists,
    }
    if fifth:
        fields["fifth"] = marks
    return st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=6)


contests = people(fifth=False) | people(fifth=True)


def exact_mean(values: list[float]) -> Fraction:
    return sum((Fraction(str(each)) for each in values), Fraction(0)) / len(values)


def percent_of(person: dict[str, Any], *, with_fifth: bool = True) -> Fraction:
    """Score by the contract: 40, 30, 10 and 10 percent, and the fifth has the ten that are missing."""
    total = 40 * exact_mean([person["ability"]]) + 30 * exact_mean(person["interview"])
    total += 10 * exact_mean([person["manager"]]) + 10 * exact_mean(person["peers"])
    if person.get("fifth") is None or not with_fifth:
        return total / 90
    return (total + 10 * exact_mean([person["fifth"]])) / 100


def expected(candidates: list[dict[str, Any]], *, with_fifth: bool = True) -> list[dict[str, Any]]:
    """Rank by counting for each how many are strictly better."""
    scores = [percent_of(each, with_fifth=with_fifth) for each in candidates]
    able = [at for at, each in enumerate(candidates) if each["regular_employee"]]
    ranks = {at: 1 + len([one for one in able if scores[one] > scores[at]]) for at in able}
    order = sorted(range(len(candidates)), key=lambda at: (ranks.get(at, len(candidates) + 1), at))
    return [
        {
            "name": candidates[at]["name"],
            "eligible": at in ranks,
            "percent": rounded(scores[at]),
            "rank": ranks.get(at),
        }
        for at in order
    ]


@tried(200, proof=1500)
@given(contests)
def test_the_ranking_agrees_with_an_independent_one_under_every_reading(
    candidates: list[dict[str, Any]],
) -> None:
    given_answer = calculate("candidate-ranking", {"candidates": candidates}).to_json()
    own, other = expected(candidates), expected(candidates, with_fifth=False)
    assert given_answer["outcome"] == {"ranking": own}
    shown = {
        (each["id"], reading["reading"]): reading["outcome"]
        for each in given_answer["findings"]
        for reading in each["others"]
    }
    wanted = {("weights-90", "four-only"): {"ranking": other}} if other != own else {}
    assert shown == wanted


@tried(80, proof=600)
@given(contests)
def test_each_is_ranked_by_the_score_that_the_other_calculator_gives(
    candidates: list[dict[str, Any]],
) -> None:
    scores = []
    for each in candidates:
        alone = {name: value for name, value in each.items() if name != "name"}
        scores.append(calculate("candidate-score", alone).outcome)
    ranking: Any = calculate("candidate-ranking", {"candidates": candidates}).outcome["ranking"]
    assert sorted((each["percent"], each["eligible"]) for each in ranking) == sorted(
        (each["percent"], each["eligible"]) for each in scores
    )


@tried(200)
@given(contests)
def test_a_tie_is_told_where_there_is_one(candidates: list[dict[str, Any]]) -> None:
    given_answer = calculate("candidate-ranking", {"candidates": candidates}).to_json()
    ranks = [each["rank"] for each in given_answer["outcome"]["ranking"] if each["rank"]]
    told = "tie" in {each["id"] for each in given_answer["findings"]}
    assert told == (len({*ranks}) < len(ranks))


@tried(100)
@given(people(fifth=False), st.data())
def test_a_fifth_mark_for_some_alone_is_an_error_at_each_of_the_others(
    candidates: list[dict[str, Any]], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(candidates), max_size=len(candidates)))
    for person, has in zip(candidates, chosen, strict=True):
        person["fifth"] = 70 if has else None
    request = {
        "call": "calculate",
        "calculator": "candidate-ranking",
        "inputs": {"candidates": candidates},
    }
    given_answer = json.loads(answer(json.dumps(request)))
    wanted = [f"candidates[{at}].fifth" for at, has in enumerate(chosen) if not has]
    mixed = any(chosen) and not all(chosen)
    assert [each["field"] for each in given_answer.get("errors", [])] == (wanted if mixed else [])


def test_a_hundred_and_no_more_can_be_ranked() -> None:
    one = {
        "name": "王芳",
        "regular_employee": True,
        "ability": 1,
        "interview": [1],
        "manager": 1,
        "peers": [1],
    }
    ranking: Any = calculate("candidate-ranking", {"candidates": [one] * 100}).outcome["ranking"]
    assert {each["rank"] for each in ranking} == {1}
    request = {
        "call": "calculate",
        "calculator": "candidate-ranking",
        "inputs": {"candidates": [one] * 101},
    }
    assert [each["field"] for each in json.loads(answer(json.dumps(request)))["errors"]] == [
        "candidates"
    ]


def test_a_fifth_mark_that_is_not_known_yet_may_be_there() -> None:
    known = {"name": "李雷", **MARKS, "fifth": 70}
    open_one = {"name": "王芳", **MARKS, "fifth": {"unknown": True}}
    assert explain("candidate-ranking", {"candidates": [known, open_one]})["possible"]
    assert explain("candidate-ranking", {"candidates": [open_one, known]})["possible"]


def test_who_has_the_fifth_mark_is_named_by_place_where_there_is_no_name() -> None:
    candidates = [
        MARKS | {"name": "王芳"},
        MARKS | {"fifth": 70},
        MARKS | {"name": "李雷", "fifth": 7},
    ]
    with pytest.raises(InputErrors) as caught:
        calculate("candidate-ranking", {"candidates": candidates})
    told = {each.field: each.message for each in caught.value.problems}
    assert told["candidates[0].fifth"] == "没有填，第 2 人却填了第五项；要么每个人都填，要么都不填"


@pytest.mark.parametrize("regular", [True, False])
def test_only_who_is_confirmed_meets_the_condition(*, regular: bool) -> None:
    found = explain("candidate-score", MARKS | {"regular_employee": regular})
    assert [each["clause"] for each in found["unmet"]] == ([] if regular else ["team-leader:3.2"])
    reason = None if regular else "只有转正员工可以参加竞聘；得分仅供参考"
    assert found["outcome"].get("reason") == reason
