# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Look for delays in what is there, and learn from what was finished."""

from odoo import SUPERUSER_ID
from odoo.api import Environment


def migrate(cr, _version):
    Environment(cr, SUPERUSER_ID, {})["service.delay.change"].add_history()
