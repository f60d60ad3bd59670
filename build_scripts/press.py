"""Files of the site -> the same files as brotli and gzip beside them, for servers that can send those."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from build_scripts.runtime import WHOLE, move_in

SCRIPT = Path(__file__).with_name("press.mjs")
LEAST = 1024  # below it a reply's headers weigh more than what is saved
MADE = (".br", ".gz")
PRESSED = (*MADE, ".png", ".whl")
SETTINGS = ("_headers",)
# The best takes half a minute for the runtime, which is why that is kept; the rest is a second's work.
BEST, QUICK = 11, 9


def press(site: Path, cache: Path) -> None:
    """Press the runtime as far as it goes, and the rest quickly; what an earlier build pressed is gone."""
    for old in [each for each in site.rglob("*") if each.suffix in MADE]:
        if old.with_suffix("").exists():
            old.unlink()
    runtime = site / "runtime"
    press_files((each for each in worthy(site) if runtime not in each.parents), QUICK)
    for folder in runtime.iterdir():
        shutil.copytree(pressed_folder(folder, cache), folder, dirs_exist_ok=True)


def pressed_folder(folder: Path, cache: Path) -> Path:
    """Give what pressing a folder named by its contents makes; press it once."""
    key = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:8]
    kept = cache / f"{folder.name}-{key}"
    if kept.is_dir():
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as scratch:
        made = Path(scratch) / kept.name
        shutil.copytree(folder, made)
        sources = sorted(made.iterdir())
        worth = worthy(made)
        # What only stands by is not worth another quarter of a minute.
        press_files((each for each in worth if each.name != WHOLE), BEST)
        press_files((each for each in worth if each.name == WHOLE), QUICK)
        for source in sources:
            source.unlink()
        for old in cache.iterdir():
            if old != kept and not old.name.startswith("new-"):
                shutil.rmtree(old, ignore_errors=True)
        move_in(made, kept)
    return kept


def worthy(folder: Path) -> list[Path]:
    """List the files that may be worth it."""
    return sorted(
        each
        for each in folder.rglob("*")
        if each.is_file()
        and each.suffix not in PRESSED
        and each.name not in SETTINGS
        and each.stat().st_size >= LEAST
    )


def press_files(files: Iterable[Path], quality: int) -> None:
    """Press files with Node's own brotli and gzip, which every build has."""
    names = "".join(f"{each}\n" for each in files)
    subprocess.run(["node", SCRIPT, str(quality)], input=names, text=True, check=True)
