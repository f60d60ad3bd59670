"""The wheel of the core, to install where answers are wanted without this handbook.

It is plain Python. The build backend writes it with fixed dates in a fixed order: the same sources give
the same bytes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from build_scripts.runtime import ROOT, build_wheel, core_sources, hash_of, move_in


def built_wheel(cache: Path) -> Path:
    """Build the wheel once for the sources as they are; a build beside this one never sees half of it."""
    folder = cache / hash_of(core_sources(ROOT / "LICENSE"))[:16]
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            built = Path(scratch) / "built"
            build_wheel(built)
            move_in(built, folder)
    return next(folder.glob("*.whl"))
