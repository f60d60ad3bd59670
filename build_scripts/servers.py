"""The locked site -> settings for the server that sends it: nginx, Caddy, and hosts that read `_headers`.

`_headers` must lie in the site, where those hosts look for it. The other two go to a folder outside of
what is published: a server reads them as its administrator, and nobody who only writes pages should.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parent / "server"
HOSTED = "_headers"
# Pages made to stand in a frame of another site; no other page may.
EMBEDDED = r"/embed/[^/]+\.html$"
# Named by their contents: what changes gets another name.
IMMUTABLE = r"/runtime/[0-9a-f]+/|\.[0-9a-f]{8}\.min\.(css|js)(\.map)?$"
FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# One year; for this host alone, whose other names are not ours to decide on.
HSTS = "max-age=31536000"
UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ", ".join(f"{each}=()" for each in UNUSED),
}
TYPES = {
    "bin": "application/octet-stream",
    "css": "text/css",
    "csv": "text/csv",
    "html": "text/html",
    "ico": "image/x-icon",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "xml": "text/xml",
    "zip": "application/zip",
}
COMPRESSIBLE = (
    "application/json", "application/manifest+json", "application/wasm", "application/zip",
    "image/svg+xml", "text/css", "text/csv", "text/javascript", "text/markdown", "text/plain", "text/xml",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One part of the site, as a host's rules name it."""

    path: str
    embedded: bool
    immutable: bool


def write_hosted(site: Path, policy: str) -> None:
    """Write `_headers` into the site."""
    (site / HOSTED).write_text(rendered(HOSTED, policy, site), encoding="utf-8")


def write_settings(folder: Path, site: Path, policy: str) -> None:
    """Write the settings for nginx and Caddy."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("nginx.conf", "Caddyfile"):
        (folder / name).write_text(rendered(name, policy, site), encoding="utf-8")


def rendered(name: str, policy: str, site: Path) -> str:
    """Fill in one template."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - no HTML; all that goes in is ours
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name).render(
        policy=policy,
        headers=HEADERS,
        hsts=HSTS,
        types=TYPES,
        texts=[each for each in TYPES.values() if each.startswith("text/")],
        compressible=COMPRESSIBLE,
        embedded=EMBEDDED,
        immutable=IMMUTABLE,
        forever=FOREVER,
        revalidate=REVALIDATE,
        places=list(places(site)),
    )


def places(site: Path) -> list[Place]:
    """List the parts of the site that lie at its top: its front, its folders, and its other files."""
    found = [Place(path="/", embedded=False, immutable=False)]
    for each in sorted(site.iterdir()):
        if each.name != HOSTED:
            path = f"/{each.name}/*" if each.is_dir() else f"/{each.name}"
            found.append(
                Place(path=path, embedded=each.name == "embed", immutable=each.name == "runtime")
            )
    return found
