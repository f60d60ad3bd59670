"""All that the site holds for other programs, beside the pages that people read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from markupsafe import Markup

from build_scripts.machine.data import data_files
from build_scripts.machine.llms import llms
from build_scripts.pages import Handbook, Page, environment
from build_scripts.words import calculator_element, example


def machine_files(
    handbook: Handbook, name: str, description: str, runtime: Path, wheel: Path
) -> Iterator[Page]:
    """Render the data, the list for assistants, the frames, and the page that explains them."""
    templates = environment()
    yield from data_files(handbook)
    yield Page(path="llms.txt", content=llms(handbook, name, description))
    explained = templates.get_template("page/machines.html")
    first = min(handbook.calculators, key=lambda each: len(str(example(each.id))))
    yield Page(
        path="machines.md",
        content=explained.render(
            handbook=handbook,
            wheel=wheel.name,
            first=first,
            example=Markup(example(first.id)),  # noqa: S704
        ),
    )
    link = partial(handbook.link, base="../")
    frame = templates.get_template("machine/embed.html")
    for each in handbook.calculators:
        element = calculator_element(each.id, link, handbook.spans(each.policy))
        yield Page(
            path=f"embed/{each.id}.html",
            content=frame.render(
                handbook=handbook, name=name, calculator=each, labels=handbook.labels[each.id],
                element=Markup(element), runtime=runtime.name,  # noqa: S704
            ),
        )  # fmt: skip
