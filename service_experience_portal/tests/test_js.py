# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.tests import no_retry, tagged

from odoo.addons.service_experience.tests.js_common import HootCase


@tagged("post_install", "-at_install")
class TestServiceExperiencePortalJs(HootCase):
    @no_retry
    def test_desktop(self):
        # HOOT calls a run without any test a success.
        passed = self._run_suite("@service_experience_portal")
        self.assertGreater(passed, 0, "No test of this addon ran")
