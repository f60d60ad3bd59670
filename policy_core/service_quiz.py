"""服务礼仪与业务测验 (`service-quiz`): marking a quiz as a fair teacher would.

The bank is data of the handbook (`docs/quiz/*.txt`, read by the build); what a right answer is stands
there. This module knows how answers are compared and what they earn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from policy_core._errors import InputErrors, Problem, one_problem
from policy_core._exact import exact, rounded

LONGEST_ANSWER = 500
MOST_ANSWERS = 100
DASHES = "－—–−~～〜至到"
NUMERALS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
UNITS = (("小时", "h"), ("毫升", "ml"), ("摄氏度", "度"), ("°c", "度"), ("°", "度"))
# What choosing too few of several right options earns; a wrong option always earns nothing.
MULTIPLE = {
    "exact": "少选不得分",
    "share": "少选按选对的个数得分",
    "half": "少选得一半",
}
PUNCTUATION = "。．.,，、;；:：!！\"'“”‘’()（）《》"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedItem:
    """What one item earned; `correct` is None where no machine can tell."""

    id: str
    marks: Fraction
    out_of: Fraction
    correct: bool | None
    expected: object
    clause: str
    blanks: tuple[bool, ...] | None = None
    accepted: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the item as the contract's JSON."""
        out = {
            "id": self.id,
            "marks": rounded(self.marks),
            "out_of": rounded(self.out_of),
            "correct": self.correct,
            "expected": self.expected,
            "clause": self.clause,
        }
        if self.blanks is None:
            return out
        accepted = [list(each) for each in self.accepted]
        return out | {"blanks": list(self.blanks), "accepted": accepted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What a whole paper earned, section by section."""

    sections: Mapping[str, tuple[MarkedItem, ...]]

    @property
    def items(self) -> list[MarkedItem]:
        """Give all items in the order of the paper."""
        return [item for items in self.sections.values() for item in items]

    def to_json(self) -> dict[str, object]:
        """Give the marking as the contract's JSON."""
        undecided = [item for item in self.items if item.correct is None]
        out_of = sum((item.out_of for item in self.items), Fraction(0))
        return {
            "marks": rounded(sum((item.marks for item in self.items), Fraction(0))),
            "out_of": rounded(out_of),
            "decided": rounded(out_of - sum((item.out_of for item in undecided), Fraction(0))),
            "sections": [
                {
                    "id": section,
                    "marks": rounded(sum((item.marks for item in items), Fraction(0))),
                    "out_of": rounded(sum((item.out_of for item in items), Fraction(0))),
                }
                for section, items in self.sections.items()
            ],
            "items": [item.to_json() for item in self.items],
            "findings": [
                {
                    "id": "missing-answer",
                    "clauses": [item.clause],
                    "message": f"第 {item.id} 题没有标准答案，{rounded(item.out_of)} 分判不了，要请老师看。",
                }
                for item in undecided
            ],
        }


def mark(
    bank: Mapping[str, Any],
    answers: Mapping[str, object],
    multiple: object = "exact",
    only: object = None,
) -> Marking:
    """Mark one paper, or the questions of it that were asked.

    Args:
        bank: a bank as the build writes it.
        answers: by item: letters chosen, a truth value, one text a blank, or the key points ticked.
            An item left out is wrong.
        multiple: one of `MULTIPLE`: what too few of several right options earn.
        only: the items that were asked; without it, the whole paper.

    Raises:
        InputErrors: unknown items or options, wrong types, lists too long; all of them at once.

    """
    if not isinstance(answers, Mapping):
        raise one_problem("answers", "应是一组“题号：答案”")
    known = [item["id"] for section in bank["sections"] for item in section["items"]]
    problems = [
        Problem(field=str(item_id)[:40], message="没有这一题，题号写成 1.1 这样")
        for item_id in answers
        if item_id not in known
    ]
    markers = MARKERS | {"choice": partial(mark_choice, too_few=way_of(multiple, problems))}
    asked = asked_of(only, known, problems)
    sections = {
        section["id"]: tuple(
            markers[section["kind"]](item, answers.get(item["id"]), problems)
            for item in section["items"]
            if item["id"] in asked
        )
        for section in bank["sections"]
    }
    if problems:
        raise InputErrors(problems)
    return Marking(sections={section: items for section, items in sections.items() if items})


def way_of(multiple: object, problems: list[Problem]) -> Callable[[Fraction], Fraction]:
    """Give what a share of the right options earns, as a share of the marks."""
    if not isinstance(multiple, str) or multiple not in TOO_FEW:
        told = "、".join(f"{name}（{words}）" for name, words in MULTIPLE.items())
        problems.append(
            Problem(field="multiple", message=f"填的是“{str(multiple)[:40]}”，应是其中之一：{told}")
        )
        return TOO_FEW["exact"]
    return TOO_FEW[multiple]


def asked_of(only: object, known: Sequence[str], problems: list[Problem]) -> Sequence[str]:
    """Check which items were asked."""
    if only is None:
        return known
    if not isinstance(only, list | tuple):
        problems.append(Problem(field="only", message="应是一列题号，例如 ['1.1', '2.3']"))
        return ()
    problems += [
        Problem(field=f"only[{place}]", message=f"没有“{str(each)[:40]}”这一题")
        for place, each in enumerate(only)
        if each not in known
    ]
    return only


TOO_FEW: Mapping[str, Callable[[Fraction], Fraction]] = {
    "exact": lambda _: Fraction(0),
    "share": lambda share: share,
    "half": lambda share: Fraction(1, 2) if share else Fraction(0),
}


def mark_choice(
    item: Mapping[str, Any],
    given: object,
    problems: list[Problem],
    too_few: Callable[[Fraction], Fraction],
) -> MarkedItem:
    """Give the marks for exactly the right set of options; for a part of it what `too_few` says.

    A wrong option earns nothing, whatever else was chosen.

    Clauses: service-quiz:1
    Readings: service-quiz.multiple-choice (all the marks or none)
    """
    letters = [option["id"] for option in item["options"]]
    chosen, answer = set(ticked(item, given, letters, "选项", problems)), set(item["answer"])
    if not answer:
        return marked(item, Fraction(0), None, [])
    right = chosen == answer
    share = Fraction(len(chosen), len(answer)) if chosen < answer else Fraction(0)
    earned = Fraction(1) if right else too_few(share)
    return marked(item, full_marks(item) * earned, right, item["answer"])


def mark_truth(item: Mapping[str, Any], given: object, problems: list[Problem]) -> MarkedItem:
    """Give the marks for the right truth value.

    Clauses: service-quiz:2
    """
    if given is not None and not isinstance(given, bool):
        problems.append(Problem(field=item["id"], message="应选“对”（true）或“错”（false）"))
    right = None if item["answer"] is None else given is item["answer"]
    return marked(item, full_marks(item) if right else Fraction(0), right, item["answer"])


def mark_blanks(item: Mapping[str, Any], given: object, problems: list[Problem]) -> MarkedItem:
    """Give each blank its share; blanks in any order count each accepted answer once.

    Clauses: service-quiz:3
    """
    blanks = [[comparable(each) for each in blank] for blank in item["blanks"]]
    texts = [comparable(each) for each in texts_of(item, given, len(blanks), problems)]
    right = [False] * len(blanks)
    grouped = {place for group in item["any_order"] for place in group}
    for group in [
        *item["any_order"],
        *([place] for place in range(len(blanks)) if place not in grouped),
    ]:
        for place in matched([texts[at] for at in group], [blanks[at] for at in group]):
            right[group[place]] = True
    marks = full_marks(item) * sum(right) / len(right)
    expected = [blank[0] for blank in item["blanks"]]
    return MarkedItem(
        id=item["id"],
        marks=marks,
        out_of=full_marks(item),
        correct=all(right),
        expected=expected,
        clause=item["clause"],
        blanks=tuple(right),
        accepted=tuple(tuple(blank) for blank in item["blanks"]),
    )


def mark_essay(item: Mapping[str, Any], given: object, problems: list[Problem]) -> MarkedItem:
    """Share the marks among the key points that the trainee ticked; without a model answer, none can be told.

    Clauses: service-quiz:4
    """
    points = [point["id"] for point in item["points"]]
    found = ticked(item, given, points, "要点", problems)
    if not points:
        return marked(item, Fraction(0), None, [])
    marks = full_marks(item) * len(found) / len(points)
    return marked(
        item, marks, len(found) == len(points), [point["text"] for point in item["points"]]
    )


type Marker = Callable[[Mapping[str, Any], object, list[Problem]], MarkedItem]

# Besides those of choices, which depend on the way of marking.
MARKERS: dict[str, Marker] = {
    "truth": mark_truth,
    "blank": mark_blanks,
    "essay": mark_essay,
}


def marked(
    item: Mapping[str, Any], marks: Fraction, correct: bool | None, expected: object
) -> MarkedItem:
    """Put an item's result together."""
    return MarkedItem(
        id=item["id"],
        marks=marks,
        out_of=full_marks(item),
        correct=correct,
        expected=expected,
        clause=item["clause"],
    )


def full_marks(item: Mapping[str, Any]) -> Fraction:
    """Give what an item can earn."""
    return exact(item["marks"])


def ticked(
    item: Mapping[str, Any],
    given: object,
    allowed: Sequence[str],
    what: str,
    problems: list[Problem],
) -> list[str]:
    """Check a list of options or key points, each at most once."""
    if given is None:
        return []
    if not isinstance(given, list | tuple) or len(given) > MOST_ANSWERS:
        problems.append(
            Problem(field=item["id"], message=f"应是一列{what}，例如 {list(allowed[:2])}")
        )
        return []
    found = []
    for place, each in enumerate(given):
        if each not in allowed or not isinstance(each, str):
            listed = "、".join(allowed) or "无"
            problems.append(
                Problem(
                    field=f"{item['id']}[{place}]",
                    message=f"没有“{str(each)[:40]}”这个{what}，有的是：{listed}",
                )
            )
        elif each in found:
            problems.append(Problem(field=f"{item['id']}[{place}]", message=f"“{each}”写了两次"))
        else:
            found.append(each)
    return found


def texts_of(
    item: Mapping[str, Any], given: object, count: int, problems: list[Problem]
) -> list[str]:
    """Check the texts of an item's blanks; one left empty is wrong."""
    texts = [""] * count
    if given is None:
        return texts
    if not isinstance(given, list | tuple) or len(given) > count:
        problems.append(
            Problem(field=item["id"], message=f"这一题有 {count} 个空，应是一列文字，一空一项")
        )
        return texts
    for place, each in enumerate(given):
        if each is not None and (not isinstance(each, str) or len(each) > LONGEST_ANSWER):
            problems.append(
                Problem(
                    field=f"{item['id']}[{place}]", message=f"应是文字，最多 {LONGEST_ANSWER} 个字"
                )
            )
        else:
            texts[place] = each or ""
    return texts


def matched(texts: Sequence[str], blanks: Sequence[Sequence[str]]) -> list[int]:
    """Match texts to blanks so that as many as can be are right, each accepted answer counted once.

    Gives the places of the texts that found a blank.
    """
    taken: dict[int, int] = {}

    def place(text: int, tried: set[int]) -> bool:
        for blank, accepted in enumerate(blanks):
            if blank not in tried and texts[text] and texts[text] in accepted:
                tried.add(blank)
                if blank not in taken or place(taken[blank], tried):
                    taken[blank] = text
                    return True
        return False

    for text in range(len(texts)):
        place(text, set())
    return sorted(taken.values())


def comparable(answer: str) -> str:
    """Bring an answer into the form in which a teacher compares it.

    Full-width or half-width, blanks, case, dashes between numbers, Chinese numerals before a unit, and
    the units' names make no difference: 8 小时 = 八小时 = 8h, 2～8℃ = 2至8度.
    """
    text = "".join(unicodedata.normalize("NFKC", answer).split()).casefold().strip(PUNCTUATION)
    for name, symbol in UNITS:
        text = text.replace(name, symbol)
    out = []
    for place, character in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if character in DASHES and is_number(before, after=True) and is_number(after):
            out.append("-")
        elif character in NUMERALS and (
            after in {"h", "m", "度"} or (after and after in DASHES + "-")
        ):
            out.append(str(NUMERALS[character]))
        else:
            out.append(character)
    # 2度-8度 says the unit twice.
    return "".join(out).replace("度-", "-")


def is_number(character: str, *, after: bool = False) -> bool:
    """Tell whether a character can stand beside a range's dash."""
    return bool(character) and (
        character.isdigit() or character in NUMERALS or (after and character == "度")
    )
