"""What stands in the way of who looks at a page: what axe finds, and what sticks out of the window."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES: tuple[ViewportSize, ...] = (PHONE, {"width": 1440, "height": 900}, {"width": 1920, "height": 1080})
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, one line for each element."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['target']}: {node['failureSummary']}" for each in found for node in each["nodes"]]


def overflow(page: Page) -> list[str]:
    """Return the elements that are wider than their place: the page itself, its lists, and what sticks out of it."""
    sticking_out: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            const lists = [...document.querySelectorAll("[data-testid='messages'], [data-testid='exchanges']")]
                .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.outerHTML.slice(0, 120));
            if (document.documentElement.scrollWidth <= width && innerWidth <= screen.width) return lists;
            return [...document.querySelectorAll("body *")]
                .filter((each) => each.getBoundingClientRect().right > width + 1)
                .map((each) => each.outerHTML.slice(0, 120)).concat(["the page is wider than its window"]);
        }"""
    )
    return sticking_out
