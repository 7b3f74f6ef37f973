"""A person at the keyboard alone: goes by Tab, and sees at each stop where the focus is.

What is seen is measured in pixels: the picture with the focus against the same picture without it. WCAG 2.2 asks for a
visible focus (2.4.7), a contrast of 3:1 with what is beside it (1.4.11), as much as a line of 2 px around the part
(2.4.13), and that nothing covers it (2.4.11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

MOST_STOPS = 120
CONTRAST, THICKNESS, MARGIN = 3.0, 2, 8
# What has the focus: its look (parts of one look are measured once a page), its boxes, and whether any of it is in reach
# of the eye.
_FOCUSED = """selector => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const boxes = [...at.getClientRects()].map(({left, top, width, height}) => ({left, top, width, height}));
  const isSeen = ({left, top, width, height}) => [[.5, .5], [.05, .5], [.95, .5], [.5, .05], [.5, .95]].some(([x, y]) => {
    const hit = document.elementFromPoint(left + x * width, top + y * height);
    return hit && (at.contains(hit) || hit.contains(at) && hit.matches("label, li"));
  });
  let ground = at.parentElement;
  while (ground.parentElement && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  return {
    isThere: at.matches(selector),
    name: at.id || at.innerText?.trim().slice(0, 40) || at.name || at.tagName,
    look: [at.tagName, at.type, ...at.classList, at.parentElement.className, getComputedStyle(ground).backgroundColor].join(" "),
    boxes,
    isSeen: boxes.some(isSeen),
    isWhole: boxes.every(({left, top, width, height}) =>
      left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight),
  };
}"""
_LOSE = "() => { window.hadFocus = document.activeElement; window.hadFocus.blur(); }"
_TAKE_BACK = "() => window.hadFocus.focus({preventScroll: true, focusVisible: true})"


class Keyboard:
    """The keyboard of one page; ``stops`` counts where the focus has been, ``measured`` the looks that were measured."""

    def __init__(self, page: Page) -> None:
        self.page, self.stops = page, 0
        self.measured: set[str] = set()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type over what the focused field holds."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def skip_the_head(self) -> None:
        """By the page's first stop. The address then ends in ``#main``, and so does that of the page to which a form on
        it leads: there the head is skipped already."""
        self.go_to(".skip-link")
        self.press("Enter")

    def go_to(self, selector: str, key: str = "Tab") -> None:
        """Press ``key`` until the focus is where the selector says; look at each stop. Fails when it never gets there."""
        passed = []
        for _number in range(MOST_STOPS):
            self.page.keyboard.press(key)
            stop = self.page.evaluate(_FOCUSED, selector)
            assert stop is not None, f"the focus left the page before {selector}, after {passed}"
            passed.append(stop["name"])
            self._look_at(stop)
            if stop["isThere"]:
                return
        raise AssertionError(f"{selector} isn't reached in {MOST_STOPS} stops: {passed}")

    @contextmanager
    def follows(self) -> Iterator[None]:
        """A press that leads to another page."""
        with self.page.expect_navigation():
            yield

    def _look_at(self, stop: dict[str, object]) -> None:
        self.stops += 1
        assert stop["isSeen"], f"the focus is hidden at {stop['name']} ({stop['look']})"
        look = str(stop["look"])
        if look in self.measured or not stop["isWhole"]:
            return
        self.measured.add(look)
        boxes = stop["boxes"]
        assert isinstance(boxes, list) and boxes
        width, height = max((box["width"], box["height"]) for box in boxes)
        pixels, needed = self._marked_pixels(boxes), THICKNESS * 2 * (width + height)
        assert pixels >= needed, f"{pixels} pixels mark the focus at {stop['name']} ({look}), not {needed:.0f}"

    def _marked_pixels(self, boxes: list[dict[str, float]]) -> int:
        """How many pixels around the focused part differ by 3:1 from what they are without the focus."""
        size = self.page.viewport_size
        assert size is not None
        left = max(min(box["left"] for box in boxes) - MARGIN, 0)
        top = max(min(box["top"] for box in boxes) - MARGIN, 0)
        right = min(max(box["left"] + box["width"] for box in boxes) + MARGIN, size["width"])
        bottom = min(max(box["top"] + box["height"] for box in boxes) + MARGIN, size["height"])

        def picture() -> NDArray[np.float64]:
            taken = self.page.screenshot(
                clip={"x": left, "y": top, "width": right - left, "height": bottom - top}, animations="disabled"
            )
            return luminances(Image.open(BytesIO(taken)))

        focused = picture()
        self.page.evaluate(_LOSE)
        without = picture()
        self.page.evaluate(_TAKE_BACK)
        contrast = (np.maximum(focused, without) + 0.05) / (np.minimum(focused, without) + 0.05)
        return int((contrast >= CONTRAST).sum())


def luminances(image: Image.Image) -> NDArray[np.float64]:
    """The relative luminance of each pixel, from 0 to 1 (WCAG 2.2, "relative luminance")."""
    share = np.asarray(image.convert("RGB"), dtype=np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weighed: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighed
