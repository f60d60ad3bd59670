"""Built pages -> locked pages: one content security policy, and a hash for everything that a page loads.

The policy is one for all pages, so that it holds wherever a page is opened and a server can send it with
every file. What runs inline is Material's own; its hashes are taken from the pages as they were built.
"""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

# A script without `src` and of a type that runs; what is JSON is data, which no policy stops.
INLINE = re.compile(r"<script(?P<attributes>(?:\s[^>]*)?)>(?P<text>.*?)</script>", re.DOTALL)
RUNS = re.compile(r'\ssrc=|\stype="application/json"')
LOADED = re.compile(
    r'<(?:script\b[^>]*?\ssrc|link\s+rel="(?:stylesheet|modulepreload)"[^>]*?\shref)="(?P<url>[^"]+)"[^>]*'
)
MODULE = re.compile(r'\stype="module"|\srel="modulepreload"')
IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*"(?P<url>\.{1,2}/[^"]+)"')
POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')
CHARSET = '<meta charset="utf-8">'
HEAD = "<head>"
# A page has nothing to ask of anyone but its own server, and sends no form anywhere.
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
NOWHERE = "http://site.invalid/"  # stands for the place that the site is served at


def lock(site: Path) -> str:
    """Write the policy and the hashes into every page of a built site; give the policy.

    Raises:
        SystemExit: a page loads a script or a style sheet that the site does not hold.

    """
    pages = {
        path: with_integrity(
            path.read_text(encoding="utf-8"), path.relative_to(site).as_posix(), site
        )
        for path in sorted(site.rglob("*.html"))
    }
    policy = policy_for(pages.values())
    for path, text in pages.items():
        path.write_text(with_policy(text, policy), encoding="utf-8")
    return policy


def policy_for(pages: Iterable[str]) -> str:
    """Give the one policy under which all these pages work."""
    hashes = sorted({f"'{sha256(script.encode())}'" for page in pages for script in inline(page)})
    directives = {
        **DIRECTIVES,
        "script-src": " ".join([DIRECTIVES["script-src"], *hashes]),
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def inline(page: str) -> Iterable[str]:
    """List the scripts that stand in a page itself."""
    for found in INLINE.finditer(page):
        if not RUNS.search(found["attributes"]):
            yield found["text"]


def with_policy(page: str, policy: str) -> str:
    """Put the policy before everything that it must hold for; only the page's charset stands before it."""
    first = (
        f'{HEAD}\n{CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">'
    )
    return page.replace(CHARSET, "", 1).replace(HEAD, first, 1)


def allowing(page: str) -> str:
    """Widen a locked page's policy to the scripts that have been put into it since."""
    return POLICY.sub(lambda found: f"{found[1]}{policy_for([page])}{found[2]}", page, count=1)


def with_integrity(page: str, place: str, site: Path) -> str:
    """Say of every script, module and style sheet that a page loads what it must be.

    What a module imports has no tag of its own: a map before the first module speaks for it. A preload's
    own word would not do, for Chromium fetches anew, unasked, what a preload refused.
    """
    modules: dict[str, str] = {}

    def content(url: str) -> bytes:
        path = urlsplit(urljoin(NOWHERE + place, url)).path.lstrip("/")
        try:
            return (site / path).read_bytes()
        except OSError as error:
            raise SystemExit(f"{place} loads {url}, which is not in the site") from error

    def sealed(found: re.Match[str]) -> str:
        if MODULE.search(found[0]):
            gather(found["url"])
        return f'{found[0]} integrity="{sha256(content(found["url"]))}"'

    def gather(url: str) -> None:
        if url not in modules:
            script = content(url)
            modules[url] = sha256(script)
            for each in IMPORT.finditer(script.decode()):
                gather(posixpath.normpath(posixpath.join(posixpath.dirname(url), each["url"])))

    tagged = LOADED.sub(sealed, page)
    if not modules:
        return tagged
    named = {url if url[0] in "./" else f"./{url}": modules[url] for url in sorted(modules)}
    words = json.dumps({"integrity": named}, separators=(",", ":"))
    return tagged.replace(HEAD, f'{HEAD}\n<script type="importmap">{words}</script>', 1)


def sha256(content: bytes) -> str:
    """Hash as policies and integrity attributes write it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
