"""Inputs declared once: a frozen dataclass says type, bounds and clause; everything else reads that.

Form, JSON Schema, command line, batch and validation all read `Field`s. `parse` turns what a host gives
(JSON's types) into the dataclass and gathers every problem before any calculation starts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import Any

from policy_core._clause import full
from policy_core._errors import InputErrors, Problem
from policy_core._exact import LARGEST, NotANumberError, exact, shown

MOST_ITEMS = 1000
LONGEST_TEXT = 200
LONGEST_SHOWN = 40
FIRST_YEAR, LAST_YEAR = 1, 9998

type Choice = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input as it was declared.

    `when` names the fields, and their values, under which this one matters; otherwise it is ignored,
    or in a `strict` record an error; `depth` counts how many stand between it and those that always matter.
    `exclusive` shuts out the minimum itself.
    """

    name: str = ""
    kind: str
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    exclusive: bool = False
    choices: tuple[Choice, ...] = ()
    required: bool = True
    default: object = None
    when: Mapping[str, tuple[object, ...]] = dataclasses.field(default_factory=dict)
    depth: int = 0
    minimum_items: int = 0
    maximum_items: int = MOST_ITEMS
    item: Field | None = None
    fields: tuple[Field, ...] = ()
    strict: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A value that the reader does not know, where that is allowed."""

    field: Field
    path: str


REQUIRED: Any = object()


def declare(kind: str, *, default: object = REQUIRED, **details: Any) -> Any:  # noqa: ANN401
    """Declare an input; with a `default` (None is one) it is optional."""
    required = default is REQUIRED
    made = Field(kind=kind, required=required, default=None if required else default, **details)
    return dataclasses.field(metadata={"input": made})


def number(minimum: int | None = None, maximum: int | None = None, **details: Any) -> Any:  # noqa: ANN401
    """Declare a number with inclusive bounds."""
    return declare("number", minimum=bound(minimum), maximum=bound(maximum), **details)


def integer(minimum: int | None = None, maximum: int | None = None, **details: Any) -> Any:  # noqa: ANN401
    """Declare a whole number with inclusive bounds."""
    return declare("integer", minimum=bound(minimum), maximum=bound(maximum), **details)


def boolean(**details: Any) -> Any:  # noqa: ANN401
    """Declare a yes or no."""
    return declare("boolean", **details)


def choice(*choices: Choice, **details: Any) -> Any:  # noqa: ANN401
    """Declare one of a few values."""
    return declare("choice", choices=choices, **details)


def day(**details: Any) -> Any:  # noqa: ANN401
    """Declare an ISO date."""
    return declare("date", **details)


def text(**details: Any) -> Any:  # noqa: ANN401
    """Declare a short text."""
    return declare("text", **details)


def numbers(minimum: int, maximum: int, *, at_least: int = 0, **details: Any) -> Any:  # noqa: ANN401
    """Declare a list of numbers."""
    item = Field(kind="number", minimum=bound(minimum), maximum=bound(maximum))
    return entries(item, at_least, **details)


def integers(minimum: int, *, at_least: int = 0, **details: Any) -> Any:  # noqa: ANN401
    """Declare a list of whole numbers."""
    return entries(Field(kind="integer", minimum=bound(minimum)), at_least, **details)


def choices(*values: Choice, at_least: int = 0, **details: Any) -> Any:  # noqa: ANN401
    """Declare a list of values out of a few."""
    return entries(Field(kind="choice", choices=values), at_least, **details)


def entries(item: Field, at_least: int, *, clause: str = "", **details: Any) -> Any:  # noqa: ANN401
    """Declare a list; the clause that asks for it asks for each of its entries."""
    item = dataclasses.replace(item, clause=clause)
    return declare("list", item=item, minimum_items=at_least, clause=clause, **details)


def records(
    *entry: type,
    at_least: int = 1,
    at_most: int = MOST_ITEMS,
    strict: bool = False,
    **details: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Declare a list of entries that are declared as a dataclass of their own, or as several in a row."""
    fields = tuple(each for part in entry for each in declared(part))
    item = Field(kind="record", fields=fields, strict=strict)
    return declare("records", item=item, minimum_items=at_least, maximum_items=at_most, **details)


def bound(value: int | None) -> Fraction | None:
    """Keep bounds exact."""
    return None if value is None else Fraction(value)


def declared(inputs: type) -> tuple[Field, ...]:
    """Give the fields of an input class in the order in which they are declared."""
    fields = tuple(
        dataclasses.replace(each.metadata["input"], name=each.name)
        for each in dataclasses.fields(inputs)
    )
    return tuple(dataclasses.replace(each, depth=depth(each, fields)) for each in fields)


def depth(each: Field, fields: Sequence[Field]) -> int:
    """Count how many other fields stand between a field and those that always matter."""
    return 1 + max(
        (depth(other, fields) for other in fields if other.name in each.when), default=-1
    )


class Problems(list[Problem]):
    """The problems gathered so far, of one policy; with `partial` a missing value is an unknown one.

    `unknown` are the paths of values of which a check must not say that they are missing.
    """

    def __init__(self, policy: str, *, partial: bool = False) -> None:
        super().__init__()
        self.policy = policy
        self.partial = partial
        self.unknown: set[str] = set()

    def say(self, path: str, message: str, clause: str = "") -> None:
        """Note one problem."""
        self.append(Problem(field=path, message=message, clause=full(self.policy, clause) or None))


def parse(
    fields: Sequence[Field],
    raw: object,
    policy: str,
    check: Callable[[Mapping[str, Any], Problems], None] | None = None,
    *,
    partial: bool = False,
) -> dict[str, Any]:
    """Check a host's values against the declaration and make them exact.

    Args:
        fields: the declaration.
        raw: the values as given.
        policy: whose clauses the fields name.
        check: notes what no field can say alone; a value that is missing or wrong is None for it.
        partial: let what is required be missing, and any value be `{"unknown": true}`: it comes as `Unknown`.

    Raises:
        InputErrors: every problem at once.

    """
    problems = Problems(policy, partial=partial)
    values = parse_record(fields, raw, "", problems)
    if check:
        check(known(values), problems)
    if problems:
        raise InputErrors(problems)
    return values


def parse_record(
    fields: Sequence[Field], raw: object, path: str, problems: Problems, *, strict: bool = False
) -> dict[str, Any]:
    """Check one object: unknown names, missing values, and each value there is."""
    if problems.partial and is_unknown(raw):
        raw = {}
    if not isinstance(raw, Mapping):
        problems.say(path, f"填的是{described(raw)}，应是一组“名称：值”")
        return {}
    prefix = f"{path}." if path else ""
    names = [each.name for each in fields]
    for name in raw:
        if name not in names:
            problems.say(f"{prefix}{short(str(name))}", unknown(str(name), names))
    values: dict[str, Any] = {}
    undecided: set[str] = set()
    # What decides whether a field matters is checked before it, wherever it was declared.
    for each in sorted(fields, key=attrgetter("depth")):
        place, given = f"{prefix}{each.name}", raw.get(each.name)
        # Where what decides is wrong or missing, a value that is there is held to its bounds all the same.
        perhaps = not undecided.isdisjoint(each.when)
        if not all(
            name in undecided or may_be(values.get(name), wanted)
            for name, wanted in each.when.items()
        ):
            values[each.name] = each.default
            if strict and given is not None:
                problems.say(place, f"填的是{described(given)}，这一类不填这一项")
            continue
        found = (
            each.default if perhaps and given is None else parse_one(each, given, place, problems)
        )
        values[each.name] = found
        if found is None and (perhaps or each.required or given is not None):
            undecided.add(each.name)
    return values


def is_unknown(value: object) -> bool:
    """Tell whether a value says that it is not known."""
    return isinstance(value, Mapping) and len(value) == 1 and value.get("unknown") is True


def known(value: Any) -> Any:  # noqa: ANN401 - a value of any kind
    """Give values with None in the place of the unknown ones."""
    match value:
        case Unknown():
            return None
        case tuple():
            return tuple(known(each) for each in value)
        case dict():
            return {name: known(each) for name, each in value.items()}
    return value


def may_be(value: object, wanted: tuple[object, ...]) -> bool:
    """Tell whether a value is, or may turn out to be, one of those wanted."""
    return isinstance(value, Unknown) or value in wanted


def parse_one(each: Field, value: object, path: str, problems: Problems) -> Any:  # noqa: ANN401
    """Check one value; None stands for a value that is missing or wrong."""
    if problems.partial and (is_unknown(value) or (value is None and each.required)):
        problems.unknown.add(path)
        return Unknown(field=each, path=path)
    if value is None:
        if each.required:
            problems.say(path, "还没有填，这一项必须填", each.clause)
            return None
        return (
            PARSERS[each.kind](each, each.default, path, problems)
            if each.default is not None
            else None
        )
    return PARSERS[each.kind](each, value, path, problems)


def parse_number(each: Field, value: object, path: str, problems: Problems) -> Fraction | None:
    """Check a number and its bounds."""
    try:
        found = exact(value)
    except NotANumberError as error:
        problems.say(path, f"填的是{described(value)}，{error}", each.clause)
        return None
    if each.kind == "integer" and found.denominator != 1:
        low = found.numerator // found.denominator
        problems.say(
            path, f"填的是{described(value)}，应是整数，例如 {low} 或 {low + 1}", each.clause
        )
        return None
    if (
        (each.minimum is not None and found < each.minimum)
        or (each.exclusive and found == each.minimum)
        or (each.maximum is not None and found > each.maximum)
    ):
        problems.say(path, f"填的是{described(value)}，应{allowed(each)}", each.clause)
        return None
    return found


def parse_boolean(each: Field, value: object, path: str, problems: Problems) -> bool | None:
    """Check a yes or no."""
    if isinstance(value, bool):
        return value
    problems.say(path, f"填的是{described(value)}，应是“是”（true）或“否”（false）", each.clause)
    return None


def parse_choice(each: Field, value: object, path: str, problems: Problems) -> Choice | None:
    """Check one of a few values; 1.0 is 1, true is not."""
    for allowed_value in each.choices:
        same_kind = isinstance(value, str) == isinstance(allowed_value, str)
        if same_kind and not isinstance(value, bool) and value == allowed_value:
            return allowed_value
    listed = "、".join(map(str, each.choices))
    problems.say(path, f"填的是{described(value)}，应是其中之一：{listed}", each.clause)
    return None


def parse_text(each: Field, value: object, path: str, problems: Problems) -> str | None:
    """Check a short text."""
    if (
        not isinstance(value, str)
        or not value.strip()
        or any("\ud800" <= each <= "\udfff" for each in value)
    ):
        problems.say(path, f"填的是{described(value)}，应是文字", each.clause)
        return None
    if len(value) > LONGEST_TEXT:
        problems.say(path, f"有 {len(value)} 个字，最多 {LONGEST_TEXT} 个", each.clause)
        return None
    return value


def parse_date(each: Field, value: object, path: str, problems: Problems) -> date | None:
    """Check an ISO date, years 1 to 9998."""
    found = iso_day(value)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        problems.say(path, f"填的是{described(value)}，应是日期，例如 2024-01-31", each.clause)
        return None
    return found


def iso_day(value: object) -> date | None:
    """Read 2024-01-31, and no other way to write a day; None for anything else."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.isoformat() == value else None


def parse_list(each: Field, value: object, path: str, problems: Problems) -> tuple[Any, ...] | None:
    """Check a list and each of its entries."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        problems.say(path, f"填的是{described(value)}，应是一列值", each.clause)
        return None
    if not each.minimum_items <= len(value) <= each.maximum_items:
        limit = f"{each.minimum_items} 到 {each.maximum_items} 项"
        problems.say(path, f"有 {len(value)} 项，应是 {limit}", each.clause)
        return None
    item = each.item or each
    found: list[Any] = []
    for index, entry in enumerate(value):
        place = f"{path}[{index}]"
        if item.kind == "record":
            found.append(parse_record(item.fields, entry, place, problems, strict=item.strict))
        elif problems.partial and (entry is None or is_unknown(entry)):
            found.append(Unknown(field=item, path=place))
        elif entry is None:
            problems.say(place, "还没有填，这一项必须填", each.clause)
        else:
            found.append(PARSERS[item.kind](item, entry, place, problems))
    return tuple(found)


PARSERS: Mapping[str, Callable[[Field, object, str, Problems], Any]] = {
    "number": parse_number,
    "integer": parse_number,
    "boolean": parse_boolean,
    "choice": parse_choice,
    "text": parse_text,
    "date": parse_date,
    "list": parse_list,
    "records": parse_list,
}


def allowed(each: Field) -> str:
    """Say in words which numbers are allowed."""
    low, high = (None if end is None else shown(end) for end in (each.minimum, each.maximum))
    if each.exclusive:
        return f"大于 {low}，不大于 {high}" if high else f"大于 {low}"
    if low and high:
        return f"在 {low} 到 {high} 之间"
    return f"是 {low} 或更大" if low else f"是 {high} 或更小"


def described(value: object) -> str:
    """Name a given value in a message, shortened where it is long."""
    match value:
        case None:
            return "空"
        case bool():
            return "“是”" if value else "“否”"
        case str():
            return f"“{short(value)}”"
        case Mapping():
            return "一组值"
        case Sequence():
            return "一列值"
    return f" {short(number_text(value)).replace('-', '−')}"


def number_text(value: object) -> str:
    """Print a given number; Python refuses to print an integer of thousands of digits."""
    if isinstance(value, int) and abs(value) > LARGEST**6:
        return "一个很大的整数"
    return str(value)


def short(value: str) -> str:
    """Shorten what was given and keep half characters out of a message."""
    clean = value.encode(errors="replace").decode()
    return clean if len(clean) <= LONGEST_SHOWN else f"{clean[:LONGEST_SHOWN]}…"


def unknown(name: str, names: Sequence[str]) -> str:
    """Say that a name is unknown, and which one was perhaps meant."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name pays for it

    near = get_close_matches(name[:LONGEST_SHOWN], names, n=1)
    hint = f"，是不是 {near[0]}" if near else f"，可填的有：{'、'.join(names)}"
    return f"没有这一项{hint}"
