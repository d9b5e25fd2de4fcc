"""What every other test here relies on: both addons are installed, and a browser runs."""

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestEnvironment(HttpCase):
    def test_both_addons_are_installed(self):
        names = ["service_experience", "service_experience_portal"]
        modules = self.env["ir.module.module"].search([("name", "in", names)])
        self.assertEqual(modules.mapped("state"), ["installed", "installed"])

    def test_a_real_browser_runs_a_page(self):
        script = (
            "console.log(document.querySelector('form.oe_login_form') ? 'test successful' : 'x')"
        )
        self.browser_js("/web/login", script)
