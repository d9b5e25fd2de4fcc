# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""When the clock of a promise stood still, and for what: it moves the date the customer reads."""

from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

PAUSE_LIMIT = 100


class ProjectTask(models.Model):
    _inherit = "project.task"

    def _service_pauses(self, viewer):
        """Return the pauses of the promises that run for these requests, in one query.

        Only what the customer was asked has words for them; the reasons of other pauses are
        internal.

        :return: ``{task id: [{"label", "since", "until"}, ...]}``; label and until may be None
        """
        for model in ("service.sla.timer", "service.sla.segment", "service.wait", "service.step"):
            self.env[model].flush_model()
        timers = self.env["service.sla.timer"]._search(
            self._service_open_timer_domain() & Domain("task_id", "in", self.ids)
        )
        pauses = defaultdict(list)
        for task_id, since, until, label in self.env.execute_query(
            SQL(
                """SELECT timer.task_id, piece.since, piece.until, step.title
                     FROM service_sla_timer AS timer,
                  LATERAL (SELECT from_at AS since, to_at AS until, wait_id
                             FROM service_sla_segment
                            WHERE timer_id = timer.id AND kind = 'paused'
                        UNION ALL
                           SELECT timer.paused_since, NULL, timer.pause_wait_id
                            WHERE timer.state = 'paused') AS piece
                LEFT JOIN service_wait AS wait ON wait.id = piece.wait_id
                LEFT JOIN res_partner AS partner
                       ON partner.id = wait.partner_id
                      AND partner.commercial_partner_id = %(company)s
                LEFT JOIN service_step AS step
                       ON step.id = wait.step_id AND step.customer_visible
                      AND step.partner_id = partner.id
                    WHERE timer.id IN %(timers)s
                 ORDER BY piece.since, timer.id
                    LIMIT %(limit)s""",
                company=viewer.commercial_partner_id.id or None,
                timers=timers.subselect(),
                limit=PAUSE_LIMIT,
            )
        ):
            pauses[task_id].append({"label": label, "since": since, "until": until})
        return pauses
