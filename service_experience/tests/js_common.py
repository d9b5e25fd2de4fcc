# Part of Service Experience. See LICENSE file for full copyright and licensing details.

import logging
import re
from contextlib import contextmanager
from urllib.parse import urlencode

from odoo.tests import HttpCase
from odoo.tools.misc import file_path

from odoo.addons.web.tests.test_js import unit_test_error_checker

# A file of `mail` that some packages of Odoo leave out; without it no suite starts.
OPTIONAL_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def hoot_id(name):
    """Return the id HOOT gives to the suite or test called `name`."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


class MessageCollector(logging.Handler):
    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


class HootCase(HttpCase):
    """Run the HOOT tests of one addon, and only these, in a browser."""

    def setUp(self):
        super().setUp()
        self._drop_missing_asset()

    def _drop_missing_asset(self):
        try:
            file_path(OPTIONAL_ASSET)
        except FileNotFoundError:
            self.env["ir.asset"].create(
                {
                    "name": "Service Experience: file that is not shipped",
                    "bundle": "web.assets_unit_tests_setup",
                    "directive": "remove",
                    "path": OPTIONAL_ASSET,
                }
            )

    @contextmanager
    def _browser_messages(self):
        collector = MessageCollector()
        logger = self._logger.getChild("browser")
        logger.addHandler(collector)
        try:
            yield collector.messages
        finally:
            logger.removeHandler(collector)

    def _run_suite(self, suite, preset="desktop"):
        """Run a suite and return how many of its tests passed."""
        params = {"preset": preset, "loglevel": 2, "timeout": 15000, "id": hoot_id(suite)}
        with self._browser_messages() as messages:
            self.browser_js(
                f"/web/tests?headless&{urlencode(params)}",
                code="",
                login="admin",
                timeout=300,
                success_signal="[HOOT] Test suite succeeded",
                error_checker=unit_test_error_checker,
            )
        passed = re.search(rf'"{suite}" ended \(passed: (\d+)', "\n".join(messages))
        return int(passed[1]) if passed else 0
