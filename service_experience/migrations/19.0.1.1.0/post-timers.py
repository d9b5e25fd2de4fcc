# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Timers carry a copy of what their target says, what has fired, and why they ended."""

import json

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every

from odoo.addons.service_experience.models.clock.engine.ledger import Ledger

BATCH = 1000


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """
        UPDATE service_sla_timer AS timer
           SET fired = '["warning"]'
          FROM service_sla_event AS event
         WHERE event.timer_id = timer.id AND event.kind = 'warned' AND timer.fired IS NULL
        """
    )
    cr.execute(
        """
        UPDATE service_sla_timer AS timer
           SET stop_cause = event.cause
          FROM service_sla_event AS event
         WHERE event.timer_id = timer.id AND event.kind = 'cancelled' AND timer.stop_cause IS NULL
           AND timer.state = 'cancelled'
        """
    )
    _copy_rules(env)
    _renew_running(env)


def _copy_rules(env):
    for target in env["service.sla.target"].with_context(active_test=False).search([]):
        rules = json.dumps(target._get_rules().to_json())
        env.cr.execute(
            SQL(
                "UPDATE service_sla_timer SET rules = %s WHERE target_id = %s AND rules IS NULL",
                rules,
                target.id,
            )
        )


def _renew_running(env):
    """Write the columns that are new, and when somebody has to look next, for what runs."""
    timers = env["service.sla.timer"].search([("state", "=", "running"), ("warn_at", "=", False)])
    for ids in split_every(BATCH, timers.ids):
        ledger = Ledger(env)
        for draft in ledger.take(timers.browse(ids)):
            draft.is_changed = True
        ledger.save()
