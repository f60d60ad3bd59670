"""The one door for a host that speaks JSON: text in, text out, and never an exception for bad input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from policy_core._errors import InputErrors, one_problem
from policy_core._inputs import iso_day
from policy_core._registry import calculate

CALLS = ("calculate", "mark", "explain", "seek", "jumps", "compare", "guess", "rows", "result")
MOST_DIGITS = 400
LARGEST_BANK = 20_000_000
BROKEN_BANK = "题库文件坏了，请重新打开页面"


def answer(request: str) -> str:
    """Answer one request, `{"call": one of CALLS, ...}`, with an answer or `{"errors": [...]}`."""
    try:
        result = dispatch(read_json(request))
    except InputErrors as error:
        result = error.to_json()
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def dispatch(request: object) -> dict[str, Any]:
    """Make the call that a request names."""
    if not isinstance(request, Mapping):
        raise one_problem("request", "应是一组“名称：值”")
    # The first answer waits for no module but its own: the others are imported where they are asked for.
    match request.get("call"):
        case "calculate":
            chosen, inputs = request.get("calculator", ""), request.get("inputs", {})
            return calculate(chosen, inputs, read_day(request.get("as_of"))).to_json()
        case "mark":
            from policy_core.service_quiz import mark  # noqa: PLC0415

            bank, multiple = read_bank(request.get("bank")), request.get("multiple", "exact")
            return mark(bank, request.get("answers", {}), multiple, request.get("only")).to_json()
        case "explain" | "seek" | "jumps" | "compare":
            return inquire(request)
        case "guess" | "rows" | "result":
            from policy_core._rows import answer_rows  # noqa: PLC0415

            return answer_rows(request, read_day(request.get("as_of")))
    raise one_problem("call", f"应是其中之一：{'、'.join(CALLS)}")


def inquire(request: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a question about an answer."""
    given, chosen, inputs = request.get, request.get("calculator", ""), request.get("inputs", {})
    match given("call"):
        case "explain":
            from policy_core._explain import explain  # noqa: PLC0415

            return explain(chosen, inputs, read_day(given("as_of")))
        case "seek":
            from policy_core._seek import seek  # noqa: PLC0415

            day = read_day(given("as_of"))
            return seek(chosen, inputs, given("vary", ""), given("until", ""), day)
        case "jumps":
            from policy_core._jumps import jumps  # noqa: PLC0415

            day = read_day(given("as_of"))
            return jumps(chosen, inputs, given("vary", ""), given("from"), given("to"), day)
        case _:
            from policy_core._compare import compare  # noqa: PLC0415

            left, right = given("left", {}), given("right", {})
            return compare(chosen, left, right, read_days(given("as_of")))


def read_json(text: str) -> Any:  # noqa: ANN401 - JSON is what it is
    """Read JSON exactly: decimals as printed, no name twice, no NaN.

    Raises:
        InputErrors: it is no JSON; says where.

    """
    try:
        return EXACTLY.decode(text)
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 个字"
        raise one_problem("json", f"不是完整的 JSON，{place}读不下去") from error
    except RecursionError as error:
        raise one_problem("json", "嵌套得太深") from error


def read_int(printed: str) -> int | Decimal:
    """Read a whole number; one of thousands of digits stays a decimal, which is refused later by size."""
    return int(printed) if len(printed) <= MOST_DIGITS else Decimal(printed)


def refuse(name: str) -> float:
    """Refuse NaN and the infinities, which are no JSON."""
    raise one_problem("json", f"{name} 不是数字")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object and refuse a name that stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise one_problem(twice[:40], "写了两次，只能写一次")
    return found


EXACTLY = json.JSONDecoder(
    parse_float=Decimal, parse_int=read_int, parse_constant=refuse, object_pairs_hook=unique
)


def read_day(value: object) -> date | None:
    """Read `as_of`."""
    if value is None:
        return None
    found = iso_day(value)
    if found is None:
        raise one_problem("as_of", f"填的是“{str(value)[:40]}”，应是日期，例如 2024-01-31")
    return found


def read_days(value: object) -> tuple[date | None, date | None]:
    """Read the two days of a comparison; one alone, or none, counts for both sides."""
    if not isinstance(value, list):
        value = [value, value]
    if len(value) != len(("left", "right")):
        raise one_problem("as_of", f"有 {len(value)} 个日期，应是两个")
    return read_day(value[0]), read_day(value[1])


def read_bank(value: object) -> Mapping[str, Any]:
    """Unpack a quiz bank, which travels packed so that its answers cannot be read on the way."""
    import base64  # noqa: PLC0415
    import binascii  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    try:
        packed = base64.b64decode(str(value), validate=True)
        text = zlib.decompressobj().decompress(packed, LARGEST_BANK).decode()
        bank = json.loads(text)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise one_problem("bank", BROKEN_BANK) from error
    if not isinstance(bank, Mapping):
        raise one_problem("bank", BROKEN_BANK)
    return bank
