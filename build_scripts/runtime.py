"""The browser's runtime: Pyodide's own files, and one archive with the standard library and the core.

Most of a stock start is Python compiling its own library. The archive holds only the modules that the
core and Pyodide's start need, already compiled, stored without compression (a server compresses it better
as a whole), in a fixed order with fixed dates: the same sources give the same bytes. Most of what then
remains is Python importing them: `memory.bin` is the memory of a Python that has, and the archive stands
by for slow lines and for browsers where the memory does not fit. Both run on a small engine, with the
functions that are used alone (`engine.py`); the whole one stands by. Everything lies in one folder named by
the hash of its contents, so that a browser may keep it for ever and versions never mix.
"""

from __future__ import annotations

import ast
import dis
import hashlib
import importlib.util
import io
import json
import marshal
import shutil
import subprocess
import sys
import tempfile
import types
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import policy_core
from build_scripts import engine, rehearsal
from build_scripts.words import example

ROOT = Path(__file__).resolve().parent.parent
PYODIDE = ROOT / "node_modules" / "pyodide"
HERE = Path(__file__).resolve().parent
IMPORTS, SNAPSHOT, STAND_IN = (HERE / each for each in ("imports.mjs", "snapshot.mjs", "stand_in.py"))
MADE_BY = ("runtime.py", "engine.py", IMPORTS.name, SNAPSHOT.name, STAND_IN.name)
WORKER = ROOT / "calculators" / "browser" / "runtime-worker.js"
WHOLE, ITS_SCRIPT = "pyodide.asm.wasm", "pyodide.asm.js"
PYODIDE_FILES = ("pyodide.mjs", ITS_SCRIPT, WHOLE)
ASKED = "asked.json"
ENGINE, SCRIPT = "engine.wasm", "engine.js"
ARCHIVE = "python.zip"
MEMORY = "memory.bin"
# What the rows of a table need, and nothing else: it comes in when the first of them is asked about.
LATE = "rows.zip"
LATE_MODULES = ("_cells", "_columns", "_headings", "_rows")
LIBRARY = "/lib/python313.zip/"
# What Pyodide's start imports for tasks and packages, of which there are none: `stand_in.py` goes instead.
STAND_INS = (
    "_pyodide.jsbind", "asyncio", "dis", "glob", "heapq", "importlib.resources", "pyodide.common",
    "shutil", "tempfile", "zipfile",
)  # fmt: skip
KEEPS_ASSERTIONS = ("pyodide/", "_pyodide/")
FIXED_DATE = (2024, 1, 1, 0, 0, 0)
HEADER = 16
HAS_DOCSTRING = 0x4000000  # CO_HAS_DOCSTRING, new in 3.13: the first constant is one
UNCHECKED_HASH = (1).to_bytes(4, "little")


def build_runtime(cache: Path) -> Path:
    """Build the runtime once for the sources as they are; give the folder, named by its contents.

    Raises:
        SystemExit: a tool of the build failed; its own words are shown.

    """
    made_from = sources()
    key = hash_of(made_from)
    stamp = cache / "built.json"
    if stamp.exists():
        built: dict[str, str] = json.loads(stamp.read_text(encoding="utf-8"))
        folder = cache / built["folder"]
        if built["sources"] == key and folder.is_dir():
            return folder
    with tempfile.TemporaryDirectory() as scratch:
        core, asked = compiled_core(Path(scratch)), Path(scratch) / ASKED
        late = {name: core.pop(name) for name in [f"policy_core/{each}.pyc" for each in LATE_MODULES]}
        asked.write_bytes(made_from[ASKED])
        written, rows = Path(scratch) / ARCHIVE, Path(scratch) / LATE
        written.write_bytes(packed({**library(), **core}))
        written.write_bytes(packed({**compiled(needed_modules(written, asked)), **core}))
        rows.write_bytes(packed(late))
        whole, script = (PYODIDE / WHOLE).read_bytes(), (PYODIDE / ITS_SCRIPT).read_text("utf-8")
        named = engine.names_used(script + SNAPSHOT.read_text("utf-8"))
        small = Path(scratch) / ENGINE
        small.with_name(SCRIPT).write_text(engine.cut_script(script, named), "utf-8")
        # Memory holds numbers of functions: it is taken from the very engine that it is laid over.
        small.write_bytes(engine.counted(whole))
        called, _ = memory(small, written, rows, asked)
        small.write_bytes(engine.cut_down(whole, called, named))
        files = {
            **{name: (PYODIDE / name).read_bytes() for name in PYODIDE_FILES},
            **{name: small.with_name(name).read_bytes() for name in (ENGINE, SCRIPT)},
            ARCHIVE: written.read_bytes(),
            MEMORY: memory(small, written, rows, asked)[1],
            LATE: rows.read_bytes(),
            WORKER.name: WORKER.read_bytes(),
        }
    manifest = {
        name: {"bytes": len(each), "crc32": zlib.crc32(each)} for name, each in files.items()
    }
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    files["manifest.json"] = json.dumps(
        {
            "files": manifest,
            "lock": {"info": lock["info"], "packages": {}},
            # The worker needs the size before the memory is there, whose first word tells it in words.
            "memory": 4 * int.from_bytes(files[MEMORY][:4], "little"),
        },
        sort_keys=True,
    ).encode()
    folder = store(cache, files)
    with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as scratch:
        written = Path(scratch) / stamp.name
        written.write_text(json.dumps({"sources": key, "folder": folder.name}), encoding="utf-8")
        written.replace(stamp)
    return folder


def store(cache: Path, files: Mapping[str, bytes]) -> Path:
    """Write the runtime's folder in one move, so that a build beside this one never sees half of it."""
    folder = cache / hash_of(files)[:16]
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as scratch:
        written = Path(scratch) / folder.name
        written.mkdir()
        for name, content in files.items():
            (written / name).write_bytes(content)
        for old in cache.iterdir():
            if old.is_dir() and old != folder and not old.name.startswith("new-"):
                shutil.rmtree(old, ignore_errors=True)
        move_in(written, folder)
    return folder


def move_in(written: Path, folder: Path) -> None:
    """Put a whole folder in its place, unless another build of the same was first."""
    try:
        written.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise


def install_runtime(site: Path, folder: Path) -> None:
    """Put a built runtime into a built site."""
    shutil.copytree(folder, site / "runtime" / folder.name, dirs_exist_ok=True)


def sources() -> dict[str, bytes]:
    """Gather everything that the runtime is made from."""
    asking = {"modules": imports(), "requests": requests(), "rehearsal": rehearsal.requests()}
    return {
        **core_sources(WORKER, *map(HERE.joinpath, MADE_BY)),
        ASKED: json.dumps(asking).encode(),
        "pyodide": (PYODIDE / "package.json").read_bytes(),
        "python": sys.version.encode(),
    }


def core_sources(*beside: Path) -> dict[str, bytes]:
    """Gather what the core's wheel is made from, and further files."""
    core = [path for path in (ROOT / "policy_core").rglob("*") if path.suffix in {".py", ".toml"}]
    paths = [*core, ROOT / "pyproject.toml", *beside]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


def hash_of(files: Mapping[str, bytes]) -> str:
    """Hash files by name and content."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def run(command: Iterable[str | Path]) -> str:
    """Run a tool of the build; stop with its own words when it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(
            f"{done.stdout}{done.stderr}\nthe runtime could not be built: {' '.join(map(str, command))}"
        )
    return done.stdout


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the core."""
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT])
    return next(folder.glob("*.whl"))


def compiled_wheel(scratch: Path) -> Path:
    """Build the wheel of the core and compile it with pyodide-build."""
    wheel = build_wheel(scratch)
    compiler = Path(sys.executable).with_name("pyodide")
    run([compiler, "py-compile", "--silent", "--keep", "--compression-level", "0", wheel])
    return next(scratch.glob("*cp313*.whl"))


def needed_modules(written: Path, asked: Path) -> set[str]:
    """Give the files of an archive that are imported, by their names in it: a run under Node shows them."""
    files = json.loads(run(["node", IMPORTS, written, asked]))
    return {each.removeprefix(LIBRARY) for each in files if each.startswith(LIBRARY)}


def memory(small: Path, written: Path, rows: Path, asked: Path) -> tuple[set[int], bytes]:
    """Take the memory of a Python that has imported the core; tell which functions a counting engine ran."""
    taken = written.with_name(MEMORY)
    called = run(["node", SNAPSHOT, small, written, rows, asked, taken])
    return set(json.loads(called)), taken.read_bytes()


def imports() -> list[str]:
    """List the core's modules and the library modules that their import statements name, anywhere.

    Modules that come in late are left out, but not what they import: it must be there by then.
    """
    found: set[str] = set()
    core = sorted((ROOT / "policy_core").glob("*.py"))
    for path in core:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    library = sorted(name for name in found if name.partition(".")[0] in sys.stdlib_module_names)
    stems = [path.stem for path in core if path.stem not in {"__init__", *LATE_MODULES}]
    return [*library, *(f"policy_core.{stem}" for stem in stems)]


def requests() -> list[dict[str, object]]:
    """Make up right and wrong requests to every calculator: what they load is there when a reader asks."""
    made: list[dict[str, object]] = [
        {"call": "mark", "bank": "", "answers": {}},
        {"call": "calculate", "calculator": "nonsense", "inputs": {}},
    ]
    for each in policy_core.calculators():
        given: tuple[dict[str, object], ...] = (
            {"inputs": example(each.id), "as_of": "2024-06-01"},
            {"inputs": {"nonsense": 1.5}},
            {"inputs": {}, "as_of": "?"},
        )
        made += [{"call": "calculate", "calculator": each.id, **one} for one in given]
    return made


def compiled_core(scratch: Path) -> dict[str, bytes]:
    """Give the files of the compiled wheel that are read at run time."""
    entries = {}
    with zipfile.ZipFile(compiled_wheel(scratch)) as core:
        for name in core.namelist():
            if name.endswith(".pyc"):
                entries[name] = bare(core.read(name))
            elif name.endswith(".toml"):
                entries[name] = core.read(name)
    return entries


def library() -> dict[str, bytes]:
    """Give the sources of Python's library and of Pyodide's own part, the stand-ins in their places."""
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as stock:
        stands = tuple(each.replace(".", "/") + end for each in STAND_INS for end in ("/", ".py"))
        found = {name: stock.read(name) for name in stock.namelist() if not name.startswith(stands)}
    source = STAND_IN.read_bytes()
    found |= {each.replace(".", "/") + ".py": source for each in STAND_INS}
    # The one word that is read of any of them, by `inspect` as it is imported.
    found["dis.py"] += f"COMPILER_FLAG_NAMES = {dis.COMPILER_FLAG_NAMES!r}\n".encode()
    return found


def packed(entries: Mapping[str, bytes]) -> bytes:
    """Make an archive that is the same whenever it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as written:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.external_attr = 0o644 << 16
            written.writestr(info, entries[name])
    return out.getvalue()


def compiled(wanted: set[str]) -> dict[str, bytes]:
    """Compile modules of the library, Pyodide's own with the assertions and docstrings that it reads."""
    entries = {}
    for name, source in library().items():
        if name in wanted:
            optimize = 0 if name.startswith(KEEPS_ASSERTIONS) else 2
            code = compile(source, LIBRARY + name, "exec", optimize=optimize, dont_inherit=True)
            entries[name + "c"] = unchecked(without_lines(code))
    return entries


def bare(compiled_file: bytes) -> bytes:
    """Take docstrings and line numbers, a third of its size, out of a compiled module of the core."""
    return unchecked(without_lines(without_words(marshal.loads(compiled_file[HEADER:]))))  # noqa: S302 - just built


def without_lines(code: types.CodeType) -> types.CodeType:
    """Drop the line tables."""
    return code.replace(co_linetable=b"", co_consts=inner(code, without_lines))


def without_words(code: types.CodeType) -> types.CodeType:
    """Drop the docstrings of functions; those of modules and classes are statements and stay."""
    constants = inner(code, without_words)
    if code.co_flags & HAS_DOCSTRING:
        constants = (None, *constants[1:])
    return code.replace(co_consts=constants)


def inner(
    code: types.CodeType, change: Callable[[types.CodeType], types.CodeType]
) -> tuple[object, ...]:
    """Change the code of the functions and classes inside."""
    return tuple(
        change(each) if isinstance(each, types.CodeType) else each for each in code.co_consts
    )


def unchecked(code: types.CodeType) -> bytes:
    """Make a compiled file that is independent of its source's date."""
    # In the second format: later ones mark what Python happens to share just then.
    body = marshal.dumps(code, 2)
    return importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(body) + body
