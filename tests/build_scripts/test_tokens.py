"""The colours can be read: WCAG 2.2 AA in both schemes, on every ground that a text stands on."""

from __future__ import annotations

import pytest

from build_scripts.tokens import colours, contrast

TEXT, CONTROL = 4.5, 3.0
# What stands on which ground, and how far apart they must be.
PAIRS = {
    **{(text, ground): TEXT for text in ("ink", "ink-2", "ink-3", "accent", "doubt", "error")
       for ground in ("paper", "surface")},
    ("ink-2", "sunk"): TEXT, ("ink-3", "sunk"): TEXT, ("accent", "tint"): TEXT, ("ink", "mark"): TEXT,
    ("doubt", "doubt-tint"): TEXT, ("ink-2", "doubt-tint"): TEXT, ("accent", "doubt-tint"): TEXT,
    ("error", "error-tint"): TEXT, ("on-accent", "accent"): TEXT, ("on-accent", "accent-hover"): TEXT,
    ("control", "paper"): CONTROL, ("control", "surface"): CONTROL,
}  # fmt: skip


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_the_contrast_is_enough(scheme: str, pair: tuple[str, str]) -> None:
    tokens = colours()[scheme]
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= PAIRS[pair]


def test_the_ratio_is_the_standard_s() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == 4.5  # the grey that WCAG's examples are drawn at
    assert contrast("#0b5f56", "#0b5f56") == 1


def test_both_schemes_name_the_same_tokens() -> None:
    assert colours().keys() == {"default", "slate"}
    assert colours()["default"].keys() == colours()["slate"].keys()
