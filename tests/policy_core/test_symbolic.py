"""Numbers that are not fixed: their arithmetic, along all paths and on a walk, against plain fractions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy_core
from policy_core import InputErrors, _lattice, _paths, calculator
from policy_core._asking import Asking, Outcome, Unmet, distance
from policy_core._given import Flow, Given, Unfixed, UnknownList, Untold, reach, resolution
from policy_core._inputs import Field, Unknown
from policy_core._jumps import as_parts, clauses_of, pieces, seen_down, window
from policy_core._paths import Paths
from policy_core._summary import Spread, Summary, deciders, order, span, top
from policy_core._symbolic import DeadEndError, Symbolic, UnknowableError, cited
from policy_core._varied import Varied, find_field, keys_of, numeric, varied, walk
from policy_core._versions import policy
from policy_core._walk import Glance, Walk

type Rule = Callable[[Any, Any], object]


def stepped(x: Any, y: Any) -> object:  # noqa: ANN401
    return (x // 3, (x + y) % 4, abs(x - y), (5 - x) // 3)


def mixed(x: Any, y: Any) -> object:  # noqa: ANN401
    return min(x, y * 2) if x - 3 * (x // 3) >= 1 else max(5 - x, y / 2)


def deciding(x: Any, y: Any) -> object:  # noqa: ANN401
    words = []
    if not (x == y or x != 2 * y):
        words.append("twice")
    if (x + 1) // 2 < y // 2 and x < 6:
        words.append("fewer")
    if (x // 2) + y // 3 >= 4 or -(x // 5) <= -1:
        words.append("more")
    if x // 2 == 3:
        words.append("three")
    return (*words, bool(x), x > 2 and "big")


def counting(x: Any, y: Any) -> object:  # noqa: ANN401
    places = {x: "one", y * 1: "other"}
    return (len(places), 12 / (x + 9), 12 / (x + 9) > 2, x // (y + 8), 3 - x)


def comparing(x: Any, y: Any) -> object:  # noqa: ANN401
    return (x == "word", x != None, 0 * x == 0, 0 * y >= 1, x * 2 * Fraction(1, 2) == x)  # noqa: E711


def neighbouring(x: Any, y: Any) -> object:  # noqa: ANN401
    return (x <= -2, x <= -1, y > 2, y > 3, x + 1 == 3)


RULES: list[Rule] = [stepped, mixed, deciding, counting, comparing, neighbouring]


def settled(value: Any, read: Callable[[Symbolic], Fraction]) -> Any:  # noqa: ANN401
    """Read every number of a result."""
    if isinstance(value, tuple):
        return tuple(settled(each, read) for each in value)
    if isinstance(value, Symbolic):
        return read(value)
    return (
        value
        if isinstance(value, str | bool | None)
        else Fraction(value)
        if isinstance(value, int | Fraction)
        else bool(value)
    )


def at_point(form: Symbolic, *, point: dict[int, int]) -> Fraction:
    """Read a form at a point."""
    return Fraction(_paths.at(form, point), form.parts)


def growing(form: Symbolic, *, explorer: Walk) -> Symbolic:
    """Give a form as it goes on with the varied number alone."""
    return Symbolic(explorer, form.constant, {0: explorer.slope(form)}, form.parts)


def on_a_walk(form: Symbolic, *, places: int) -> Fraction:
    """Read a form some places further on."""
    return Fraction(form.constant + form.terms[0] * places, form.parts)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_leaves_hold_every_point_once_and_say_what_comes_out_there(rule: Rule) -> None:
    paths = Paths()

    def run() -> object:
        x, y = paths.variable("x", -4, 9, 1), paths.variable("y", -3, 6, 1)
        return settled(rule(x, y), lambda form: form)  # type: ignore[arg-type, return-value]

    leaves = list(paths.explore(run))
    assert all(fork.asks <= {"x", "y"} for leaf in leaves for fork, _ in leaf.turns)
    names = {
        path: next(name for name, asks in paths.asks.items() if asks == {path}) for path in "xy"
    }
    for leaf in leaves:
        own = rule(Fraction(leaf.point[names["x"]]), Fraction(leaf.point[names["y"]]))
        there = settled(leaf.result, partial(at_point, point=leaf.point))
        assert there == settled(own, lambda form: form.value)
    for x in range(-4, 10):
        for y in range(-3, 7):
            holding = []
            for leaf in leaves:
                region = leaf.region.copy()
                region.bound(names["x"], (), x, x)
                region.bound(names["y"], (), y, y)
                point = region.point()
                if point is not None:
                    holding.append((leaf, point))
            ((leaf, point),) = holding
            there = settled(leaf.result, partial(at_point, point=point))
            assert there == settled(rule(Fraction(x), Fraction(y)), lambda form: form.value)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("way", [1, -1])
def test_on_a_walk_nothing_changes_before_its_room_ends(rule: Rule, way: int) -> None:
    for start in range(-6, 10):
        explorer = Walk(20)
        x = explorer.variable(Fraction(start), Fraction(way))
        y = Symbolic(explorer, 3)
        found = settled(rule(x, y), partial(growing, explorer=explorer))  # type: ignore[arg-type]
        for places in range(explorer.room + 1):
            there = settled(found, partial(on_a_walk, places=places))
            assert there == settled(
                rule(Fraction(start + way * places), Fraction(3)), lambda form: form.value
            )


@pytest.mark.parametrize(
    "make",
    [
        lambda x: x + Fraction(1, 3),
        lambda x: Fraction(1, 3) + x,
        lambda x: x - Fraction(5, 4),
        lambda x: Fraction(5, 4) - x,
        lambda x: x * Fraction(2, 3),
        lambda x: Fraction(2, 3) * x,
        lambda x: x * 0,
        lambda x: x / Fraction(2, 3),
        lambda x: x + x / 3,
        lambda x: x / 3 - x,
        lambda x: -x,
    ],
)
def test_a_form_is_reckoned_with_as_its_number_is_and_keeps_its_clause(
    make: Callable[[Any], Any],
) -> None:
    form = Symbolic(Walk(0), 3, {0: 4}, 2, "own")  # three halves, and two more a place
    made = make(form)
    for places in range(-3, 4):
        there = Fraction(made.constant + made.terms.get(0, 0) * places, made.parts)
        assert there == make(Fraction(3 + 4 * places, 2))
    assert made.clause == "own"


@pytest.mark.parametrize("halves", range(-3, 4))
def test_the_size_of_a_number_is_never_below_nothing(halves: int) -> None:
    assert abs(Symbolic(Walk(0), halves, parts=2)).value == abs(Fraction(halves, 2))


FIVE, NINE, ALSO, TWENTY = (
    cited(Fraction(value), clause, clause)
    for value, clause in ((5, "five"), (9, "nine"), (9, "also nine"), (20, "twenty"))
)


@pytest.mark.parametrize(
    ("start", "way", "ask", "room", "clause"),
    [
        (0, 1, lambda x: [x <= NINE], 9, "nine"),
        (12, -1, lambda x: [x <= NINE], 2, "nine"),
        (10, 1, lambda x: [x <= NINE], 100, ""),
        (9, -1, lambda x: [x <= NINE], 100, ""),
        (0, 1, lambda x: [x < NINE], 8, "nine"),
        (0, 1, lambda x: [x >= NINE], 8, "nine"),
        (0, 1, lambda x: [x > NINE], 9, "nine"),
        (0, 1, lambda x: [x == FIVE], 4, "five"),
        (5, 1, lambda x: [x == FIVE], 0, "five"),
        (6, 1, lambda x: [x == FIVE], 100, ""),
        (9, -1, lambda x: [x != FIVE], 3, "five"),
        (0, 1, lambda x: [3 * x <= NINE], 3, "nine"),
        (0, 1, lambda x: [2 * x <= NINE], 4, "nine"),
        (0, 1, lambda x: [NINE - x >= FIVE], 4, "five"),
        (0, 1, lambda x: [x / 2 < FIVE], 9, "five"),
        # Of two that end at one place it is the one asked first, else the nearer one.
        (0, 1, lambda x: [x <= NINE, x <= ALSO], 9, "nine"),
        (0, 1, lambda x: [x <= ALSO, x <= NINE], 9, "also nine"),
        (0, 1, lambda x: [x <= NINE, x <= FIVE], 5, "five"),
        (0, 1, lambda x: [x <= FIVE, x <= NINE], 5, "five"),
        # A whole part ends the walk only where something depends on it.
        (3, 1, lambda x: [[x // TWENTY]], 100, ""),
        (3, 1, lambda x: [x // TWENTY >= 1], 16, "twenty"),
        (30, -1, lambda x: [x // TWENTY >= 1], 10, "twenty"),
        (30, 1, lambda x: [x // TWENTY < 3], 29, "twenty"),
        (30, 1, lambda x: [-(x // TWENTY) > -3], 29, "twenty"),
        (30, 1, lambda x: [x - 20 * (x // TWENTY) < 15], 4, ""),
        (30, 1, lambda x: [x // TWENTY + x <= NINE], 9, "twenty"),
        (30, -1, lambda x: [x // TWENTY + x <= NINE], 10, "twenty"),
    ],
)
def test_a_walk_ends_where_a_verdict_changes_by_the_clause_behind_it(
    start: int, way: int, ask: Callable[[Any], list[object]], room: int, clause: str
) -> None:
    explorer = Walk(100)
    for each in ask(explorer.variable(Fraction(start), Fraction(way))):
        bool(each)
    assert (explorer.room, explorer.clause) == (room, clause)


@settings(max_examples=200, deadline=None)
@given(st.integers(-20, 20), st.integers(1, 7), st.integers(-5, 5), st.integers(1, 6))
def test_a_walk_stops_just_before_something_changes(
    start: int, by: int, less: int, size: int
) -> None:
    def rule(x: Any) -> bool:  # noqa: ANN401
        return bool((x + less) // by >= size)

    explorer = Walk(1000)
    verdict = rule(explorer.variable(Fraction(start), Fraction(1)))
    assert verdict == rule(Fraction(start))
    assert rule(Fraction(start + explorer.room)) == verdict
    assert explorer.room == 1000 or rule(Fraction(start + explorer.room + 1)) != verdict


def test_products_are_bounded_along_all_paths_and_exact_on_a_walk() -> None:
    paths = Paths()
    (leaf,) = paths.explore(
        lambda: paths.variable("x", -3, 5, 1) * (paths.variable("y", -2, 4, 2) + 1)
    )
    assert not paths.exact
    assert isinstance(leaf.result, Symbolic)
    assert paths.outer(leaf, leaf.result) == (-18, 30)  # -3 * 3 to 5 * 3, in halves
    paths = Paths()
    (leaf,) = paths.explore(
        lambda: [paths.variable("x", 1, 3, 1) * paths.variable("x", 1, 3, 1) for _ in "12"][1]
    )
    assert isinstance(leaf.result, Symbolic)
    explorer = Walk(9)
    x = explorer.variable(Fraction(3, 2), Fraction(1))
    assert (x * x).value == Fraction(9, 4)
    assert x * x > 2
    assert (x * Symbolic(explorer, 3)).terms
    assert (Symbolic(explorer, 3) * x).terms
    assert explorer.room == 0


@pytest.mark.parametrize(
    ("make", "ends", "asks"),
    [
        (lambda x, _: x, (4, 9), {"x"}),
        (lambda x, _: x // 2, (4, 4), {"x"}),
        (lambda x, y: x + y, (4, 12), {"x", "y"}),
        (lambda x, y: x * y, (4, 27), {"x", "y"}),
    ],
)
def test_what_is_known_of_a_number_stays_known_when_it_is_made_again(
    make: Callable[[Any, Any], Any], ends: tuple[int, int], asks: set[str]
) -> None:
    paths = Paths()

    def number() -> Any:  # noqa: ANN401
        return make(paths.variable("x", 1, 9, 1), paths.variable("y", 1, 3, 1))

    (found,) = [
        leaf for leaf in paths.explore(lambda: number() if number() > 3 else None) if leaf.result
    ]
    assert isinstance(found.result, Symbolic)
    assert paths.outer(found, found.result) == ends
    assert paths.asked_by(found.result) == asks
    # No number lies beyond the last one.
    assert paths.extreme(found, found.result, 1, (ends[1] - 1, 1)) == ends[1]
    assert paths.extreme(found, found.result, 1, (ends[1], 1)) is None


def test_two_products_are_two_numbers() -> None:
    paths = Paths()

    def run() -> object:
        x, y, z = (
            paths.variable(name, 1, most, 1) for name, most in (("x", 2), ("y", 3), ("z", 5))
        )
        return (x * y, x * z)

    (leaf,) = paths.explore(run)
    assert [paths.outer(leaf, each) for each in leaf.result] == [(1, 6), (1, 10)]  # type: ignore[attr-defined]


def test_which_part_a_run_makes_no_input_decides() -> None:
    paths = Paths()

    def run() -> tuple[Outcome, dict[str, Unmet]]:
        outcome = Outcome()
        name = "a" if paths.choose("part a", (False, True)) else "b"
        outcome.lay("", {name: paths.variable(f"of {name}", 0, 5, 1)})
        return outcome, {}

    found = deciders(paths, list(paths.explore(run)))
    assert found == {"a": frozenset({"of a"}), "b": frozenset({"of b"})}


@pytest.mark.parametrize(("most", "complete"), [(200, True), (201, False)])
def test_two_hundred_values_are_counted_out(most: int, *, complete: bool) -> None:
    paths = Paths()
    leaves = list(paths.explore(lambda: 1 / paths.variable("x", 1, most, 1)))
    assert len(leaves) == (200 if complete else 1)
    assert paths.complete is complete


def test_a_number_of_too_many_values_is_not_counted_out() -> None:
    paths = Paths()
    (leaf,) = paths.explore(lambda: 1 / paths.variable("x", 1, 10**6, 1))
    assert (leaf.unknowable, leaf.result, paths.complete) == ("x", None, False)


def test_what_is_too_hard_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_lattice, "MOST_CUTS", 0)
    paths = Paths()
    leaves = list(paths.explore(lambda: bool(paths.variable("x", 0, 5, 1) > 2)))
    assert (len(leaves), paths.complete) == (1, False)
    paths = Paths()
    (leaf,) = paths.explore(lambda: 6 / (paths.variable("x", 1, 3, 1)))
    assert leaf.unknowable == "x"
    paths = Paths()
    (leaf,) = paths.explore(lambda: paths.variable("x", 1, 3, 1))
    assert isinstance(leaf.result, Symbolic)
    assert paths.extreme(leaf, leaf.result, 1, (1, 1)) == 3
    assert paths.extreme(leaf, leaf.result, -1, (3, 1)) == 1
    assert paths.exact is False


@pytest.mark.parametrize(("ways", "complete"), [(177, True), (178, False)])
def test_twenty_thousand_questions_may_be_asked(ways: int, *, complete: bool) -> None:
    paths = Paths()

    def run() -> object:
        for place in range(111):
            paths.choose(f"question {place}", ("one",))
        return paths.choose("way", tuple(range(ways)))

    # Each run counts as one, and its questions as 112: so many runs are 20,001.
    assert len(list(paths.explore(run))) == 177
    assert paths.complete is complete


@pytest.mark.parametrize("dead", [True, False])
def test_after_too_many_questions_no_more_ways_are_taken(
    monkeypatch: pytest.MonkeyPatch, *, dead: bool
) -> None:
    paths, runs = Paths(), []

    def run() -> None:
        runs.append(paths.choose("way", tuple(range(9))))
        if dead:
            raise DeadEndError

    monkeypatch.setattr(_paths, "MOST_ASKED", 4)
    leaves = list(paths.explore(run))
    assert runs == [0, 1, 2]  # each run counts as one, and its question as another
    assert len(leaves) == (0 if dead else 3)
    assert paths.complete is False


def test_of_no_way_at_all_no_condition_is_told() -> None:
    assert Summary(Paths(), []).unmet() == []


def test_what_divides_is_fixed_to_each_of_its_values_in_its_parts() -> None:
    paths = Paths()
    halves = list(paths.explore(lambda: (12 / paths.variable("x", 1, 4, 2)).value))
    assert [leaf.result for leaf in halves] == [24, 12, 8, 6]
    assert {fork.asks for leaf in halves for fork, _ in leaf.turns} == {frozenset({"x"})}


def test_a_value_that_no_point_takes_is_left_out() -> None:
    paths = Paths()

    def run() -> Fraction:
        x, y = paths.variable("x", 0, 1, 1), paths.variable("y", 0, 1, 1)
        return (12 / (x * 3 + y * 5 + 1)).value

    found = [leaf.result for leaf in paths.explore(run)]
    assert sorted(each for each in found if each) == [
        Fraction(12, 1 + part) for part in (8, 5, 3, 0)
    ]


def test_an_outcome_is_laid_flat() -> None:
    three, open_ = Symbolic(Walk(0), 3), Symbolic(Walk(0), 1, {0: 1})
    outcome = Outcome()
    outcome.lay("", {
        "fixed": three, "open": open_, "plain": 2, "whole": 2.5, "yes": True, "none": None,
        "asked": three > 2,
        "words": ["A", None], "numbers": [three, 4], "bonus": {"min": 1, "max": three}, "lines": [{"a": "b"}],
    })  # fmt: skip
    assert outcome.values.pop("open") is open_
    assert outcome.values == {
        "fixed": 3, "plain": 2, "whole": Fraction(5, 2), "yes": True, "none": None, "asked": True,
        "words": ("A", None), "numbers[0]": 3, "numbers[1]": 4, "bonus.min": 1, "bonus.max": 3,
        "lines[0].a": "b",
    }  # fmt: skip
    kinds = {name: type(outcome.values[name]) for name in ("fixed", "plain", "yes", "asked")}
    assert kinds == {"fixed": Fraction, "plain": Fraction, "yes": bool, "asked": bool}
    assert outcome.ranges == {"bonus"}
    assert outcome.shapes.pop("")[0] == "fixed"  # type: ignore[index]
    assert outcome.shapes == {
        "numbers": 2, "bonus": ("min", "max"), "lines": 1, "lines[0]": ("a",),
    }  # fmt: skip


def test_whether_a_field_is_there_at_all_is_decided_too() -> None:
    paths = Paths()

    def run() -> tuple[Outcome, dict[str, Unmet]]:
        outcome = Outcome()
        outcome.lay("", {"a": "A"} if paths.variable("x", 0, 5, 1) > 2 else {"a": "A", "b": "B"})
        return outcome, {}

    found = deciders(paths, list(paths.explore(run)))
    assert found == {"a": frozenset(), "b": frozenset({"x"})}


@pytest.mark.parametrize("ways", list(permutations(("ranks", "grades", ""))))
def test_what_stands_in_the_way_of_a_field_decides_it_too(ways: Sequence[str]) -> None:
    paths = Paths()

    def run() -> tuple[Outcome, dict[str, Unmet]]:
        x, outcome = paths.variable("x", 0, 5, 1), Outcome()
        in_the_way = ways[0 if x > 3 else 1 if x > 1 else 2]
        if in_the_way:
            raise UnknowableError(in_the_way)
        outcome.lay("", {"a": "A"})
        return outcome, {}

    found = deciders(paths, list(paths.explore(run)))
    assert found == {"a": frozenset({"x", "ranks", "grades"})}


def test_which_form_is_fixed_to_the_same_values_decides_too() -> None:
    paths = Paths()

    def run() -> tuple[Outcome, dict[str, Unmet]]:
        x, y, outcome = paths.variable("x", 1, 2, 1), paths.variable("y", 0, 1, 1), Outcome()
        outcome.lay("", {"a": 12 / (x if y > 0 else 3 - x)})
        return outcome, {}

    assert deciders(paths, list(paths.explore(run))) == {"a": frozenset({"x", "y"})}


def test_how_many_entries_are_enough_decides_too() -> None:
    paths = Paths()

    def run() -> tuple[Outcome, dict[str, Unmet]]:
        marks = listed(paths, Field(kind="number"), 0, 9)
        outcome = Outcome()
        latest = marks.latest(2 if paths.variable("x", 0, 5, 1) > 2 else 5)
        outcome.lay("", {"enough": latest.settled})
        return outcome, {}

    assert deciders(paths, list(paths.explore(run))) == {"enough": frozenset({"x", "marks"})}


def test_an_outcome_of_any_shape_is_summed_up() -> None:
    paths = Paths()

    def run() -> tuple[Outcome, dict[str, Unmet]]:
        x = paths.variable("x", 0, 5, 1)
        outcome = Outcome()
        more = [1, x] if x > 3 else [1]
        outcome.lay("", {
            "late": x > 3, "numbers": [x, 2], "more": more, "none": {}, "lines": [{"a": x}],
            "known": [1, 2], "bonus": {"min": 1, "max": x + 1}, "least": {"min": x},
        })  # fmt: skip
        return outcome, {}

    summary = Summary(paths, list(paths.explore(run)))
    assert summary.certain() == {"none": {}, "lines": [{}], "known": [1, 2]}
    assert summary.possible() == {
        "late": [False, True],
        "numbers[0]": {"min": 0, "max": 5},
        "more[0]": {"min": 1, "max": 1},
        "more[1]": {"min": 4, "max": 5},
        "lines[0].a": {"min": 0, "max": 5},
        "bonus": {"min": 1, "max": 6},
        "least.min": {"min": 0, "max": 5},
    }


def test_values_that_are_no_numbers_stand_in_their_order() -> None:
    values: list[object] = [None, False, True, (), "A", ("A", "B"), "AB", "B"]
    for turned in (values, values[::-1], values[3:] + values[:3]):
        assert sorted(turned, key=order) == values
    assert span(None, None, ["B", True, ("A", "B"), None]) == [None, True, ["A", "B"], "B"]
    assert span((1, 2), (3, 1), []) == {"min": 0.5, "max": 3}
    assert span((1, 2), (3, 1), ["B", None]) == {"min": 0.5, "max": 3, "or": [None, "B"]}


@pytest.mark.parametrize(
    ("numbers", "others", "single", "possible"),
    [
        ([], ["A"], True, ["A"]),
        ([], ["A", "B"], False, ["A", "B"]),
        ([(3, 2)], [], True, {"min": 1.5, "max": 1.5}),
        ([(1, 300), (1, 400)], [], True, {"min": 0, "max": 0}),  # shown alike
        ([(1, 2), (1, 3), (3, 4)], [], False, {"min": 0.33, "max": 0.75}),
        ([(-1, 2), (-3, 4), (2, 4)], [], False, {"min": -0.75, "max": 0.5}),
        ([(3, 2)], ["A"], False, {"min": 1.5, "max": 1.5, "or": ["A"]}),
    ],
)
def test_what_one_value_can_be_is_held_between_its_ends(
    numbers: list[tuple[int, int]], others: list[object], single: bool, possible: object
) -> None:
    spread = Spread(others=dict.fromkeys(others))
    for number, parts in numbers:
        spread.include(number, parts)
    assert (spread.single, spread.possible()) == (single, possible)
    spread.untold = True
    assert spread.single is False


@pytest.mark.parametrize(
    ("path", "field"),
    [("levels", "levels"), ("bonus.min", "bonus"), ("lines[0].points", "lines"), ("a.b[1]", "a")],
)
def test_a_path_leads_into_a_field_of_the_outcome(path: str, field: str) -> None:
    assert top(path) == field


def test_an_unknown_list_says_no_more_of_itself_than_a_rule_may_ask() -> None:
    field = Field(kind="list", item=Field(kind="integer", minimum=Fraction(1)))
    paths = Paths()

    def run() -> object:
        unknown: UnknownList[object] = UnknownList(
            Unknown(field=field, path="ranks"), Unfixed(paths), (0, 1000), [0]
        )
        for touch in (len, list, lambda entries: entries[0]):
            with pytest.raises(UnknowableError, match="ranks"):
                touch(unknown)
        latest = unknown.latest(2)
        assert unknown.latest(2).settled == latest.settled
        if not latest:
            return "none"
        return len(latest)

    assert sorted(str(leaf.result) for leaf in paths.explore(run)) == ["1", "2", "none"]
    assert paths.exact


def test_how_many_entries_count_is_bounded_by_a_number_that_is_not_known() -> None:
    field = Field(kind="list", item=Field(kind="choice", choices=("A", "B")))
    for bounds, exact in (((0, 9), True), ((2, 9), False)):
        paths = Paths()

        def run(paths: Paths, bounds: tuple[int, int]) -> object:
            months = paths.variable("months", 0, 3, 1)
            grades: UnknownList[str] = UnknownList(
                Unknown(field=field, path="grades"), Unfixed(paths), bounds, [0]
            )
            return grades.latest_of(months)[:5].how_often("A".__eq__)

        (leaf,) = paths.explore(partial(run, paths, bounds))
        assert isinstance(leaf.result, Symbolic)
        assert paths.extreme(leaf, leaf.result, 1, (0, 1)) == 3
        assert paths.asked_by(leaf.result) == {"grades", "months"}
        assert paths.exact is exact


def test_whether_any_of_an_unknown_number_of_entries_counts_is_not_claimed_to_be_exact() -> None:
    field = Field(kind="list", item=Field(kind="choice", choices=("A", "B")))
    looks: list[Callable[[UnknownList[str]], object]] = [
        bool,
        lambda grades: grades.latest(2).settled,
    ]
    for look in looks:
        for known, exact in ((True, True), (False, False)):
            paths = Paths()

            def run(paths: Paths, look: Callable[[Any], object], *, known: bool) -> object:
                grades: UnknownList[str] = UnknownList(
                    Unknown(field=field, path="grades"), Unfixed(paths), (0, 9), [0]
                )
                months = paths.variable("months", 0, 3, 1)
                return look(grades if known else grades.latest_of(months))

            leaves = list(paths.explore(partial(run, paths, look, known=known)))
            assert {leaf.result for leaf in leaves} == {True, False}
            assert {fork.asks for leaf in leaves for fork, _ in leaf.turns} == {
                frozenset({"grades"})
            }
            assert paths.exact is exact


@pytest.mark.parametrize(
    ("terms", "constant", "parts", "along", "law"),
    [
        ({1: 3}, 5, 2, (((1, 1),), 3), (5, 2, (1, 3))),
        ({1: -3}, 6, 3, (((1, 1),), -3), (2, 1, (1, -1))),
        ({1: 2, 2: 4}, 0, 2, (((1, 1), (2, 2)), 2), (0, 1, (1, 1), (2, 2))),
        ({2: 4, 1: -2}, 2, 6, (((1, 1), (2, -2)), -2), (1, 3, (1, -1), (2, 2))),
        ({2: 3, 1: 2}, 1, 1, (((1, 2), (2, 3)), 1), (1, 1, (1, 2), (2, 3))),
        ({1: 1, 2: -3}, 0, 1, (((1, 1), (2, -3)), 1), (0, 1, (1, 1), (2, -3))),
        ({1: 2}, 1, 2, (((1, 1),), 2), (1, 2, (1, 2))),
        ({1: 2}, 2, 3, (((1, 1),), 2), (2, 3, (1, 2))),
    ],
)
def test_a_form_is_so_many_times_a_direction_whose_first_weight_is_positive(
    terms: dict[int, int], constant: int, parts: int, along: object, law: object
) -> None:
    form = Symbolic(Walk(0), constant, terms, parts)
    assert form.along == along
    assert form.law == law


@pytest.mark.parametrize("look", [bool, lambda marks: marks.latest(2)])
def test_what_was_once_not_exact_stays_so(look: Callable[[UnknownList[object]], object]) -> None:
    paths = Paths()
    paths.exact = False
    marks = listed(paths, Field(kind="number"), 0, 9)
    list(paths.explore(partial(look, marks)))
    assert paths.exact is False


def test_of_a_list_that_is_empty_nothing_is_asked() -> None:
    paths = Paths()
    marks = listed(paths, Field(kind="number"), 0, 0)
    assert [(leaf.result, leaf.turns) for leaf in paths.explore(lambda: bool(marks))] == [
        (False, ())
    ]


def listed(paths: Paths, item: Field, shortest: int, longest: int) -> UnknownList[Any]:
    """Give a list of unknown length."""
    unknown = Unknown(field=Field(kind="list", item=item), path="marks")
    return UnknownList(unknown, Unfixed(paths), (shortest, longest), [0])


@pytest.mark.parametrize(
    ("item", "test", "exact"),
    [
        (Field(kind="choice", choices=("A", "B")), lambda mark: mark == "A", True),
        (Field(kind="choice", choices=("A", "B")), lambda mark: mark in "AB", False),
        (Field(kind="number", maximum=Fraction(100)), lambda mark: mark <= 50, True),
        (Field(kind="number", maximum=Fraction(100)), lambda mark: mark <= 100, False),
    ],
)
def test_a_test_that_all_entries_seem_to_pass_is_not_claimed_to_be_exact(
    item: Field, test: Callable[[Any], bool], *, exact: bool
) -> None:
    paths = Paths()
    marks = listed(paths, item, 0, 4)
    list(paths.explore(partial(marks.how_often, test)))
    assert paths.exact is exact


def test_of_an_untold_value_nothing_can_be_asked() -> None:
    with pytest.raises(UnknowableError, match="start"):
        _ = Untold("start").year


@pytest.mark.parametrize(
    ("kind", "low", "high", "exclusive", "ends"),
    [
        ("integer", 1, 3, False, (1, 3)),
        ("integer", 0, None, False, (0, 10**6)),
        ("integer", None, None, False, (-(10**6), 10**6)),
        ("integer", 0, 5, True, (1, 5)),
        ("number", 0, 100, False, (0, 10_000)),
        ("number", None, "0.5", False, (-(10**8), 50)),
        ("number", 0, None, True, (1, 10**8)),
        ("number", "0.5", 1, True, (51, 100)),
        # Between two hundredths a bound leaves out the one that is not allowed, and no other.
        ("number", "0.005", "0.025", False, (1, 2)),
        ("number", "0.005", "0.025", True, (1, 2)),
    ],
)
def test_the_values_of_a_number_lie_between_its_bounds(
    kind: str,
    low: str | int | None,
    high: str | int | None,
    exclusive: bool,
    ends: tuple[int, int],
) -> None:
    bounds = [None if each is None else Fraction(each) for each in (low, high)]
    field = Field(kind=kind, minimum=bounds[0], maximum=bounds[1], exclusive=exclusive)
    assert reach(field) == ends
    assert resolution(field) == (1 if kind == "integer" else Fraction(1, 100))


def test_given_is_a_mapping_of_its_fields() -> None:
    given = Given((Field(name="a", kind="boolean"),), {"a": True}, None)  # type: ignore[arg-type]
    given.__dict__["a"] = True
    assert (dict(given), len(given)) == ({"a": True}, 1)
    with pytest.raises(AttributeError, match=r"^b$"):
        _ = given.b


def test_of_the_first_entries_there_are_no_more_than_asked_for() -> None:
    field = Field(kind="list", item=Field(kind="integer"))
    paths = Paths()

    def run() -> tuple[int, bool, bool]:
        unknown: UnknownList[object] = UnknownList(
            Unknown(field=field, path="ranks"), Unfixed(paths), (2, 9), [0]
        )
        return len(unknown[:2]), unknown[:3].settled, unknown[:9].settled

    assert [leaf.result for leaf in paths.explore(run)] == [(2, False, False)]


def test_a_number_knows_the_clause_of_its_field_and_what_does_not_matter_is_as_if_not_given() -> (
    None
):
    kind = Field(name="kind", kind="choice", choices=("a", "b"))
    cost = Field(
        name="cost", kind="number", default=Fraction(1, 2), when={"kind": ("a",)}, clause="2.3"
    )
    flow = Flow(calculator("order-error"), Paths(), lambda unknown: unknown)
    given = Given((kind, cost), {"kind": "a", "cost": Fraction(5, 2)}, flow)
    assert (given.cost.value, given.cost.clause) == (Fraction(5, 2), "online-store-service:2.3")
    given = Given((kind, cost), {"kind": "b", "cost": Fraction(5, 2)}, flow)
    assert given.cost.value == Fraction(1, 2)


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("a", "list"), ("a[0].b", "list"), ("a[0].b[1]", "integer"), ("c", "number"), ("", None),
        ("a[0]", None), ("a[1].b", None), ("a[0].b[2]", None), ("a.b", None), ("c[0]", None), ("d", None),
    ],
)  # fmt: skip
def test_an_input_is_found_where_it_stands(path: str, there: str | None) -> None:
    inner = Field(name="b", kind="list", item=Field(kind="integer"))
    entry = Field(kind="record", fields=(inner,))
    fields = (Field(name="a", kind="list", item=entry), Field(name="c", kind="number"))
    found = find_field(fields, keys_of(path), {"a": [{"b": [7, 8]}], "c": "12"})
    assert (found and found.kind) == there


def test_of_a_path_two_hundred_letters_are_read() -> None:
    assert [len(str(keys_of("x" * length)[0])) for length in (199, 200, 201)] == [199, 200, 200]


def test_a_check_is_told_of_an_unknown_list_as_of_a_missing_one() -> None:
    field = Field(name="events", kind="list", item=Field(kind="integer"))
    paths = Paths()
    flow = Flow(calculator("seat-check"), paths, Unfixed(paths))
    given = Given((field,), {"events": Unknown(field=field, path="events")}, flow)
    assert isinstance(given.events, UnknownList)
    assert given["events"] is None


def test_a_decision_between_numbers_of_no_figure_is_named_by_its_label() -> None:
    explorer = Walk(0)
    its_policy = policy("rd-grades")
    working = Asking(
        its_policy, its_policy.versions[-1], explorer, lambda unknown: unknown, {}, None
    )
    seven = Symbolic(explorer, 7)
    assert working.decide("够", seven >= 9, "9.1", wanted=True) is False  # type: ignore[arg-type]
    assert working.unmet["够"].clause == "rd-grades:9.1"
    assert working.decide("够", seven >= 7, "9.1", wanted=True) is True  # type: ignore[arg-type]
    assert working.unmet == {}
    assert working.decide("够", True, "9.1") is True
    assert working.whole(Fraction(3)) == 3


def test_the_mean_of_whole_numbers_need_not_be_whole() -> None:
    paths, its_policy = Paths(), policy("rd-grades")
    asking = Asking(its_policy, its_policy.versions[-1], paths, Unfixed(paths), {}, None)
    ranks = listed(paths, Field(kind="integer", minimum=Fraction(1), maximum=Fraction(3)), 0, 9)
    (leaf,) = paths.explore(lambda: asking.mean(ranks))
    assert isinstance(leaf.result, Symbolic)
    assert (leaf.result.parts, *paths.outer(leaf, leaf.result)) == (100, 100, 300)
    assert paths.asked_by(leaf.result) == {"marks"}


@pytest.mark.parametrize(
    ("operator", "wanted", "need", "missing"),
    [
        (">=", True, 9, 2),
        (">", True, 10, 3),
        ("<=", False, 10, 3),
        ("<", True, 8, -1),
        ("<=", True, 9, -2),
        (">=", False, 8, -1),
        (">", False, 9, -2),
        ("<", False, 9, 2),
        ("==", True, 9, 2),
        ("==", False, 9, 2),
        ("!=", False, 9, 2),
    ],
)
def test_the_distance_of_a_condition(operator: str, wanted: bool, need: int, missing: int) -> None:
    seven = Symbolic(Walk(0), 7)
    asked = {
        ">=": seven >= 9, ">": seven > 9, "<=": seven <= 9, "<": seven < 9, "==": seven == 9,
        "!=": seven != 9,
    }[operator]  # fmt: skip
    found: Unmet = distance(asked, wanted=wanted)
    assert (found.need, found.missing.value) == (need, missing)  # type: ignore[attr-defined]


def test_without_any_answer_there_is_no_range_to_choose() -> None:
    class Nowhere:
        def run(self, *_: object) -> None:
            raise DeadEndError

    given = Varied(asked=Nowhere(), field=Field(kind="integer"), path="x", present=None)  # type: ignore[arg-type]
    assert window(given, None, None) == (0, 0)


class Stairs:
    """A question whose answer is how many stairs a number has reached."""

    def __init__(self, *stairs: int) -> None:
        self.stairs = stairs

    def run(self, _: object, supply: Callable[[object], Any]) -> tuple[Outcome, dict[str, Unmet]]:
        outcome, number = Outcome(), supply(None)
        outcome.lay("reached", sum(bool(number >= each) for each in self.stairs))
        return outcome, {}


class Floors(Stairs):
    """A question that compares a number with each stair, and answers in whole twenties alone."""

    def run(self, _: object, supply: Callable[[object], Any]) -> tuple[Outcome, dict[str, Unmet]]:
        outcome, number = Outcome(), supply(None)
        for each in self.stairs:
            bool(number >= each)
        outcome.lay("floors", number // 20)
        return outcome, {}


def test_a_verdict_that_changes_nothing_of_the_outcome_begins_no_piece() -> None:
    field = Field(kind="integer")
    asked: Any = Floors(5, 25, 33)
    given = Varied(asked=asked, field=field, path="x", present=None)
    assert [(each.start, each.last) for each in pieces(given, 0, 45)] == [
        (0, 19),
        (20, 39),
        (40, 45),
    ]


class Slope(Stairs):
    """A question that compares a number with each stair, and answers with the number itself."""

    def run(self, _: object, supply: Callable[[object], Any]) -> tuple[Outcome, dict[str, Unmet]]:
        outcome, number = Outcome(), supply(None)
        for each in self.stairs:
            bool(number >= each)
        outcome.lay("number", number)
        return outcome, {}


def test_what_goes_on_evenly_is_one_piece_in_hundredths_too() -> None:
    given = Varied(asked=Slope(5, 25), field=Field(kind="number"), path="x", present=None)  # type: ignore[arg-type]
    assert [(each.start, each.last) for each in pieces(given, 0, 4500)] == [(0, 4500)]


class Tents(Stairs):
    """A question whose two answers rise up to ten and fall from there, each by a clause of its own."""

    def run(self, _: object, supply: Callable[[object], Any]) -> tuple[Outcome, dict[str, Unmet]]:
        outcome, number = Outcome(), supply(None)
        for name in ("one", "other"):
            rises = number < cited(Fraction(10), name, name)
            outcome.lay(name, number if rises else 20 - number)
        outcome.lay("number", number)  # which goes on all the way
        return outcome, {}


class Either(Stairs):
    """A question with one answer for two verdicts, after a whole part on which nothing depends."""

    def run(self, _: object, supply: Callable[[object], Any]) -> tuple[Outcome, dict[str, Unmet]]:
        outcome, number = Outcome(), supply(None)
        _ = number // TWENTY
        first, second = (
            number >= cited(Fraction(20), "first", "first"),
            number > cited(Fraction(19), "second", "second"),
        )
        outcome.lay("reached", bool(first) | bool(second))
        return outcome, {}


@pytest.mark.parametrize(
    ("asked", "clauses"),
    [
        # Both tents have their top at ten, but the verdicts flip just before it.
        (Tents(), {"one": "one", "other": "other"}),
        # Neither verdict alone changes the answer: it hangs on what ended the piece.
        (Either(), {"reached": "first"}),
    ],
    ids=lambda each: type(each).__name__,
)
def test_each_part_jumps_by_the_clause_that_it_hangs_on(
    asked: Any,  # noqa: ANN401
    clauses: dict[str, str],
) -> None:
    given = Varied(asked=asked, field=Field(kind="integer"), path="x", present=None)
    before, piece = pieces(given, 5, 25)
    assert clauses_of(given, before, piece) == clauses


class Tent(Stairs):
    """A question whose answer rises up to ten and falls from there."""

    def run(self, _: object, supply: Callable[[object], Any]) -> tuple[Outcome, dict[str, Unmet]]:
        outcome, number = Outcome(), supply(None)
        outcome.lay("height", min(number, 20 - number))
        return outcome, {}


@pytest.mark.parametrize(
    ("start", "end", "pieces_"),
    [
        (0, 20, [(0, 10), (11, 20)]),
        (20, 0, [(20, 10), (9, 0)]),
        (0, 10, [(0, 10)]),
        (20, 10, [(20, 10)]),
        (10, 20, [(10, 20)]),
        (10, 0, [(10, 0)]),
        (9, 11, [(9, 10), (11, 11)]),
        (10, 10, [(10, 10)]),
    ],
)
def test_the_top_lies_on_both_sides_and_belongs_to_the_first(
    start: int, end: int, pieces_: list[tuple[int, int]]
) -> None:
    field = Field(kind="integer")
    given = Varied(asked=Tent(), field=field, path="x", present=None)  # type: ignore[arg-type]
    found = list(pieces(given, start, end))
    assert [(each.start, each.last) for each in found] == pieces_
    assert [each.law["height"][0] for each in found] == [min(at, 20 - at) for at, _ in pieces_]


@pytest.mark.parametrize(
    ("present", "bounds", "stairs", "ends", "shown"),
    [
        # To the bounds: from 0 on, and a quarter of the 201 between 99 and 300 beyond the last stair.
        (150, (0, None), (100, 200, 300), (None, None), (0, 351)),
        # Three pieces below the present one, up to the stair at 100; 400 between them and the last stair.
        (450, (0, None), (100, 200, 300, 400, 500), (None, None), (100, 600)),
        # Five above: up to just before the sixth stair from here.
        (50, (0, None), tuple(range(100, 900, 100)), (None, None), (0, 599)),
        # A quarter that is less than ten: ten. Below nothing likewise, and what is above ends at 0.
        (1, (0, None), (5, 20), (None, None), (0, 30)),
        (-150, (None, None), (-300, -200, -100), (None, None), (-352, 0)),
        (-2, (None, None), (-5,), (None, None), (-16, 0)),
        (-2, (None, None), (0,), (None, None), (-12, 10)),
        # Without a present value from the one nearest to 0.
        (None, (10, None), (100,), (None, None), (10, 123)),
        # Two bounds that are not far apart are shown whole; further apart they are not.
        (5, (0, 1000), (7,), (None, None), (0, 1000)),
        (5, (0, 1001), (7,), (None, None), (0, 17)),
        (600, (500, 1000), (700,), (None, None), (500, 1000)),
        # With one bound alone the pieces are shown, however near the largest number is.
        (999_600, (999_500, None), (999_700,), (None, None), (999_575, 999_725)),
        # One end that is given: the pieces are counted from there.
        (150, (0, None), (100, 200, 300, 400), (250, None), (0, 476)),
        (350, (0, None), (100, 200, 300, 400), (None, 150), (0, 476)),
    ],
)
def test_a_map_shows_some_jumps_on_both_sides(
    present: int | None,
    bounds: tuple[int | None, int | None],
    stairs: tuple[int, ...],
    ends: tuple[int | None, int | None],
    shown: tuple[int, int],
) -> None:
    low, high, first, last = (None if each is None else Fraction(each) for each in (*bounds, *ends))
    field = Field(kind="integer", minimum=low, maximum=high)
    start = None if present is None else Fraction(present)
    given = Varied(asked=Stairs(*stairs), field=field, path="x", present=start)  # type: ignore[arg-type]
    assert window(given, first, last) == shown


def test_the_whole_part_of_what_is_fixed_is_fixed() -> None:
    for explorer in (Walk(9), Paths()):
        assert (Symbolic(explorer, 7) // 2).value == 3
        assert (Symbolic(explorer, -7) // 2).value == -4


def test_what_the_package_does_not_have_is_missing() -> None:
    with pytest.raises(AttributeError, match="guess"):
        _ = policy_core.guess


def test_a_walk_of_too_many_steps_is_refused() -> None:
    given = Varied(asked=None, field=Field(kind="integer"), path="x", present=None)  # type: ignore[arg-type]

    def odd(_: Walk, supply: Any) -> bool:  # noqa: ANN401
        return bool(supply(None) % 2 == 1)

    def alone(explorer: Walk, _: object) -> None:
        explorer.room = 0

    stretches = list(walk(given, odd, 0, 9))
    assert [(each.start, each.last, each.seen) for each in stretches] == [
        (place, place, place % 2 == 1) for place in range(10)
    ]
    told = "这一项一变，结果的变化太多，算不完，请换一项，或者把范围缩小"
    with pytest.raises(InputErrors, match=f"^vary：{told}$"):
        list(walk(given, alone, 0, 4999))
    assert len(list(walk(given, alone, 0, 4998))) == 4999


def test_a_glance_tells_what_differs_at_the_next_place_and_holds_one_of_it() -> None:
    def asked(glance: Glance) -> list[object]:
        number = glance.variable(Fraction(30), Fraction(-1))
        whole = number // cited(Fraction(20), "grade", "9.1")
        return [bool(number == 30), bool(number > 40), (number // 10).constant, bool(whole < 1)]

    here = Glance()
    assert asked(here) == [True, False, 3, False]
    assert list(here.flips) == [2, 4]
    for held, verdict in ((0, True), (1, False)):
        glance = Glance(held)
        number = glance.variable(Fraction(30), Fraction(-1))
        assert bool(number >= 30) is verdict
        assert bool(number >= 29) is True  # at 29 it is so still
        assert list(glance.flips) == [1]
    glance = Glance()
    assert bool(
        glance.variable(Fraction(40), Fraction(-1)) // cited(Fraction(20), "grade", "9.1") >= 2
    )
    assert list(glance.flips.values()) == ["9.1", "9.1"]  # the whole part, and what is made of it
    glance = Glance()
    number = glance.variable(Fraction(20), Fraction(-1))
    assert [bool(number == NINE), bool(number == TWENTY), bool(number >= TWENTY)] == [
        False,
        True,
        True,
    ]
    assert glance.flips == {2: "twenty", 3: "twenty"}  # at 19 it is no nine either
    assert asked(Glance(2)) == [False, False, 3, False]
    assert asked(Glance(4)) == [True, False, 2, False]


def test_a_glance_goes_one_place_down() -> None:
    given = Varied(asked=Stairs(10), field=Field(kind="integer"), path="x", present=None)  # type: ignore[arg-type]
    glances = {place: Glance() for place in (9, 10, 11)}
    for place, glance in glances.items():
        seen_down(given, glance, place)
    assert [place for place, glance in glances.items() if glance.flips] == [10]


def test_where_inputs_do_not_go_together_there_is_nothing_to_see() -> None:
    halves = [{"year": 2024, "half": half, "points": 9} for half in (1, 2)]
    inputs = {"grade": 1, "history": halves}
    found, _ = varied("points-history", inputs, "history[0].year")
    given = numeric("points-history", inputs, "history[0].year", found, None)
    assert seen_down(given, Glance(), 2023) == {}
    assert seen_down(given, Glance(), 2024)["new_grade"] == (Fraction(1), Fraction(0))


def test_a_range_and_a_new_part_are_named_whole() -> None:
    found = {"": "1", "a.max": "2", "a.min": "2", "a": "3", "b": "4", "b.c": "5", "d[0].e": None}
    assert as_parts(found) == {"a": "3", "b": "4", "d[0].e": None}
    apart = {"a.b.min": "1", "c.max": "2", "d": "3", "dX": "4", "e": "5", "e.min": "6"}
    assert as_parts(apart) == {"a.b": "1", "c": "2", "d": "3", "dX": "4", "e": "5"}
