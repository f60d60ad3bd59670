"""A wish for an outcome, as a reader writes it: `levels >= 2 and title == "工程师"`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from policy_core._errors import InputErrors, one_problem
from policy_core._exact import PLACES, NotANumberError, exact
from policy_core._symbolic import Symbolic

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>[-+−]?\d+(?:\.\d+)?)|(?P<sign>[<>=!]=|[<>()])"""
    r"""|(?P<word>[^\W\d][\w-]*(?:\[\d+\])*(?:\.[^\W\d][\w-]*(?:\[\d+\])*)*)|(?P<wrong>\S))"""
)
SIGNS = (">=", "<=", ">", "<", "==", "!=")
WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}
LONGEST, DEEPEST = 500, 20
HALF = Fraction(1, 2)

type Values = Mapping[str, object]
type Wish = Callable[[Values], bool]


def parse_wish(printed: object) -> tuple[Wish, tuple[str, ...]]:
    """Read a wish; give it as a question to the values of an outcome, and the paths that it asks for.

    Raises:
        InputErrors: it is no wish; says what is allowed.

    """
    if not isinstance(printed, str) or not printed.strip():
        raise wrong("还没有写，应写想要的结果")
    if len(printed) > LONGEST:
        raise wrong(f"有 {len(printed)} 个字，最多 {LONGEST} 个")
    reader = Reader(printed)
    wish = reader.either(0)
    if reader.kind:
        raise wrong(f"“{reader.word}”多出来了，两个条件之间应写 and 或 or")
    return wish, tuple(reader.paths)


class Reader:
    """Reads a wish from left to right; `and` binds before `or`."""

    def __init__(self, printed: str) -> None:
        self._found = TOKEN.finditer(printed)
        self.paths: dict[str, None] = {}
        self.kind: str | None = ""
        self.word = ""
        self.advance()

    def advance(self) -> str:
        """Give the token at hand and go on to the next."""
        done, found = self.word, next(self._found, None)
        self.kind, self.word = (found.lastgroup, found[found.lastgroup or 0]) if found else ("", "")
        return done

    def either(self, depth: int) -> Wish:
        """Read conditions joined by `or`."""
        if depth > DEEPEST:
            raise wrong("括号套得太深")
        left = self.both(depth)
        while self.word == "or":
            self.advance()
            left = any_of(left, self.both(depth))
        return left

    def both(self, depth: int) -> Wish:
        """Read conditions joined by `and`."""
        left = self.one(depth)
        while self.word == "and":
            self.advance()
            left = all_of(left, self.one(depth))
        return left

    def one(self, depth: int) -> Wish:
        """Read one comparison, or conditions in brackets."""
        if self.word == "(":
            self.advance()
            inner = self.either(depth + 1)
            if self.word != ")":
                raise wrong("少了一个 )")
            self.advance()
            return inner
        if self.kind != "word" or self.word in (*WORDS, "and", "or"):
            raise wrong(f"{self.here()}应是结果里的一项，例如 levels >= 2")
        path = self.advance()
        self.paths[path] = None
        if self.word not in SIGNS:
            raise wrong(f"{self.here()}应是 {'、'.join(SIGNS)} 之一")
        sign = self.advance()
        return compared(path, sign, self.value(sign))

    def value(self, sign: str) -> object:
        """Read what an outcome is compared with."""
        kind, printed = self.kind, self.word
        value: object
        if kind == "number":
            try:
                value = exact(Decimal(printed.replace("−", "-")))
            except NotANumberError as error:
                raise wrong(f"{printed[:40]}：{error}") from error
        elif kind == "text":
            value = printed[1:-1]
        elif printed in WORDS:
            value = WORDS[printed]
        else:
            raise wrong(f"{self.here()}应是数字、true、false、null，或者引号里的文字")
        if kind != "number" and sign not in ("==", "!="):
            raise wrong(f"{printed} 不是数字，只能用 == 或 != 比较")
        self.advance()
        return value

    def here(self) -> str:
        """Name the place of a problem."""
        return f"“{self.word}”这里" if self.kind else "末尾"


def any_of(left: Wish, right: Wish) -> Wish:
    """Join two wishes: one of them is enough."""
    return lambda values: left(values) or right(values)


def all_of(left: Wish, right: Wish) -> Wish:
    """Join two wishes: both must hold."""
    return lambda values: left(values) and right(values)


def compared(path: str, sign: str, wanted: object) -> Wish:
    """Compare one value of an outcome, as it is shown."""
    return lambda values: path in values and holds(values[path], sign, wanted)


def holds(value: object, sign: str, wanted: object) -> bool:
    """Tell whether a value, rounded as it is shown, stands to another as the sign says."""
    if isinstance(value, Symbolic | Fraction) and isinstance(wanted, Fraction):
        low, high = ceil(wanted * PLACES), floor(wanted * PLACES)
        match sign:
            case ">=":
                return at_least(value, low)
            case "<=":
                return not at_least(value, high + 1)
            case ">":
                return at_least(value, high + 1)
            case "<":
                return not at_least(value, low)
        same = low == high and at_least(value, low) and not at_least(value, low + 1)
        return same == (sign == "==")
    same = type(value) is type(wanted) and value == wanted
    return sign == "!=" if not same else sign == "=="


def at_least(value: Symbolic | Fraction, hundredths: int) -> bool:
    """Tell whether a value is shown as that many hundredths or more; a half goes away from zero."""
    edge = (hundredths - HALF) / PLACES
    return bool(value >= edge if hundredths > 0 else value > edge)


def wrong(message: str) -> InputErrors:
    """Make the error for a wish that cannot be read."""
    return one_problem("until", message)
