"""A calculator's form as a person meets it: control after control, whatever control it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page

from policy_core import Field
from policy_core._browser import answer
from policy_core._inputs import depth

ELEMENT = "policy-calculator"
LOAD_MS = 30_000


def enter(
    root: Locator, fields: Sequence[Field], inputs: Mapping[str, Any], path: str = ""
) -> None:
    """Fill in what can be seen; what decides whether a field is shown goes before it."""
    for field in sorted(fields, key=lambda each: depth(each, fields)):
        value = inputs.get(field.name)
        place = root.locator(f'[data-field="{path}{field.name}"]')
        if value is not None and place.is_visible():
            enter_field(place, field, value, f"{path}{field.name}")


def enter_field(place: Locator, field: Field, value: Any, path: str) -> None:  # noqa: ANN401 - JSON is what it is
    """Fill in one field: a list grows by itself, entries are added by their button."""
    controls = place.locator(f'[name="{path}"]')
    if field.kind == "records" and field.item:
        for index, entry in enumerate(value):
            if index:
                place.get_by_role("button", name="再加一条").click()
            enter(place, field.item.fields, entry, f"{path}[{index}].")
    elif field.kind == "list":
        for index, each in enumerate(value):
            put(controls.nth(index), each)
    elif controls.first.get_attribute("type") == "radio":
        place.locator(f'[name="{path}"][value="{written(value)}"]').check()
    else:
        put(controls, value)


def put(control: Locator, value: Any) -> None:  # noqa: ANN401 - JSON is what it is
    """Put one value into one control."""
    kind = control.evaluate("(each) => each.type")
    if kind == "checkbox":
        control.set_checked(value)
    elif kind == "select-one":
        control.select_option(written(value))
    else:
        control.fill(written(value))


def written(value: Any) -> str:  # noqa: ANN401 - JSON is what it is
    """Write a value as a control, or a link, holds it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def fragment(inputs: Mapping[str, Any]) -> str:
    """Write a link's fragment: a list repeats its key, an object in it is JSON."""
    pairs = [
        (name, written(each))
        for name, value in inputs.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return "#" + urlencode(pairs)


def inputs_of(page: Page) -> dict[str, Any]:
    """Read the form back as the element tells it."""
    found: dict[str, Any] = page.evaluate(f"document.querySelector('{ELEMENT}').inputs")
    return found


def set_inputs(page: Page, inputs: Mapping[str, Any]) -> None:
    """Fill the form through the element."""
    page.evaluate(
        f"(inputs) => {{ document.querySelector('{ELEMENT}').inputs = inputs; }}", dict(inputs)
    )


def answered(page: Page) -> dict[str, Any]:
    """Wait for the answer to what stands in the form now."""
    page.wait_for_selector(f'{ELEMENT}[data-state="answered"] output[data-answer]', timeout=LOAD_MS)
    found: dict[str, Any] = json.loads(
        page.get_attribute(f"{ELEMENT} output", "data-answer") or "null"
    )
    return found


def asked(page: Page) -> None:
    """Wait until all that is asked about the answer, or about the half-filled form, stands there."""
    page.wait_for_selector(f"{ELEMENT} .asks:not([aria-busy])", state="attached", timeout=LOAD_MS)


def settled(page: Page) -> str:
    """Wait until what stands in the form was dealt with, whatever came of it."""
    page.wait_for_selector(
        f'{ELEMENT}:not([data-state="loading"], [data-state="working"])', timeout=LOAD_MS
    )
    return page.get_attribute(ELEMENT, "data-state") or ""


def expected(calculator: str, inputs: Mapping[str, Any], day: str) -> dict[str, Any]:
    """Ask CPython the same."""
    request = {"call": "calculate", "calculator": calculator, "inputs": inputs, "as_of": day}
    found: dict[str, Any] = json.loads(answer(json.dumps(request)))
    return found
