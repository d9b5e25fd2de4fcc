# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import re
import shutil
import subprocess
from pathlib import Path

import sass

from odoo.tests import BaseCase, tagged

from .test_page_language import PageLanguageCase

ADDON = Path(__file__).parents[1]
STYLES = sorted((ADDON / "static" / "src" / "scss").glob("*.scss"))
TEMPLATES = sorted((ADDON / "views").glob("*.xml"))
# What has a side in the name, or takes the sides in the order top, right, bottom, left.
SIDED = re.compile(
    r"""(?<![-\w])(?:
        (?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)
      | border-(?:top|bottom)-(?:left|right)-radius
      | (?:left|right|float|clear|letter-spacing)\s*:
      | (?:text-align|justify-\w+)\s*:\s*(?:left|right)
      | transform(?:-origin)?\s*:[^;]*(?:X\(|left|right)
      | background-position\s*:[^;]*(?:left|right)
      | (?:margin|padding|inset|border-radius)\s*:(?:\s+[^\s;]+){4}\s*;
    )""",
    re.VERBOSE,
)
SIDED_CLASS = re.compile(
    r"\b(?:float|text)-(?:left|right)\b|\bfa-[\w-]*(?:left|right)\b|\bstyle=|\boi-[\w-]*(?:left|right)\b"
)


@tagged("post_install", "-at_install")
class TestStyles(BaseCase):
    """The page is right in both directions by itself, whether the server can flip styles or not."""

    def test_the_pattern_knows_sides(self):
        for line in (
            "margin-left: 1rem;",
            "  right: 0;",
            "text-align: left;",
            "padding: 1px 2px 3px 4px;",
            "border-top-right-radius: 0;",
            "transform: scaleX(-1);",
        ):
            self.assertTrue(SIDED.search(line), line)
        for line in ("margin-inline: 1rem;", "padding: 0 1rem;", "border-inline-start: 0;"):
            self.assertFalse(SIDED.search(line), line)

    def test_logical_properties_only(self):
        self.assertGreater(len(STYLES), 5)
        for style in STYLES:
            for number, line in enumerate(style.read_text(encoding="utf-8").splitlines(), 1):
                code = line.partition("//")[0]
                self.assertFalse(SIDED.search(code), f"{style.name}:{number} {line}")

    def test_templates_take_no_sides(self):
        """Neither do classes and icons: an arrow would have to be mirrored."""
        self.assertGreater(len(TEMPLATES), 5)
        for template in TEMPLATES:
            found = SIDED_CLASS.search(template.read_text(encoding="utf-8"))
            self.assertFalse(found, f"{template.name}: {found}")

    def test_flipping_changes_nothing(self):
        """Where the server flips styles, these are not turned twice."""
        if not shutil.which("rtlcss"):
            self.skipTest("rtlcss is not installed")
        source = "\n".join(style.read_text(encoding="utf-8") for style in STYLES)
        styles = sass.compile(string=source)
        flipped = subprocess.run(
            ["rtlcss", "-"], input=styles, capture_output=True, text=True, check=True
        ).stdout
        self.assertIn(".o_service_page", flipped)
        self.assertEqual(flipped.split(), styles.split())


@tagged("post_install", "-at_install")
class TestRightToLeft(PageLanguageCase):
    """Persian on a small phone, in a browser."""

    browser_size = "320x640"
    touch_enabled = True
    # A wide thing is named; so are edges on the wrong side.
    CHECK = """
        const root = document.documentElement;
        const page = document.querySelector(".o_service_page");
        const status = getComputedStyle(document.querySelector(".o_service_page_status"));
        const fail = (what) => console.error("test failed: " + what);
        const wide = [...page.querySelectorAll("*")].filter((element) => {
            const { left, right } = element.getBoundingClientRect();
            return !element.closest(".visually-hidden") && (left < 0 || right > innerWidth + 1);
        });
        if (root.dir !== "rtl" || getComputedStyle(page).direction !== "rtl") {
            fail("direction");
        } else if (root.scrollWidth > innerWidth || wide.length) {
            fail(`wider than the screen: ${root.scrollWidth} ${wide[0]?.outerHTML}`);
        } else if (parseFloat(status.borderRightWidth) < 4 || parseFloat(status.borderLeftWidth)) {
            fail("the edge of the status");
        } else if (/Odoo Unicode/.test(getComputedStyle(page).fontFamily)) {
            fail("a font that is fetched");
        } else {
            console.log("test successful");
        }
    """

    def test_page(self):
        self._ask(title="Bitte senden Sie uns den Grundriss des Heizungskellers")
        self.env["service.commitment"].create(
            {"name": "پمپ", "project_id": self.project.id, "current_to": "2099-03-06"}
        )
        self.reader.lang = "fa_IR"
        self.browser_js(self.url, self.CHECK, login="page_customer")
