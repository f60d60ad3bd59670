"""The scoring of MDN's HTTP Observatory, written anew from its public rules, for one page over HTTPS.

A site starts at 100. What is lacking takes points; what is better than needed adds some, but only where
nothing brought the score under 90. Whether plain HTTP is redirected is the server's own matter, and this
judges a site that has no plain HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html.parser import HTMLParser

EXTRA_FROM = 90
SIX_MONTHS = 15_552_000
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
LOOSE = BROAD | {"'unsafe-inline'", "data:"}
HASHED = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


class Loads(HTMLParser):
    """The policies in a page's own head, and the scripts that it loads with their integrity."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.policies: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" in given:
            self.scripts.append((given["src"], given.get("integrity", "")))
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given["content"])


def score(headers: Mapping[str, str], page: str) -> tuple[int, dict[str, int]]:
    """Give the score of a page sent with these headers (in small letters), and what made it."""
    found = Loads(page)
    header = headers.get("content-security-policy", "")
    parts = {
        "content-security-policy": csp([*filter(None, [header]), *found.policies]),
        "strict-transport-security": hsts(headers.get("strict-transport-security", "")),
        "referrer-policy": referrer(headers.get("referrer-policy", "")),
        "subresource-integrity": integrity(found.scripts),
        "x-content-type-options": 0 if headers.get("x-content-type-options") == "nosniff" else -5,
        "x-frame-options": framing(headers.get("x-frame-options", ""), header),
        "cross-origin-resource-policy": isolation(headers.get("cross-origin-resource-policy")),
        "cross-origin-opener-policy": isolation(headers.get("cross-origin-opener-policy")),
        "cross-origin-resource-sharing": sharing(headers),
        "cookies": -40 if "set-cookie" in headers else 0,
    }
    penalties = 100 + sum(each for each in parts.values() if each < 0)
    total = 100 + sum(parts.values()) if penalties >= EXTRA_FROM else penalties
    return max(0, total), parts


def directives(policy: str) -> dict[str, set[str]]:
    """Read one policy; a directive that stands twice makes it invalid."""
    read: dict[str, set[str]] = {}
    for words in filter(None, (each.split() for each in policy.lower().split(";"))):
        if words[0] in read:
            raise ValueError(words[0])
        read[words[0]] = set(words[1:]) or {"'none'"}
    return read


def combined(policies: list[str]) -> dict[str, set[str]]:
    """Lay several policies together: what is allowed must be allowed by each that speaks of it."""
    merged: dict[str, set[str]] = {}
    for policy in policies:
        for name, sources in directives(policy).items():
            merged[name] = (merged[name] & sources or {"'none'"}) if name in merged else sources
    return merged


def csp(policies: list[str]) -> int:
    """Judge the policies of header and page together: the worst that they allow counts."""
    try:
        merged = combined(policies)
    except ValueError:
        merged = {}
    if not merged:
        return -25
    default = merged.get("default-src", {"*"})
    passive = {"img-src", "media-src"}
    script, style, objects = (
        set(merged.get(name, default)) for name in ("script-src", "style-src", "object-src")
    )
    for sources in (script, style):
        if any(each.startswith(HASHED) for each in sources):
            sources.discard("'unsafe-inline'")
    rules = {
        -20: script & LOOSE or objects & BROAD or insecure(merged, merged.keys() - passive),
        -10: "'unsafe-eval'" in script | style or insecure(merged, passive),
        0: style & LOOSE,
        5: default != {"'none'"},
    }
    return next((worth for worth, applies in rules.items() if applies), 10)


def insecure(merged: Mapping[str, set[str]], names: Iterable[str]) -> bool:
    """Tell whether one of these directives lets in what comes without HTTPS."""
    sources = set[str]().union(*(merged.get(name, set()) for name in names))
    return any(each.startswith(("http:", "ftp:")) for each in sources)


def hsts(value: str) -> int:
    """Judge for how long a browser is told to come by HTTPS alone."""
    ages = [
        each.strip()[8:] for each in value.lower().split(";") if each.strip().startswith("max-age=")
    ]
    if not ages or not ages[0].isdecimal() or "," in value:
        return -20
    return 0 if int(ages[0]) >= SIX_MONTHS else -10


def referrer(value: str) -> int:
    """Judge what other sites are told; the last policy that is known counts."""
    if not value:
        return 0
    return 5 if value.rsplit(",", maxsplit=1)[-1].strip().lower() in PRIVATE else -5


def integrity(scripts: list[tuple[str, str]]) -> int:
    """Judge the scripts: from elsewhere they need integrity, of our own they may have it."""
    outside = [sealed for source, sealed in scripts if source.startswith(("http:", "https:", "//"))]
    if outside:
        return 5 if all(outside) else -5
    return 5 if any(sealed for _, sealed in scripts) else 0


def framing(value: str, policy: str) -> int:
    """Judge whether other sites may frame the page; only the header can say so."""
    if "frame-ancestors" in policy or value.lower() in ("deny", "sameorigin"):
        return 5
    return -20


def isolation(value: str | None) -> int:
    """Judge how the page keeps apart from other origins."""
    return 10 if value in ("same-origin", "same-site", "same-origin-allow-popups") else 0


def sharing(headers: Mapping[str, str]) -> int:
    """Judge whether every site may read with the reader's own credentials."""
    return -50 if headers.get("access-control-allow-credentials") == "true" else 0
