"""Stands in for a library module that is imported in the browser and never used there.

Pyodide's start imports the event loop, the package installer and all that these import. Here are no
tasks and no packages, so the archive has this module under their names (`runtime.STAND_INS`): it gives
whatever is asked of it, a class to inherit from, to call or to write in an annotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

__path__: list[str] = []  # A package too, whose modules are not there.


class Absent(type):
    """The kind of everything that a module like this holds."""

    def __getattr__(cls, name: str) -> Absent:
        """Hold whatever is asked for, but what Python itself looks for."""
        return absent(name)

    def __iter__(cls) -> Iterator[object]:
        """Hold nothing to walk over."""
        return iter(())

    def __call__(cls, *given: object, **named: object) -> object:
        """Be called in place of a function or class; as a decorator, leave what is decorated as it is."""
        if "absent" not in vars(cls):
            return super().__call__(*given, **named)
        return given[0] if given and callable(given[0]) else cls

    def __getitem__(cls, item: object) -> Absent:
        """Be generic."""
        return cls


def absent(name: str) -> Absent:
    """Make something of that name."""
    if name.startswith("__"):
        raise AttributeError(name)
    return Absent(name, (), {"absent": True})


__getattr__: Callable[[str], Absent] = absent
