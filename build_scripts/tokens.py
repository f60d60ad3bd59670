"""The design tokens as numbers: the colours of both schemes, and how far two of them stand apart."""

from __future__ import annotations

import re
from pathlib import Path

SHEET = Path(__file__).resolve().parent.parent / "calculators" / "browser" / "tokens.css"
SCHEME = re.compile(r'\[data-md-color-scheme="(\w+)"\] \{([^}]*)\}')
TOKEN = re.compile(r"--([\w-]+): (#(?:[0-9a-f]{6}|[0-9a-f]{3}));")


def colours() -> dict[str, dict[str, str]]:
    """Read the tokens: scheme → name → `#rrggbb`."""
    sheet = SHEET.read_text(encoding="utf-8")
    return {
        scheme: {name: full(value) for name, value in TOKEN.findall(body)}
        for scheme, body in SCHEME.findall(sheet)
    }


def full(value: str) -> str:
    """Write a short colour in full."""
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG 2.2, from 1 to 21, to one place."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 1)


def luminance(colour: str) -> float:
    """Give the relative luminance of WCAG 2.2."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
