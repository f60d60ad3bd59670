"""Mutation testing of `policy_core`: `make mutants`, or `python -m tests.mutants [MODULE ...]`.

Every module is changed in one small place at a time, by mutmut's operators: a number one larger, a comparison
turned, an argument left out. The tests of `tests/policy_core` (and of a batch) that run the changed line must
then fail; a change that none of them sees has survived. mutmut itself skips every decorated function, and our
rules are all decorated, so only its operators are taken; the rest is this file.

A survivor must stand in `tests/mutants.toml`, with the reason why no test can tell it apart; one that
does not, an entry that is not needed any more, and fewer than `LEAST_KILLED` percent killed fail the run.

How a change costs a fraction of a second: pytest is loaded and the tests are collected once; for each change
a child is forked, in which the changed function's code takes the place of the old one and only the tests
of its line run, the shortest first, on few random inputs (`tests/amounts.py`). What is changed outside
of functions, or runs while modules are imported, is imported anew in the child, and collected anew.
A child that takes far too long counts as killed. Everything here is seeded: a run gives the same each time,
and one that was stopped goes on where it was (`.cache/mutants-verdicts.txt`).

`--sample N` takes N changes a module at random (seeded), where there is no time for all of them. `--left`
tries again what survived alone, for whoever writes the tests that are missing: a change that a test saw once
counts as seen while its module stays as it is, whatever else was changed since.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import resource
import signal
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "policy_core"
TESTS = ROOT / "tests" / "policy_core"
EXPLAINED = ROOT / "tests" / "mutants.toml"
PROFILE = ROOT / ".cache" / "mutants.json"
VERDICTS = ROOT / ".cache" / "mutants-verdicts.txt"
RESULTS = ROOT / ".cache" / "mutants-survivors.toml"
LEAST_KILLED = 95  # percent
WORKERS = int(os.environ.get("WORKERS", "2"))
MOST_SECONDS = 8.0  # of tests, for one change
MOST_MEMORY = 4 << 30
KILLED, SURVIVED = 1, 0
# A test failed, or a module could not be collected; that no test is left says nothing.
SEEN = {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR}
# What the tests print goes nowhere, and nothing is kept between two runs.
QUIETLY = ["-o", "addopts=--import-mode=importlib"] + [
    word for name in ("terminal", "cacheprovider", "xdist") for word in ("-p", f"no:{name}")
]
DECLARED = ("test_declarations.py", "test_cases.py")

# The questions about an answer: only their own tests are for them, and theirs alone.
QUESTIONS = {
    "_asking", "_compare", "_explain", "_given", "_jumps", "_lattice", "_paths", "_seek", "_summary",
    "_symbolic", "_varied", "_walk", "_wish",
}  # fmt: skip
THEIRS = ("test_inquiry.py", "test_inquiry_brute.py", "test_lattice.py", "test_symbolic.py")

# The rows of tables: what is tried of them is tried by a batch too, and by little else.
TABLES = {"_cells", "_columns", "_headings", "_rows"}
OF_TABLES = (
    TESTS / "test_columns.py",
    TESTS / "test_headings.py",
    TESTS / "test_rows.py",
    TESTS / "test_versions.py",
    ROOT / "tests" / "build_scripts" / "test_batch.py",
)

# What starts another process: no change gets there.
ELSEWHERE = (
    "test_the_command_agrees_with_a_second_implementation",
    "test_a_line_is_answered_before_the_next_one_is_read",
)

# What is left as it is: it says nothing that a rule does.
UNTOUCHED_DECORATORS = {"dataclass", "cache", "property"}
UNTOUCHED_CALLS = {"len", "isinstance", "cast"}
UNTOUCHED_NAMES = {"__all__", "__slots__"}


# ---- the changes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change; `function` is the function whose body it is in, empty for one outside of all."""

    module: str
    number: int
    line: int
    function: str
    before: cst.CSTNode
    after: cst.CSTNode


class Changes(cst.CSTVisitor):
    """Collect every change of a module."""

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, module: str) -> None:
        super().__init__()
        self.module = module
        self.found: list[Mutant] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Change a node by every operator that takes it, unless it is none that a rule depends on."""
        if untouched(node):
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                self.found += [
                    Mutant(
                        module=self.module,
                        number=len(self.found) + more,
                        line=self.get_metadata(PositionProvider, node).start.line,
                        function=self.function(node),
                        before=node,
                        after=after,
                    )
                    for more, after in enumerate(operator(node))
                ]
        return True

    def function(self, node: cst.CSTNode) -> str:
        """Name the function or method in whose body a node stands."""
        names: list[str] = []
        body = False
        while not isinstance(node, cst.Module):
            parent = self.get_metadata(ParentNodeProvider, node)
            if isinstance(parent, cst.FunctionDef):
                # The outermost function decides: its defaults and decorators run when it is defined.
                body, names = node is parent.body, [parent.name.value]
            elif isinstance(parent, cst.ClassDef):
                names.insert(0, parent.name.value)
            node = parent
        return ".".join(names) if body else ""


def untouched(node: cst.CSTNode) -> bool:
    """Tell what no operator is let loose on: types, names for imports, and calls that change nothing."""
    match node:
        case cst.Annotation() | cst.TypeAlias() | cst.TypeParameters() | cst.ImportFrom():
            return True
        case cst.Decorator(decorator=decorator):
            name = decorator.func if isinstance(decorator, cst.Call) else decorator
            return isinstance(name, cst.Name) and name.value in UNTOUCHED_DECORATORS
        case cst.Call(func=cst.Name(value=name)):
            return name in UNTOUCHED_CALLS
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return name in UNTOUCHED_NAMES
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
    return False


@cache
def parsed(module: str) -> cst.Module:
    """Parse a module."""
    return MetadataWrapper(cst.parse_module((CORE / f"{module}.py").read_text("utf-8"))).module


@cache
def mutants(module: str) -> tuple[Mutant, ...]:
    """Give every change of a module that is still Python."""
    wrapper = MetadataWrapper(parsed(module), unsafe_skip_copy=True)
    visitor = Changes(module)
    wrapper.visit(visitor)
    return tuple(visitor.found)


@cache
def digest_of(module: str) -> str:
    """Name a module's text."""
    path = CORE / f"{module}.py"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def source(mutant: Mutant) -> str:
    """Give the module's text with the change."""
    changed = parsed(mutant.module).deep_replace(mutant.before, mutant.after)
    assert isinstance(changed, cst.Module)
    return changed.code


def told(mutant: Mutant) -> dict[str, str]:
    """Name a change by its lines before and after, which stay the same when the module grows."""
    old, new = parsed(mutant.module).code.splitlines(), source(mutant).splitlines()
    ends = zip_longest(reversed(old), reversed(new))
    same_after = next((at for at, (one, other) in enumerate(ends) if one != other), 0)
    same_before = next(
        (at for at, (one, other) in enumerate(zip_longest(old, new)) if one != other), 0
    )
    return {
        "module": mutant.module,
        "was": " ".join(each.strip() for each in old[same_before : len(old) - same_after]),
        "now": " ".join(each.strip() for each in new[same_before : len(new) - same_after]),
    }


# ---- in the child ----------------------------------------------------------------------------------------


def swap(mutant: Mutant, functions: Sequence[FunctionType]) -> bool:
    """Give the changed function its new code; False where that cannot be done."""
    try:
        code = compile(source(mutant), str(CORE / f"{mutant.module}.py"), "exec")
    except SyntaxError:
        os._exit(KILLED)
    found = [each for each in code_objects(code) if each.co_qualname == mutant.function]
    if len(found) != 1 or not functions:
        return False
    try:
        for function in functions:
            function.__code__ = found[0]
    except ValueError:
        return False
    return True


def code_objects(code: CodeType) -> Iterator[CodeType]:
    """Give the code of every function in a code."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from code_objects(each)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):  # type: ignore[misc]
    """Imports the changed module in place of the one on disk."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"policy_core.{mutant.module}".removesuffix(".__init__")
        self.path = str(CORE / f"{mutant.module}.py")
        self.text = source(mutant)

    def find_spec(
        self, name: str, _path: object, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Take the changed module alone."""
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_filename(self, _name: str) -> str:
        """Say where the module would be."""
        return self.path

    def get_data(self, path: str | os.PathLike[str]) -> bytes:
        """Give the changed text; other files, such as parameters, come from disk."""
        if str(path) == self.path:
            return self.text.encode()
        if str(path).endswith(".pyc"):
            raise OSError(path)
        return Path(path).read_bytes()


def of_declarations(item: str) -> bool:
    """Tell whether a test is one of declarations, or of a table of cases."""
    return any(name in item for name in DECLARED)


class Chosen:
    """The plugin that keeps the tests of a change, the shortest first: pytest finds not all of many ids."""

    def __init__(self, items: Sequence[str]) -> None:
        self.places = {item: place for place, item in enumerate(items)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the chosen tests."""
        kept = [each for each in items if each.nodeid in self.places]
        items[:] = sorted(kept, key=lambda each: self.places[each.nodeid])


def import_anew(mutant: Mutant, items: Sequence[str]) -> int:
    """Import the changed module, collect its tests anew, and run them."""
    for name in list(sys.modules):
        if name.partition(".")[0] in {"policy_core", "tests", "build_scripts"}:
            del sys.modules[name]
    sys.meta_path.insert(0, Changed(mutant))
    # Most is seen by the tests of declarations and by the tables, which are quick to collect.
    quick = [item for item in items if of_declarations(item)]
    for part in (quick, [item for item in items if not of_declarations(item)]):
        files = sorted({item.partition("::")[0] for item in part})
        if files and pytest.main(["-x", *QUIETLY, *files], plugins=[Chosen(part)]) in SEEN:
            return KILLED
    return SURVIVED


# ---- which test runs which line ------------------------------------------------------------------------


class Lines:
    """Notes the lines of the core that run, each once until they are taken: that costs next to nothing."""

    TOOL = sys.monitoring.COVERAGE_ID

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()
        sys.monitoring.use_tool_id(self.TOOL, "mutants")
        sys.monitoring.register_callback(self.TOOL, sys.monitoring.events.LINE, self.note)
        sys.monitoring.set_events(self.TOOL, sys.monitoring.events.LINE)

    def note(self, code: CodeType, line: int) -> object:
        """Note a line, and hear no more of it."""
        if code.co_filename.startswith(str(CORE)):
            self.seen.add((Path(code.co_filename).stem, line))
        return sys.monitoring.DISABLE

    def take(self) -> set[tuple[str, int]]:
        """Give what ran since the last time, and note it all anew."""
        taken, self.seen = self.seen, set()
        sys.monitoring.restart_events()
        return taken

    def stop(self) -> None:
        """Note no more."""
        sys.monitoring.set_events(self.TOOL, sys.monitoring.events.NO_EVENTS)
        sys.monitoring.free_tool_id(self.TOOL)


# ---- the run ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the tests run: by module and line the tests, what runs on import, and each test's seconds."""

    of: str
    lines: Mapping[str, Mapping[str, Sequence[int]]]
    imported: Mapping[str, Sequence[int]]
    seconds: Mapping[str, float]


class Runner:
    """The plugin that runs, in place of the tests, the tests on every change."""

    def __init__(self, chosen: Sequence[Mutant], *, left: bool) -> None:
        self.chosen = chosen
        self.left = left
        self.failed = False
        self.ran = Lines()
        self.items: dict[str, pytest.Item] = {}
        self.functions: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        self.caches: list[Callable[[], None]] = []
        self.survivors: list[Mutant] = []  # until they are all tried

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test failed."""
        self.failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the changes."""
        self.items = {each.nodeid: each for each in session.items}
        for each in gc.get_objects():
            name = getattr(each, "__module__", None)
            if not isinstance(name, str) or not name.startswith(("policy_core.", "tests.policy_")):
                continue
            if isinstance(each, FunctionType):
                module = name.removeprefix("policy_core.")
                self.functions[module, each.__qualname__].append(each)
            elif hasattr(each, "cache_clear"):
                self.caches.append(each.cache_clear)
        profile = self.profile()
        gc.collect()
        gc.freeze()
        self.spread(profile)
        return True

    def run(self, item: str) -> None:
        """Run one test."""
        each = self.items[item]
        each.config.hook.pytest_runtest_protocol(item=each, nextitem=None)

    def profile(self) -> Profile:
        """Find out in a child which tests run which lines, unless nothing changed since the last time."""
        digest = hashlib.sha256("\n".join(self.items).encode())
        for path in sorted([*CORE.rglob("*.*"), *(ROOT / "tests").rglob("*.*")]):
            if path.suffix in {".py", ".toml"} and path != EXPLAINED:
                digest.update(path.read_bytes())
        wanted = digest.hexdigest()
        if not PROFILE.exists() or json.loads(PROFILE.read_text("utf-8"))["of"] != wanted:
            self.say(f"profiling {len(self.items)} tests ...")
            if (child := os.fork()) == 0:
                self.measure(wanted)
                os._exit(0)
            os.waitpid(child, 0)
        self.ran.stop()
        return Profile(**json.loads(PROFILE.read_text("utf-8")))

    def measure(self, wanted: str) -> None:
        """Run every test once, each as if it were the first: nothing is kept from the one before."""
        silence()
        imported: dict[str, list[int]] = defaultdict(list)
        for module, line in self.ran.take():
            imported[module].append(line)
        seconds: dict[str, float] = {}
        lines: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, item in enumerate(self.items):
            start = time.process_time()
            for clear in self.caches:
                clear()
            self.run(item)
            seconds[item] = time.process_time() - start
            for module, line in self.ran.take():
                lines[module][str(line)].append(place)
        profile = Profile(of=wanted, lines=lines, imported=imported, seconds=seconds)
        PROFILE.parent.mkdir(exist_ok=True)
        PROFILE.write_text(json.dumps(asdict(profile)), "utf-8")

    def spread(self, profile: Profile) -> None:
        """Share the changes among the workers and gather who survived; go on where a run was stopped."""
        known = {(each.module, each.number): each for each in self.chosen}
        before = self.verdicts(profile)
        left = [each for name, each in known.items() if name not in before]
        self.say(f"{len(left)} changes to try, {len(self.chosen) - len(left)} tried before")
        workers = []
        for worker in range(WORKERS):
            if (child := os.fork()) == 0:
                with VERDICTS.open("a", encoding="utf-8", buffering=1) as kept:
                    for mutant in left[worker::WORKERS]:
                        verdict = self.verdict(mutant, profile)
                        of = f"{profile.of} {digest_of(mutant.module)}"
                        kept.write(f"{of} {mutant.module} {mutant.number} {verdict}\n")
                os._exit(0)
            workers.append(child)
        for child in workers:
            os.waitpid(child, 0)
        verdicts = self.verdicts(profile)
        self.survivors = [
            mutant for name, mutant in known.items() if verdicts.get(name, SURVIVED) == SURVIVED
        ]

    def verdicts(self, profile: Profile) -> dict[tuple[str, int], int]:
        """Read what is known of this very core and these tests, or what was killed in these very modules."""
        found: dict[tuple[str, int], int] = {}
        lines = VERDICTS.read_text("utf-8").splitlines() if VERDICTS.exists() else []
        for of, own, module, number, word in map(str.split, lines):
            seen = self.left and int(word) == KILLED and own == digest_of(module)
            if seen or of == profile.of:
                name = (module, int(number))
                found[name] = max(int(word), found.get(name, SURVIVED))
        return found

    def verdict(self, mutant: Mutant, profile: Profile) -> int:
        """Let a child run the tests of a change."""
        items, anew = self.tests_of(mutant, profile)
        if not items:
            return SURVIVED
        child = os.fork()
        if child == 0:
            silence()
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            seconds = {item: profile.seconds[item] for item in items}
            try:
                os._exit(self.tested(mutant, seconds, anew=anew))
            except BaseException:  # noqa: BLE001 - whatever goes wrong, the change was seen
                os._exit(KILLED)
        _, status = os.waitpid(child, 0)
        return SURVIVED if status == 0 else KILLED

    def tests_of(self, mutant: Mutant, profile: Profile) -> tuple[list[str], bool]:
        """Choose the tests of a change, the shortest first, and say whether to import anew."""
        lines = profile.lines.get(mutant.module, {})
        functions = self.functions[mutant.module, mutant.function]
        imported = set(profile.imported.get(mutant.module, ()))
        at_import = any(
            line in imported
            for function in functions
            for code in (function.__code__, *code_objects(function.__code__))
            for _, _, line in code.co_lines()
            if line != function.__code__.co_firstlineno
        )
        anew = not mutant.function or not functions or at_import
        if anew:
            found = {at for each in lines.values() for at in each} or set(range(len(self.items)))
            # These read what a module declared when it was imported, and run nothing of it.
            found |= {at for at, item in enumerate(self.items) if DECLARED[0] in item}
        else:
            found = set(lines.get(str(mutant.line), ()))
            if not found:  # a line in the middle of a statement
                found = {
                    at
                    for line, each in lines.items()
                    if abs(int(line) - mutant.line) < 12
                    for at in each
                }
        chosen, spent = [], 0.0
        names = list(self.items)
        for seconds, item in sorted((profile.seconds[names[at]], names[at]) for at in found):
            spent += seconds
            if spent < MOST_SECONDS or (anew and of_declarations(item)):
                chosen.append(item)
        return chosen, anew

    def tested(self, mutant: Mutant, seconds: Mapping[str, float], *, anew: bool) -> int:
        """Run the tests of a change until one fails, none for more than ten times its seconds."""
        functions = self.functions[mutant.module, mutant.function]
        allow(10 + 10 * sum(seconds.values()))
        if anew or not swap(mutant, functions):
            return import_anew(mutant, list(seconds))
        for clear in self.caches:
            clear()
        for item, each in seconds.items():
            allow(2 + 10 * each)
            self.run(item)
            if self.failed:
                return KILLED
        return SURVIVED

    def say(self, words: str) -> None:
        """Tell the person who waits."""
        print(words, file=sys.__stderr__, flush=True)


def allow(seconds: float) -> None:
    """End a child after so long: its own time, not the clock's, as the machine may be busy otherwise."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def silence() -> None:
    """Send a child's output nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def judged(chosen: Sequence[Mutant], survivors: Sequence[Mutant], *, whole: bool) -> int:
    """Hold the survivors against the explained ones, and print what came out."""
    known = tomllib.loads(EXPLAINED.read_text("utf-8")).get("survivor", [])
    reasons = {(each["module"], each["was"], each["now"]): each["why"] for each in known}
    new, met = [], set()
    for each in sorted(survivors, key=lambda mutant: (mutant.module, mutant.number)):
        name = told(each)
        key = (name["module"], name["was"], name["now"])
        if key in reasons:
            met.add(key)
        else:
            new.append((each, name))
    RESULTS.write_text(
        "".join(
            f"[[survivor]]  # line {mutant.line}\nmodule = {json.dumps(name['module'])}\n"
            f"was = {json.dumps(name['was'], ensure_ascii=False)}\n"
            f"now = {json.dumps(name['now'], ensure_ascii=False)}\nwhy = \n\n"
            for mutant, name in new
        ),
        "utf-8",
    )
    lines = []
    for module in sorted({each.module for each in chosen}):
        of_it = [each for each in chosen if each.module == module]
        left = [each for each in survivors if each.module == module]
        total = len(mutants(module))
        killed = 100 * (len(of_it) - len(left)) / len(of_it)
        lines.append(f"{module:24} {killed:6.1f} % of {len(of_it)} (of {total}), {len(left)} left")
    killed = 100 * (len(chosen) - len(survivors)) / len(chosen)
    modules = {each.module for each in chosen}
    needless = [key for key in reasons if whole and key[0] in modules and key not in met]
    lines.append(
        f"{killed:.1f} % of {len(chosen)} killed, {len(survivors)} survived, {len(met)} explained"
    )
    lines += [
        f"not explained: {name['module']}:{mutant.line}: {name['was']}  ->  {name['now']}"
        for mutant, name in new
    ]
    lines += [f"explained, but killed or gone: {key}" for key in needless]
    print("\n".join(lines))  # noqa: T201 - a report
    return 1 if new or needless or killed < LEAST_KILLED else 0


def main(words: Sequence[str]) -> int:
    """Change the modules that are named, or all; `--sample N` takes N changes of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument(
        "modules", nargs="*", default=sorted(each.stem for each in CORE.glob("*.py"))
    )
    parser.add_argument("--sample", type=int, default=0, help="so many changes of each module")
    parser.add_argument("--left", action="store_true", help="what survived the last time alone")
    options = parser.parse_args(words)
    sample = options.sample
    chosen: list[Mutant] = []
    for module in options.modules:
        found = list(mutants(module))
        if sample and sample < len(found):
            found = random.Random(module).sample(found, sample)  # noqa: S311 - not for secrets
        chosen += found
    random.Random(0).shuffle(chosen)  # noqa: S311 - the workers are to share evenly
    runner = Runner(chosen, left=options.left)
    named = {each.module for each in chosen}
    quietly = [*QUIETLY, "-k", " and ".join(f"not {name}" for name in ELSEWHERE)]
    if not named & QUESTIONS:
        quietly += [f"--ignore={TESTS / name}" for name in THEIRS]
    files = OF_TABLES if named <= TABLES else (TESTS, *OF_TABLES) if named & TABLES else (TESTS,)
    pytest.main([*quietly, *map(str, files)], plugins=[runner])
    return judged(chosen, runner.survivors, whole=not sample)


if __name__ == "__main__":
    os.environ["AMOUNT"] = "few"
    sys.exit(main(sys.argv[1:]))
