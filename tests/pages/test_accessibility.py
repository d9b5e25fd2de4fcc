"""Every state of the customer's page in four languages and three widths, looked at by axe-core."""

import json

from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience_portal.tests.showcase_common import ShowcaseCase

from devtools.layout import Layout
from devtools.node_tools import modules

WIDTHS = (320, 768, 1280)
LANGUAGES = ("en_US", "fa_IR", "hu_HU", "kk_KZ")
# What Odoo's own header and footer hold is not ours.
AUDIT = """
const frame = document.createElement("iframe");
frame.style.cssText = "position:absolute;inset:0 auto auto 0;border:0;height:900px";
document.body.replaceChildren(frame);
const settled = (view) =>
    new Promise((done) => view.requestAnimationFrame(() => view.setTimeout(done, 50)));
const problems = [];
for (const [name, url] of PAGES) {
    await new Promise((done) => { frame.onload = done; frame.src = url; });
    const view = frame.contentWindow;
    if (!view.document.querySelector(".o_service_page")) {
        problems.push(`${name}: no page at ${url}`);
        continue;
    }
    view.eval(AXE);
    for (const width of WIDTHS) {
        frame.style.width = `${width}px`;
        await settled(view);
        const root = view.document.documentElement;
        if (root.scrollWidth > width) {
            problems.push(`${name} at ${width}: ${root.scrollWidth} px wide`);
        }
        const { violations } = await view.axe.run(view.document, { resultTypes: ["violations"] });
        for (const one of violations) {
            const where = one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ");
            problems.push(`${name} at ${width}: ${one.id}: ${where}`);
        }
        looked += 1;
    }
}
if (looked !== PAGES.length * WIDTHS.length) {
    problems.push(`looked at ${looked} of ${PAGES.length * WIDTHS.length}`);
}
if (problems.length) {
    console.error(problems.join("\\n"));
} else {
    console.log("test successful");
}
"""


@tagged("post_install", "-at_install")
class TestAccessibility(ShowcaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGUAGES:
            cls.env["res.lang"]._activate_lang(lang)
            user = new_test_user(cls.env, f"page_{lang}", groups="base.group_portal", lang=lang)
            user.partner_id.parent_id = cls.customer

    def test_every_health_is_shown(self):
        found = {health: service.service_health for health, service in self.services.items()}
        self.assertEqual(found, {health: health for health in self.services})
        self.assertEqual(self.cancelled.service_health, "cancelled")

    def _pages(self):
        """Return the pages to look at, ``[(name, address)]``."""
        states = [(health, f"/my/service/{one.id}") for health, one in self.services.items()]
        step = self.services["waiting_customer"].service_step_ids
        delay = self.services["late"].service_delay_ids
        return [
            *states,
            ("list", "/my/services"),
            *((f"step {one.kind}", self._step_url(one, one.project_id)) for one in step),
            ("delay", f"/my/service/{delay.project_id.id}/delay/{delay.id}/answer"),
        ]

    def _audit(self, lang):
        axe = modules(Layout.from_environment()) / "node_modules" / "axe-core" / "axe.min.js"
        values = {"AXE": axe.read_text(), "PAGES": self._pages(), "WIDTHS": WIDTHS}
        constants = "".join(f"const {name} = {json.dumps(it)};\n" for name, it in values.items())
        code = f"(async () => {{ let looked = 0;\n{constants}{AUDIT} }})()"
        self.browser_js("/my/services", code, login=f"page_{lang}", timeout=180)

    def test_english(self):
        self._audit("en_US")

    def test_persian(self):
        self._audit("fa_IR")

    def test_hungarian(self):
        self._audit("hu_HU")

    def test_kazakh(self):
        self._audit("kk_KZ")
