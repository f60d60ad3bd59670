"""What the site is made of: a bill of materials from the lock files, and the hash of every file.

Both follow from the sources alone, so that two builds give the same bytes. The bill lists what is in the
site as required, and what only built or tested it as excluded.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
BILL, SUMS = "sbom.cdx.json", "SHA256SUMS"
# What a reader's browser gets; everything else in the lock files builds or tests.
DELIVERED = ("mkdocs-material", "pyodide")
PINNED = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:(?P<hex>[0-9a-f]{64})")


def write_bill(site: Path, built: int) -> None:
    """Write the bill of materials into the site; `built` is the build's time, in seconds since 1970."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = made("library", project["name"], project["version"], "generic", delivered=True)
    parts = [core, *python_parts(), *node_parts(), *runtime_parts()]
    root = made("application", "policy-handbook", project["version"], "generic", delivered=True)
    names = "\n".join(sorted(str(each.purl) for each in parts))
    bill = Bom(
        components=parts,
        serial_number=uuid5(NAMESPACE_URL, names),
        metadata=BomMetaData(component=root, timestamp=datetime.fromtimestamp(built, UTC)),
    )
    delivered = [each for each in parts if each.scope == ComponentScope.REQUIRED]
    bill.register_dependency(root, delivered)
    (site / BILL).write_text(JsonV1Dot6(bill).output_as_string(indent=2) + "\n", encoding="utf-8")


def python_parts() -> Iterator[Component]:
    """Read the packages that are pinned for Python."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = list(PINNED.finditer(text))
    ends = [*(each.start() for each in found[1:]), len(text)]
    for each, end in zip(found, ends, strict=True):
        hashes = [
            HashType(alg=HashAlgorithm.SHA_256, content=one["hex"])
            for one in HASH.finditer(text, each.start(), end)
        ]
        delivered = each["name"] in DELIVERED
        yield made("library", each["name"], each["version"], "pypi", hashes, delivered=delivered)


def node_parts() -> Iterator[Component]:
    """Read the packages that are pinned for Node."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for place, each in lock["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            digest = base64.b64decode(each["integrity"].removeprefix("sha512-")).hex()
            hashes = [HashType(alg=HashAlgorithm.SHA_512, content=digest)]
            delivered = name in DELIVERED
            yield made("library", name, each["version"], "npm", hashes, delivered=delivered)


def runtime_parts() -> Iterator[Component]:
    """Name what Pyodide itself is made of."""
    lock = json.loads((ROOT / "node_modules" / "pyodide" / "pyodide-lock.json").read_bytes())
    yield made("platform", "cpython", lock["info"]["python"], "generic", delivered=True)
    emscripten = lock["info"]["platform"].removeprefix("emscripten_").replace("_", ".")
    yield made("platform", "emscripten", emscripten, "generic", delivered=True)


def made(
    kind: str,
    name: str,
    version: str,
    registry: str,
    hashes: list[HashType] | None = None,
    *,
    delivered: bool,
) -> Component:
    """Make one entry of the bill."""
    scope, _, short = name.rpartition("/")
    url = PackageURL(registry, scope or None, short, version)
    return Component(
        type=ComponentType(kind),
        group=scope or None,
        name=short,
        version=version,
        purl=url,
        bom_ref=str(url),
        hashes=hashes if delivered else None,
        scope=ComponentScope.REQUIRED if delivered else ComponentScope.EXCLUDED,
    )


def write_sums(site: Path) -> None:
    """List every file of the site with its hash, as `sha256sum --check` reads it."""
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(site).as_posix()}\n"
        for path in files
    ]
    (site / SUMS).write_text("".join(lines), encoding="utf-8")
