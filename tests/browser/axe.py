"""axe-core on a page as it stands: what shuts people out, in words that lead to it."""

from functools import cache
from typing import Final

from playwright.sync_api import Page

from scripts.setup.settings import CHECKOUT

SOURCE: Final = CHECKOUT / "webmap/node_modules/axe-core/axe.min.js"
# What is fading in has no contrast yet: it is looked at when it stands.
RUN: Final = """async (only) => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const ends = (one) => one.effect?.getComputedTiming().endTime !== Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
    const how = only ? { runOnly: { type: "rule", values: only } } : {};
    const { violations } = await axe.run(document, { ...how, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 160)} | ${failureSummary.replace(/\\s+/g, " ").slice(0, 200)}`));
}"""
CHINESE: Final = """() => {
    const han = /\\p{Script=Han}/u;
    const foreign = (node) => !node?.closest("[lang|=zh], [data-tool], script, style, noscript");
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (han.test(text.data) && foreign(text.parentElement)) found.push(text.data.trim());
    }
    for (const name of ["aria-label", "title", "alt"]) {
        for (const node of document.querySelectorAll(`[${name}]`)) {
            const said = node.getAttribute(name);
            const column = node.closest(".refused");
            if (han.test(said) && !column && foreign(node)) found.push(`${name}: ${said}`);
        }
    }
    return found;
}"""


@cache
def _source() -> str:
    return SOURCE.read_text("utf-8")


def violations(page: Page, *only: str) -> list[str]:
    """What axe finds on the page: rule, element and reason; by all rules or by these `only`."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(RUN, list(only) or None)
    return found


def chinese(page: Page) -> list[str]:
    """Texts and names in Chinese that the page does not mark as Chinese.

    The fields of a refused row are named by its columns, which an attribute cannot mark.
    """
    found: list[str] = page.evaluate(CHINESE)
    return found
