"""The locked site -> its service worker: which files of this build a browser keeps, each with its hash.

The worker is our own and not Workbox: what matters here, that a page never gets a file of another build,
is what Workbox leaves to the page, and the rest is a list, a cache and a comparison.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from build_scripts.lockdown import sha256
from build_scripts.runtime import ARCHIVE, ITS_SCRIPT, MEMORY, WHOLE
from build_scripts.tokens import colours

WORKER = Path(__file__).resolve().parent.parent / "calculators" / "browser" / "service-worker.js"
MANIFEST = "manifest.webmanifest"
INDEX = "index.html"
# What a reader's page loads; outputs for programs and downloads are fetched when they are asked for.
LOADED = ("assets/", "search/", MANIFEST)
# What a page of the quiz, and one that computes many at once, fetches from its own folder.
BESIDE = ("/bank.bin", "/many.json")
# Of the runtime, what a page needs only where it takes this way.
WAYS = {ARCHIVE, MEMORY, WHOLE, ITS_SCRIPT}
# Frames for other sites, the page for wrong addresses, and the parts of the design.
APART = ("embed/", "404.html", "states/")


def write_worker(site: Path) -> None:
    """Write the service worker of exactly this build."""
    script = WORKER.read_text(encoding="utf-8")
    parts = json.dumps(kept(site), sort_keys=True, separators=(",", ":"))
    build = hashlib.sha256((parts + script).encode()).hexdigest()[:16]
    line = f'self.handbook = {{"build":"{build}",{parts[1:]};\n'
    (site / WORKER.name).write_text(line + script, encoding="utf-8")


def kept(site: Path) -> dict[str, dict[str, str]]:
    """List what is kept at first, and of the runtime, when the page is at rest, with the way that it took."""
    parts: dict[str, dict[str, str]] = {"first": {}, "later": {}, "ways": {}}
    for path in sorted(each for each in site.rglob("*") if each.is_file()):
        name = path.relative_to(site).as_posix()
        part = part_of(name)
        if part:
            parts[part][name.removesuffix(INDEX) if path.name == INDEX else name] = sha256(
                path.read_bytes()
            )
    return parts


def part_of(name: str) -> str:
    """Tell when a file is kept; empty where it is not."""
    if name.startswith(APART) or name.endswith(".map"):
        return ""
    if name.startswith("runtime/"):
        return "ways" if name.rpartition("/")[2] in WAYS else "later"
    if name.startswith(LOADED) or name.endswith((".html", *BESIDE)):
        return "first"
    return ""


def manifest(name: str, description: str) -> str:
    """Write the manifest by which a browser installs the handbook."""
    light = colours()["default"]
    icon = {"src": "assets/handbook/icon.svg", "type": "image/svg+xml", "sizes": "any"}
    return json.dumps(
        {
            "name": name,
            "description": description,
            "lang": "zh-CN",
            "dir": "ltr",
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "theme_color": light["paper"],
            "background_color": light["paper"],
            "icons": [icon],
        },
        ensure_ascii=False,
        indent=2,
    )
