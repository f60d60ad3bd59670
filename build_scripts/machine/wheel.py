"""The wheel of the core, to install where answers are wanted without this handbook.

It is plain Python. The build backend writes it with fixed dates in a fixed order: the same sources give
the same bytes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from build_scripts.runtime import ROOT, hash_of, run


def built_wheel(cache: Path) -> Path:
    """Build the wheel once for the sources as they are; a build beside this one never sees half of it."""
    folder = cache / hash_of(wheel_sources())[:16]
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            built = Path(scratch) / "built"
            command = (
                sys.executable,
                "-m",
                "build",
                "--wheel",
                "--no-isolation",
                "--outdir",
                built,
            )
            run((*command, ROOT))
            try:
                built.replace(folder)
            except OSError:  # another build of the same sources was first
                if not folder.is_dir():
                    raise
    return next(folder.glob("*.whl"))


def wheel_sources() -> dict[str, bytes]:
    """Gather everything that the wheel is made from."""
    core = [path for path in (ROOT / "policy_core").rglob("*") if path.suffix in {".py", ".toml"}]
    paths = [*core, ROOT / "pyproject.toml", ROOT / "LICENSE"]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
