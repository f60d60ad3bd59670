"""Built pages -> locked pages: one content security policy, and a hash for everything that a page loads.

The policy is one for all pages, so that it holds wherever a page is opened and a server can send it with
every file. What runs inline is Material's own; its hashes are taken from the pages as they were built.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

# A script without `src` and of a type that runs; what is JSON is data, which no policy stops.
INLINE = re.compile(r"<script(?P<attributes>(?:\s[^>]*)?)>(?P<text>.*?)</script>", re.DOTALL)
RUNS = re.compile(r'\ssrc=|\stype="application/json"')
LOADED = re.compile(
    r'<(?:script\b[^>]*?\ssrc|link\s+rel="(?:stylesheet|modulepreload)"[^>]*?\shref)="(?P<url>[^"]+)"'
)
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
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    policy = policy_for(pages.values())
    for path, text in pages.items():
        place = path.relative_to(site).as_posix()
        path.write_text(with_policy(with_integrity(text, place, site), policy), encoding="utf-8")
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
    """Say of every script, module and style sheet that a page names what it must be."""

    def sealed(found: re.Match[str]) -> str:
        path = urlsplit(urljoin(NOWHERE + place, found["url"])).path.lstrip("/")
        try:
            content = (site / path).read_bytes()
        except OSError as error:
            raise SystemExit(f"{place} loads {found['url']}, which is not in the site") from error
        return f'{found[0]} integrity="{sha256(content)}"'

    return LOADED.sub(sealed, page)


def sha256(content: bytes) -> str:
    """Hash as policies and integrity attributes write it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
