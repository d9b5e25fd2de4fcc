"""Every state of the customer's page in four languages and three widths, looked at by axe-core."""

import json

from rich_service import STAFF, RichServiceCase

from odoo.tests import new_test_user, tagged

from odoo.addons.service_experience_portal.controllers.guess_limit import LIMIT

from devtools.layout import ADDONS, Layout
from devtools.node_tools import modules

WIDTHS = (320, 768, 1280)
# Steps that are refused when they are sent empty.
REFUSED = ("upload", "answer", "approve")
LANGUAGES = ("en_US", "fa_IR", "hu_HU", "kk_KZ")
# A page may be the answer to a form: the button to press is the third of its values.
AUDIT = """
const frame = document.createElement("iframe");
frame.style.cssText = "position:absolute;inset:0 auto auto 0;border:0;height:900px";
document.body.replaceChildren(frame);
const settled = (view) =>
    new Promise((done) => view.requestAnimationFrame(() => view.setTimeout(done, 50)));
const problems = [];
const load = (act) => new Promise((done) => { frame.onload = done; act(); });
for (const [name, url, button] of PAGES) {
    await load(() => { frame.src = url; });
    if (button) {
        const pressed = frame.contentDocument.querySelector(button);
        if (!pressed) {
            problems.push(`${name}: no ${button} at ${url}`);
            continue;
        }
        pressed.form.noValidate = true;
        await load(() => pressed.click());
    }
    const view = frame.contentWindow;
    if (!view.document.querySelector(".o_service_page")) {
        problems.push(`${name}: no page at ${url}`);
        continue;
    }
    const spoken = view.document.querySelector(".o_service_page").lang;
    if (LANG && spoken !== LANG) {
        problems.push(`${name}: in ${spoken}`);
    }
    view.eval(AXE);
    for (const width of WIDTHS) {
        frame.style.width = `${width}px`;
        await settled(view);
        const root = view.document.documentElement;
        if (root.scrollWidth > width) {
            problems.push(`${name} at ${width}: ${root.scrollWidth} px wide`);
        }
        const options = { resultTypes: ["violations"], preload: false };
        const { violations } = await view.axe.run(view.document, options);
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
class TestAccessibility(RichServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        LIMIT.clear()
        cls.addClassCleanup(LIMIT.clear)
        addons = cls.env["ir.module.module"].search([("name", "in", ADDONS)])
        for lang in LANGUAGES:
            cls.env["res.lang"]._activate_lang(lang)
            addons._update_translations([lang])
            user = new_test_user(cls.env, f"page_{lang}", groups="base.group_portal")
            user.partner_id.parent_id = cls.customer  # whose language they take over
            user.lang = lang
            new_test_user(cls.env, f"page_staff_{lang}", groups=STAFF, lang=lang)

    def test_every_health_is_shown(self):
        found = {health: service.service_health for health, service in self.services.items()}
        self.assertEqual(found, {health: health for health in self.services})
        self.assertEqual(self.cancelled.service_health, "cancelled")

    def _states(self):
        """Return the pages of all states, ``[(name, address, button to press)]``."""
        states = [(health, f"/my/service/{one.id}") for health, one in self.services.items()]
        cancelled = f"/my/service/{self.services['on_track'].id}/request/{self.cancelled.id}"
        return [*states, ("cancelled", cancelled), ("list", "/my/services")]

    def _templates(self):
        """Return one page of each other template."""
        rich = f"/my/service/{self.rich.id}"
        return [
            ("rich", rich),
            ("step", f"{rich}/step/{self.steps['upload'].id}"),
            ("delay", f"{rich}/delay/{self.open_delay.id}/answer"),
            ("messages", f"{rich}/messages"),
            ("fact", f"{rich}/facts/{self.fact.id}"),
            ("preferences", f"{rich}/preferences"),
            ("whole list", f"{rich}/all/promises"),
        ]

    def _more(self):
        """Return the other pages, and the answers to what cannot be taken."""
        rich = f"/my/service/{self.rich.id}"
        send = ".o_service_step_form button[type=submit].o_service_page_button"
        asked = ".o_service_question button"
        lists = ("requests", "facts", "documents", "timeline")
        step, delay = (f"{rich}/step/", f"{rich}/delay/{self.open_delay.id}/answer")
        return [
            *((f"all {name}", f"{rich}/all/{name}") for name in lists),
            *((f"step {kind}", f"{step}{one.id}") for kind, one in self.steps.items()),
            *((f"step {kind} 422", f"{step}{self.steps[kind].id}", send) for kind in REFUSED),
            *((f"request {key}", f"{rich}/request/{it.id}") for key, it in self.requests.items()),
            ("delay 422", delay, "button[value=question]"),
            *((f"delay {one.id}", self._delay_url(one)) for one in self._get_delays()),
            ("fact 422", f"{rich}/facts/{self.fact.id}", send),
            ("question 422", rich, asked),
            ("message 422", f"{rich}/messages", asked),
        ]

    def _delay_url(self, delay):
        return f"/my/service/{self.rich.id}/delay/{delay.id}/answer"

    def _linked(self, lang):
        """Return what somebody sees who came by a link: the service is not of their company."""
        person = self.env["res.partner"].create(
            {"name": "Guest", "lang": lang, "email": "guest@hotel.example"}
        )
        service = self._create_service("late")
        service.partner_id = person
        self._ask_for_answers(service)
        path = f"/my/service/{service.id}"
        links = self.env["service.portal.link"]
        act, read = (links._make(service, person, path, scope) for scope in ("act", "read"))
        step = f"{path}/step/{self._get_asked(service)[:1].id}"
        return [
            ("link to read", f"/s/{read}"),
            ("step by a link to read", step),
            ("link to act", f"/s/{act}"),
            ("step by a link", step),
            ("confirm", f"{path}/confirm"),
            ("confirm 422", f"{path}/confirm", "form[action$='/confirm'] button"),
            ("code", f"{path}/confirm", "form[action$='/code'] button"),
            ("ended link", f"/s/{'x' * 43}"),
            ("renewed link", f"/s/{'x' * 43}", "form[action='/s/renew'] button"),
        ]

    def _audit(self, login, pages, lang=None):
        """Look at all pages; those of a customer must be in their language."""
        axe = modules(Layout.from_environment()) / "node_modules" / "axe-core" / "axe.min.js"
        values = {"AXE": axe.read_text(), "PAGES": pages, "WIDTHS": WIDTHS}
        values["LANG"] = lang and lang.replace("_", "-")
        constants = "".join(f"const {name} = {json.dumps(it)};\n" for name, it in values.items())
        code = f"(async () => {{ let looked = 0;\n{constants}{AUDIT} }})()"
        self.browser_js("/my/services", code, login=login, timeout=180)

    def _audit_all(self, lang):
        pages = [*self._states(), *self._templates(), *self._more(), *self._linked(lang)]
        self._audit(f"page_{lang}", pages, lang)
        self._audit(f"page_staff_{lang}", self._templates()[:-1])

    def _audit_some(self, lang):
        names = ("link to act", "confirm", "ended link")
        pages = [page for page in self._linked(lang) if page[0] in names]
        self._audit(f"page_{lang}", [*self._states(), *self._templates(), *pages], lang)

    def test_english(self):
        self._audit_all("en_US")

    def test_persian(self):
        self._audit_all("fa_IR")

    def test_hungarian(self):
        self._audit_some("hu_HU")

    def test_kazakh(self):
        self._audit_some("kk_KZ")
