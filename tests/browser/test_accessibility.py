"""What axe finds on every page and in every state of a calculator: nothing, light or dark, narrow or wide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import policy_core
from build_scripts.words import example
from tests.amounts import PROVING
from tests.browser.conftest import Complaints, Reply, Server
from tests.browser.forms import ELEMENT, answered, asked, fragment, set_inputs, settled

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
CALCULATORS = [each.id for each in policy_core.calculators()]
# Everything once; what a scheme or a width can change, in the others too.
LOOKS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (1440, "default", ()),
    (1440, "slate", ("color-contrast", "link-in-text-block")),
    (768, "default", ("color-contrast", "target-size", "scrollable-region-focusable")),
    (
        360,
        "slate",
        ("color-contrast", "target-size", "scrollable-region-focusable", "aria-hidden-focus"),
    ),
)


def found(page: Page) -> list[str]:
    """Run axe over the page in every look; give its findings with the elements that they are about."""
    page.emulate_media(reduced_motion="reduce")  # colours on their way to another are no colours
    if not page.evaluate("typeof axe === 'object'"):
        # Not as an element of the page, whose policy would rightly refuse it.
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    said = []
    page.evaluate("scrollTo(0, 0)")  # what the header half covers is no small target
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(scheme) => { document.body.dataset.mdColorScheme = scheme; }", scheme)
        violations: list[dict[str, Any]] = page.evaluate(
            """async (rules) => {
                const options = {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}};
                const found = await axe.run(document, rules.length ? {...options, runOnly: rules} : options);
                return found.violations.map(({id, help, nodes}) =>
                    ({id, help, nodes: nodes.map((each) => each.html.slice(0, 160)).slice(0, 4)}));
            }""",
            list(rules),
        )
        said += [
            f"{width} {scheme} {each['id']}: {each['help']} {each['nodes']}" for each in violations
        ]
    return said


@pytest.mark.parametrize(
    "path",
    [
        "",
        "calculators/",
        "policies/",
        "quiz/",
        "doubts/",
        "figures/",
        "machines/",
        "embed/grade-from-points.html",
        "policies/service-quiz/",
    ],
)
def test_axe_finds_nothing_on_a_page(page: Page, server: Server, path: str) -> None:
    page.goto(server.url + path)
    assert found(page) == []


def with_every_kind_of_field() -> list[str]:
    """Name as many calculators as have every kind of field between them."""
    chosen: list[str] = []
    seen: set[object] = set()
    for each in policy_core.calculators():
        kinds = {
            (field.kind, field.item and field.item.kind, bool(field.choices))
            for field in each.fields
        }
        if kinds - seen:
            chosen.append(each.id)
            seen |= kinds
    return chosen


@pytest.mark.parametrize("calculator", CALCULATORS if PROVING else with_every_kind_of_field())
def test_axe_finds_nothing_in_any_state_of_a_calculator(
    page: Page, server: Server, calculator: str
) -> None:
    page.goto(f"{server.url}calculators/{calculator}/")
    assert found(page) == [], "empty"
    inputs = example(calculator)
    name, value = next(iter(inputs.items()))
    set_inputs(page, {name: value})
    settled(page)
    assert found(page) == [], "half"
    set_inputs(page, inputs)
    answered(page)
    asked(page)
    page.get_by_role("button", name="与另一种情况比较").click()
    page.locator(f"{ELEMENT} details").evaluate_all(
        "(all) => all.forEach((each) => { each.open = true; })"
    )
    assert found(page) == [], "answered"
    wrong = {
        **inputs,
        **{each: "一" for each, given in inputs.items() if not isinstance(given, bool)},
    }
    set_inputs(page, wrong)
    assert settled(page) == "error"
    assert found(page) == [], "wrong"


def test_axe_finds_nothing_where_the_runtime_failed(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults[".wasm"] = lambda _: Reply(status=404)
    page.goto(server.url + "calculators/grade-from-points/" + fragment({"grade": 4}))
    expect(page.locator(".answer--failed")).to_be_visible()
    assert found(page) == []
    complaints.forgive()


@pytest.mark.parametrize("policy", ["rd-grades", "team-leader"])
def test_axe_finds_nothing_in_a_policy_with_a_doubt_and_a_calculator_open(
    page: Page, server: Server, policy: str
) -> None:
    page.goto(f"{server.url}policies/{policy}/")
    page.locator("details.doubt summary").first.click()
    page.locator(".chip--try").first.click()
    settled(page)
    assert found(page) == []


def test_axe_finds_nothing_in_a_quiz_at_start_in_the_middle_and_at_the_end(
    page: Page, server: Server
) -> None:
    page.goto(server.url + "quiz/service-etiquette/")
    page.click(".quiz-more summary")
    assert found(page) == [], "start"
    page.click('[data-action="start"]')
    page.locator('[data-item="1.1"] input').first.check()
    page.click('[data-action="step"]')
    expect(page.locator('[data-item="1.1"] .verdict')).to_be_visible()
    page.click('[data-action="restart"]')
    assert found(page) == [], "practice, told"
    page.evaluate("document.querySelector('policy-quiz form').requestSubmit()")
    expect(page.locator(".quiz-score")).to_be_visible()
    page.evaluate("document.querySelector('policy-quiz').answers = {'3.5': ['冰箱']}")
    page.evaluate("document.querySelector('policy-quiz form').requestSubmit()")
    expect(page.locator(".quiz-chart")).to_be_visible()
    page.click(".quiz-certify summary")
    page.click('[data-action="whole"]')
    assert found(page) == [], "end"
    page.click('[data-action="leave"]')
    page.locator('[data-wish="mode"][value="exam"]').check()
    page.locator('[data-wish="single"]').uncheck()
    page.click('[data-action="start"]')
    assert found(page) == [], "exam, all on a page"
