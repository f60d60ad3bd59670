"""One question's own words -> its kind, its stem, options or blanks, and the places that tell the answer.

The answer stands in brackets inside the question, behind 答案： or 答： below it, or at the paper's end
(`build_scripts.quiz_key`). What cannot be used is told as a problem; nothing is ever a crash.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from build_scripts.numerals import parse_numeral
from build_scripts.quiz import KINDS
from build_scripts.quiz_key import Answer

TAG = re.compile(
    r"[ \t　]*[（(【\[][ \t　]*(单选|多选|判断|填空|简答|问答)题?[ \t　]*[)）】\]][ \t　]*"
)
LETTER = "[A-Ha-hＡ-Ｈ]"
LETTERS = rf"{LETTER}(?:[ \t　、,，]*{LETTER})*"
# 答案： stands on a line of its own or after a sentence; behind an option it is one when letters follow.
ANSWER_LINE = re.compile(
    r"(?:^|(?<=[）)？?。]))[^\S\n]*"
    r"(?:(?:参考|正确|标准)?答案?[：:]|[【\[](?:参考|正确|标准)?答案[】\]][：:]?)"
    rf"|(?:参考|正确|标准)?答案[：:](?=[ \t　]*{LETTERS}[ \t　]*$)",
    re.MULTILINE,
)
EXPLANATION = re.compile(r"^[^\S\n]*[【\[]?(?:答案)?解析[】\]]?[：:]?", re.MULTILINE)
CHOSEN = re.compile(rf"[（(][ \t　]*({LETTERS})[ \t　]*[)）]")
LETTERS_ALONE = re.compile(rf"[ \t　]*({LETTERS})")
OPTION = re.compile(r"(?:(?<=[\s　）)；;。？?！：:])|^)([A-H])[ \t]*[、.．:：]", re.MULTILINE)
GLUED = {
    letter: re.compile(rf"(?<![A-Za-z0-9 \t　])({letter})[ \t]*[、.．:：]") for letter in "BCDEFGH"
}
# Options written otherwise, tried where those find none: (A), A) and a.
OTHER_OPTIONS = (
    re.compile(r"(?:(?<=[\s　；;。])|^)[（(]([A-H])[)）]", re.MULTILINE),
    re.compile(r"(?:(?<=[\s　；;。])|^)(?<![（(][ \t　])([A-H])[)）]", re.MULTILINE),
    re.compile(r"(?:(?<=[\s　；;。？?])|^)([a-h])[ \t]*[、.．:：)）]", re.MULTILINE),
)
VERDICT = re.compile(
    r"[（(][ \t　]*([√✓✔×✗✘]|对|错|正确|错误|[TF](?=[ \t　]*[)）][ \t　]*$))[ \t　]*[)）]"
    r"|(?<=[。.；;！!？?，, \t　])([√✓✔×✗✘])[ \t　]*$",
    re.MULTILINE,
)
VERDICT_WORD = re.compile(
    r"[（( \t　]*(?:(?P<right>[√✓✔]|对|正确|是|T(?:rue)?\b)"
    r"|(?P<wrong>[×✗✘]|错|不对|不正确|否|非|F(?:alse)?\b))",
    re.IGNORECASE,
)
BLANK = re.compile(r"[（(]([^（()）\n]{1,60})[)）]")
OPEN_BLANK = re.compile(r"[（(][ \t　_]*[)）]|[_＿﹍]{2,}")
MARKS = re.compile(r"[（(][^（()）\n]*\d[ \t]*分[^（()）\n]*[)）]")
RIGHT = {"√", "✓", "✔", "对", "正确", "T"}


@dataclass(slots=True)
class Slice:
    """A question's own text: where it stands in the source, its answer at the end, the notes under it."""

    number: int
    start: int
    end: int
    key: Answer | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


def guess(text: str, own: Slice) -> str:
    """Tell the kind of a question in a paper without headings."""
    sample = text[own.start : own.end]
    if OPTION.search(sample):
        return "choice"
    return "truth" if VERDICT.search(sample) else "blank" if BLANK.search(sample) else "essay"


def own_kind(text: str, own: Slice, usual: str) -> str:
    """Tell a question's kind by its own words, 1.（判断）; else it is of the usual kind, if it may be."""
    tag = TAG.match(text, own.start, own.end)
    if tag:
        return KINDS[tag[1]]
    own_guess = guess(text, own)
    return own_guess if (usual, own_guess) in {("choice", "truth"), ("truth", "choice")} else usual


def answered(text: str, start: int, end: int) -> bool:
    """Tell whether a question's text holds an answer already, so that the next may begin."""
    return any(each.search(text, start, end) for each in (ANSWER_LINE, CHOSEN, VERDICT))


type Read = tuple[dict[str, Any], list[tuple[int, int]], str]


def clean(text: str) -> str:
    """Mend the lines of a question."""
    return "".join(line.strip() for line in text.split("\n"))


def letters(text: str) -> list[str]:
    """Read chosen letters in whatever way they are written."""
    return sorted(set(re.findall("[A-H]", unicodedata.normalize("NFKC", text).upper())))


def question_end(text: str, own: Slice) -> int:
    """Find where the question itself ends: before 答案： or 答：, where there is one."""
    below = ANSWER_LINE.search(text, own.start, own.end)
    return below.start() if below else own.end


def given(text: str, own: Slice) -> tuple[str, list[tuple[int, int]]]:
    """Give the words of an answer below its question, or else at the paper's end, and their place."""
    below = ANSWER_LINE.search(text, own.start, own.end)
    if below:
        explained = EXPLANATION.search(text, below.end(), own.end)
        words = text[below.end() : explained.start() if explained else own.end]
        return words, [(below.start(), own.end)]
    if own.key:
        return text[own.key.start : own.key.end], [(own.key.start, own.key.end)]
    return "", []


def stem_of(text: str) -> str:
    """Mend a question's lines, and leave out what only tells its kind."""
    return clean(TAG.sub("", text, count=1) if TAG.match(text) else text)


def option_marks(
    text: str, pattern: re.Pattern[str], first: re.Match[str] | None, end: int
) -> list[re.Match[str]]:
    """Find A, B, C … in their order; another letter before its turn belongs to an option's text."""
    starts: list[re.Match[str]] = []
    at = first
    while at:
        wanted = chr(ord("A") + len(starts))
        # The option before may have ended without a space: 2004年C、2005年
        glued = at[1] > wanted and next_glued(text, starts, at.start())
        if glued:
            starts.append(glued)
            continue
        if at[1].upper() == wanted:
            starts.append(at)
        at = pattern.search(text, at.end(), end)
    if len(starts) == 1:
        while glued := next_glued(text, starts, end):
            starts.append(glued)
    return starts


def next_glued(text: str, starts: list[re.Match[str]], end: int) -> re.Match[str] | None:
    """Find the next option where nothing stands between it and the words of the one before."""
    pattern = GLUED.get(chr(ord("A") + len(starts)))
    return pattern.search(text, starts[-1].end(), end) if starts and pattern else None


def read_options(
    text: str, start: int, end: int
) -> tuple[list[dict[str, str]], int, re.Match[str] | None]:
    """Read the options: these, where the first one begins, and what seems to be one anyway."""
    first = OPTION.search(text, start, end)
    starts = option_marks(text, OPTION, first, end)
    for pattern in OTHER_OPTIONS:
        if not first:
            others = option_marks(text, pattern, pattern.search(text, start, end), end)
            starts = others if len(others) > len(starts) and len(others) > 1 else starts
    stops = [*(each.start() for each in starts[1:]), end]
    options = [
        {"id": mark[1].upper(), "text": clean(text[mark.end() : stop]).rstrip("；;")}
        for mark, stop in zip(starts, stops, strict=False)
    ]
    return options, starts[0].start() if starts else end, first


def read_choice(text: str, own: Slice) -> Read:
    """Read a question with options; the answer stands in the stem's brackets, below or at the end."""
    end = question_end(text, own)
    options, stem_end, first = read_options(text, own.start, end)
    if not first and not options:  # the answer may stand above the options
        options, _, first = read_options(text, end, own.end)
    bracketed = bool(options) and not first
    inline = CHOSEN.search(text, own.start, stem_end if bracketed else end)
    answers, chosen = [], []
    words, places = given(text, own)
    if inline:
        answers, chosen = [inline.span(1)], letters(inline[1])
    elif alone := LETTERS_ALONE.match(words):
        answers, chosen = places, letters(alone[1])
    stem = stem_of(CHOSEN.sub("（　）", text[own.start : stem_end]))
    problem = ""
    if first and not options:
        problem = f"没有找到选项 A，第一个写明的选项是 {first[1]}"
    elif not options:
        problem = "没有找到选项，选项写成“A、”"
    elif len(options) == 1:
        problem = "只有一个选项"
    elif not chosen:
        problem = "没有写答案"
    elif unknown := [each for each in chosen if each not in {option["id"] for option in options}]:
        problem = f"答案 {'、'.join(unknown)} 不在选项里"
    return {"stem": stem, "options": options, "answer": chosen}, answers, problem


def read_truth(text: str, own: Slice) -> Read:
    """Read a statement that is right or wrong; of A.正确 B.错误 the answer is a letter."""
    found = VERDICT.search(text, own.start, own.end)
    end = question_end(text, own)
    if found and found.start() < end:
        stem = stem_of(text[own.start : found.start()] + text[found.end() : own.end])
        mark = 1 if found[1] else 2
        return {"stem": stem, "answer": found[mark] in RIGHT}, [found.span(mark)], ""
    options, stem_end, _ = read_options(text, own.start, end)
    words, places = given(text, own)
    meant = {option["id"]: option["text"] for option in options}
    verdict = VERDICT_WORD.match(meant.get("".join(letters(words.strip()[:1])), words))
    stem = stem_of(OPEN_BLANK.sub("", text[own.start : stem_end]))
    if verdict:
        return {"stem": stem, "answer": bool(verdict["right"])}, places, ""
    return {"stem": stem, "answer": None}, places, "没有写对错，写成（√）或（×）"


def read_blanks(text: str, own: Slice) -> Read:
    """Read a sentence whose answers stand in brackets where the blanks are, or below, or at the end."""
    end = question_end(text, own)
    written = [
        each for each in BLANK.finditer(text, own.start, end) if not MARKS.fullmatch(each[0])
    ]
    open_blanks = list(OPEN_BLANK.finditer(text, own.start, end))
    found = open_blanks or written
    parts, at = [], own.start
    for each in found:
        parts.append(clean(text[at : each.start()]))
        at = each.end()
    parts.append(clean(text[at:end]))
    if open_blanks:
        words, places = given(text, own)
        answers = shared_out(words, len(found))
        wrong_count = (
            f"有 {len(found)} 空，答案写了 {len(answers)} 个" if words.strip() else "没有写答案"
        )
        problem = "" if len(answers) == len(found) else wrong_count
        accepted = [] if problem else [[answer] for answer in answers]
    else:
        accepted, places = [[each[1].strip()] for each in found], [each.span(1) for each in found]
        problem = "" if accepted else "没有找到空，答案写在（）里"
    order, misplaced = read_notes(own, accepted)
    detail = {
        "stem": "（　）".join(parts), "parts": parts, "blanks": accepted, "any_order": order,
    }  # fmt: skip
    return detail, places, problem or misplaced


def shared_out(words: str, count: int) -> list[str]:
    """Split the answers to several blanks; whichever sign gives as many as there are blanks does it."""
    words = words.strip().rstrip("。")
    if count == 1:
        return [words] if words else []
    answers: list[str] = []
    for sign in ("[；;\n]", "[、,，]", r"[ \t　]+"):
        answers = [each.strip() for each in re.split(sign, words) if each.strip()]
        if len(answers) == count:
            break
    return answers


def read_notes(own: Slice, accepted: list[list[str]]) -> tuple[list[list[int]], str]:
    """Add the words that count as well, and give the blanks that may change places."""
    for kind, note in own.notes:
        if kind == "同样算对":
            for group in re.split(r"[；;]", note):
                same = [word.strip() for word in re.split(r"[=＝]", group) if word.strip()]
                for blank in accepted:
                    if blank[0] in same:
                        blank += [word for word in same if word not in blank]
    order = [
        places
        for kind, note in own.notes
        if kind == "顺序不限"
        for group in re.split(r"[；;]", note)
        if (places := places_in(group))
    ]
    wrong = [place for places in order for place in places if place >= len(accepted)]
    if not wrong:
        return order, ""
    order = [[place for place in places if place < len(accepted)] for places in order]
    return order, f"顺序不限里的第 {wrong[0] + 1} 空没有，这一题只有 {len(accepted)} 空"


def places_in(group: str) -> list[int]:
    """Read 1、2 as the first and the second blank."""
    numbers = map(parse_numeral, map(str.strip, re.split(r"[、,，]", group)))
    return [number - 1 for number in numbers if number]


def read_essay(text: str, own: Slice) -> Read:
    """Read a question that is answered in one's own words; key points are marked by the trainee."""
    end = question_end(text, own)
    words, places = given(text, own)
    points = [note for kind, note in own.notes if kind == "要点"]
    detail = {
        "stem": stem_of(MARKS.sub("", text[own.start : end])),
        "model": clean(words),
        "points": [{"id": f"k{place}", "text": words} for place, words in enumerate(points, 1)],
    }
    return detail, places, "" if points else "没有标准答案，判不了分"


READERS: dict[str, Callable[[str, Slice], Read]] = {
    "choice": read_choice, "truth": read_truth, "blank": read_blanks, "essay": read_essay,
}  # fmt: skip
