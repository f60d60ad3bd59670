"""Doubts that can be seen in a text or in its figures without knowing what they are about.

One module a family; each takes a `Text` (or a parameter file) and yields `Doubt`s. No module knows a
word of a certain policy: what they look at is how Chinese rules print ranges, shares, counts and names.
"""

from build_scripts.doubts.doubt import KINDS, Doubt, Text, fold
from build_scripts.doubts.search import text_doubts
from build_scripts.doubts.tables import parameter_doubts

__all__ = ["KINDS", "Doubt", "Text", "fold", "parameter_doubts", "text_doubts"]
