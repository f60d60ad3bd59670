"""The pressed files beside the others: the same from any build, and never of another file."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
from pathlib import Path

import pytest

from build_scripts import press

TEXT = "第九条 积分满二十点升一级。\n".encode() * 200
NOISE = b"".join(hashlib.sha256(bytes([each])).digest() for each in range(200))
FILES = {
    "index.html": TEXT, "quiz/bank.bin": NOISE, "short.txt": b"short", "picture.png": TEXT,
    "_headers": TEXT, "runtime/0123456789abcdef/python.zip": TEXT * 9,
    "runtime/0123456789abcdef/manifest.json": b"{}",
}  # fmt: skip
WORTH_IT = ("index.html", "runtime/0123456789abcdef/python.zip")


def site_in(folder: Path) -> Path:
    """Write a small site."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file under a folder."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def unpacked(path: Path) -> bytes:
    """Unpack a pressed file."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    code = "process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(0)))"
    return subprocess.run(
        ["node", "-e", code], input=path.read_bytes(), capture_output=True, check=True
    ).stdout


def test_what_is_worth_it_is_pressed_and_unpacks_to_the_same(tmp_path: Path) -> None:
    site = site_in(tmp_path / "site")
    press.press(site, tmp_path / "cache")
    made = {name for name in contents(site) if name not in FILES}
    assert made == {f"{name}{suffix}" for name in WORTH_IT for suffix in press.MADE}
    for name in made:
        assert unpacked(site / name) == (site / name).with_suffix("").read_bytes()


def test_two_builds_press_the_same_bytes_and_a_kept_runtime_is_as_good(tmp_path: Path) -> None:
    first, second, third = (site_in(tmp_path / each) for each in ("a", "b", "c"))
    for site, cache in ((first, "one"), (second, "another"), (third, "one")):
        press.press(site, tmp_path / cache)
    assert contents(first) == contents(second) == contents(third)


def test_the_runtime_is_pressed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site_in(tmp_path / "site") / "runtime" / "0123456789abcdef"
    kept = press.pressed_folder(folder, tmp_path / "cache")
    monkeypatch.setattr(press, "press_files", None)
    assert press.pressed_folder(folder, tmp_path / "cache") == kept
    monkeypatch.undo()
    other = folder.rename(folder.with_name("fedcba9876543210"))
    newer = press.pressed_folder(other, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == [newer]


def test_nothing_pressed_is_left_beside_a_file_that_changed(tmp_path: Path) -> None:
    site = site_in(tmp_path / "site")
    press.press(site, tmp_path / "cache")
    (site / "index.html").write_bytes(NOISE)  # which is not worth pressing
    (site / "letters.tar.gz").write_bytes(b"a reader's download, made by nobody here")
    press.press(site, tmp_path / "cache")
    assert not [name for name in contents(site) if name.startswith("index.html.")]
    assert (site / "letters.tar.gz").exists()
