"""A new policy or calculator: the files of the places that the README names, with one example that works.

Nothing that exists is written over; where one of the files is there already, none is made. The only file
that changes is the list of modules in `policy_core/__init__.py`.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

import policy_core
from build_scripts.figures import trace
from build_scripts.outline import Document
from build_scripts.texts import in_force, load_texts
from policy_core import ParameterError, Policy
from policy_core._exact import rounded

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "new"
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SENTENCE_END = re.compile(r"[。；：！？\n]")
LONGEST_QUOTE = 40


class ScaffoldError(ValueError):
    """What was asked for cannot be laid out; the message is Chinese and says what to do."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The files that were made, from the root, the one that was changed, and what to do next."""

    made: tuple[str, ...]
    changed: tuple[str, ...]
    next: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Tell it to a person."""
        yield from (f"写好了 {each}" for each in self.made)
        yield from (f"改了 {each}：登记了新的模块" for each in self.changed)
        yield "接下来："
        yield from (f"{number}. {each}" for number, each in enumerate(self.next, 1))


def new_policy(policy: str, today: date, root: Path = ROOT) -> Layout:
    """Lay out a policy's text and parameters.

    Raises:
        ScaffoldError: the id cannot be used, or one of the files is there.

    """
    check_id(policy)
    if policy in load_texts(root / "docs" / "policies")[0]:
        raise ScaffoldError(f"编号 {policy} 已经有一篇在用，请换一个编号")
    files = {f"docs/policies/{policy}.txt": "text.txt", parameters_of(policy): "parameters.toml"}
    words = {"policy": policy, "today": today.isoformat()}
    return Layout(
        write(root, files, words),
        (),
        (
            f"打开 docs/policies/{policy}.txt，把例子换成正式的条文，前面几行也换掉，编号不动",
            f"打开 {parameters_of(policy)}，换成自己的数字、存疑和去向，每个数字写明条款",
            "运行 handbook check，看有没有没说清、对不上的",
            f"要当场算的，运行 handbook new calculator 计算的编号 --policy {policy}",
        ),
    )


def new_calculator(calculator: str, policy: str, root: Path = ROOT) -> Layout:
    """Lay out a calculator's rule, labels and cases, on the first figure of its policy.

    Raises:
        ScaffoldError: the id cannot be used, the policy has no figure, or one of the files is there.

    """
    check_id(calculator)
    if any(calculator == each.id for each in policy_core.calculators()):
        raise ScaffoldError(f"编号 {calculator} 已经有一个计算在用，请换一个编号")
    document = in_force(load_texts(root / "docs" / "policies")[0]).get(policy)
    try:
        found = policy_core.policy(policy)
    except ParameterError as error:
        hint = f"请先运行 handbook new policy {policy}"
        raise ScaffoldError(f"没有 {policy} 这项制度的数字（{error}）。{hint}") from error
    if document is None:
        raise ScaffoldError(f"没有 {policy} 这一篇条文，请先写 docs/policies/{policy}.txt")
    module = module_for(calculator, policy, root)
    files = {
        f"policy_core/{module}.py": "rule.py.txt",
        f"calculators/{calculator}.toml": "labels.toml",
        f"tests/cases/{calculator}.toml": "cases.toml",
    }
    words = example(found, document) | {
        "title": document.title, "policy": policy, "calculator": calculator,
        "name": "".join(part.capitalize() for part in calculator.split("-")),
        "function": calculator.replace("-", "_"),
    }  # fmt: skip
    made = write(root, files, words)
    register(module, root / "policy_core" / "__init__.py")
    rule, labels, cases = files
    return Layout(
        made,
        ("policy_core/__init__.py",),
        (
            f"打开 {rule}，把例子换成正式的规则；数字写在 {parameters_of(policy)}",
            f"打开 {labels}，写上读者看的说法：问题、每一项的名称、结果怎么说",
            f"打开 {cases}，写上能用手算核对的例子，第一个就是网页上的示例",
            f"运行 handbook calc {calculator} '{{\"count\": 2}}' 试一试，再运行 handbook build",
        ),
    )


def check_id(given: str) -> None:
    """Refuse an id that cannot name files, a page and a module."""
    if not ID.fullmatch(given) or keyword.iskeyword(given.replace("-", "_")):
        raise ScaffoldError(
            f"编号 {given} 不能用：只用小写字母、数字和中间的短横，字母开头，例如 staff-leave"
        )


def parameters_of(policy: str) -> str:
    """Name a policy's parameter file."""
    return f"policy_core/parameters/{policy}.toml"


def module_for(calculator: str, policy: str, root: Path) -> str:
    """Name the module of a rule: the policy's own; where it is there, one beside it, which is not touched."""
    own = policy.replace("-", "_")
    taken = (root / "policy_core" / f"{own}.py").exists()
    return f"{own}_{calculator.replace('-', '_')}" if taken else own


def example(policy: Policy, document: Document) -> dict[str, str]:
    """Take the first figure with a value for the example, and the words that print it."""
    for version in reversed(policy.versions):
        for name, (figure, *_) in version.figures.items():
            if "value" in figure.numbers:
                twice = rounded(2 * figure.numbers["value"])
                return {
                    "figure": name, "clause": figure.clause, "unit": figure.unit,
                    "twice": str(twice), "quote": quote(policy.id, name, document),
                }  # fmt: skip
    raise ScaffoldError(
        f"{parameters_of(policy.id)} 里还没有数字，请先在 [[version]] 下写一个，"
        '例如 days_each_year = { value = 5, unit = "天", clause = "2.1" }'
    )


def quote(policy: str, figure: str, document: Document) -> str:
    """Give the piece of a sentence that prints a figure, short enough for a line above the code."""
    for each in trace({policy: document})[0]:
        clause = document.find(each.clause)
        if each.policy == policy and each.figure in (figure, f"{figure}[0]") and clause:
            before, after = clause.full_text()[: each.start], clause.full_text()[each.end :]
            first = SENTENCE_END.split(before)[-1].strip()
            last = SENTENCE_END.split(after)[0].strip()
            sentence = f"{first}{each.words}{last}"
            return sentence if len(sentence) <= LONGEST_QUOTE else each.words
    raise ScaffoldError(f"条文和数字 {figure} 对不上，请先运行 handbook check")


def write(root: Path, files: Mapping[str, str], words: Mapping[str, str]) -> tuple[str, ...]:
    """Write every file from its template, or none where one is there already."""
    there = [name for name in files if (root / name).exists()]
    if there:
        raise ScaffoldError(f"已经有 {'、'.join(there)}，没有动它，什么也没有写；请换一个编号")
    for name, template in files.items():
        text = Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(files)


def register(module: str, init: Path) -> None:
    """Add a module at the end of those that the core imports: calculators come in this order."""
    text = init.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    last = next(
        node.names[-1]
        for node in ast.parse(text).body
        if isinstance(node, ast.ImportFrom) and node.module == "policy_core"
    )
    at = (last.end_lineno or last.lineno) - 1
    line, end = lines[at], last.end_col_offset or 0
    if line[: last.col_offset].strip():
        lines[at] = f"{line[:end]}, {module}{line[end:]}"
    else:
        lines.insert(at + 1, f"{line[: last.col_offset]}{module}{line[end:]}")
    init.write_text("".join(lines), encoding="utf-8", newline="\n")
