# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import no_retry, tagged

from .js_common import HootCase


@tagged("post_install", "-at_install")
class TestServiceExperienceJs(HootCase):
    @no_retry
    def test_desktop(self):
        # HOOT calls a run without any test a success.
        self.assertGreater(self._run_suite("@service_experience"), 0, "No test of this addon ran")

    def test_styles_compile(self):
        # One wrong line leaves the whole back office without styles, and HOOT does not mind.
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.assets_backend", js=False)
        bundle.preprocess_css()
        self.assertFalse(bundle.css_errors)
