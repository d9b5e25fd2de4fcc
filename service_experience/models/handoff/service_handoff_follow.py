# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What becomes of an accepted handoff: the first action, the end of the overlap, the way back."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .service_handoff import ACCEPTED_STATES

_logger = logging.getLogger(__name__)
BATCH = 200


class ServiceHandoff(models.Model):
    _inherit = "service.handoff"

    _accepted_idx = models.Index("(accepted_at) WHERE state = 'accepted'")
    _return_idx = models.Index("(return_on) WHERE temporary AND state IN ('accepted', 'closed')")
    _way_back_uniq = models.UniqueIndex(
        "(way_back_of_id) WHERE way_back_of_id IS NOT NULL",
        "The way back of this handoff is prepared already: open it.",
    )

    def action_first_action(self):
        """Note that the receiver has begun."""
        self._check_from("accepted")
        self._check_role("receiver")
        self.filtered(lambda one: not one.first_action_at)._set(
            first_action_at=fields.Datetime.now()
        )

    def action_close(self):
        """End an accepted handoff: the work has begun, and the sender is not needed any more."""
        self._check_from("accepted")
        self._check_role("receiver")
        now = fields.Datetime.now()
        for handoff in self:
            if not handoff.first_action_at:
                raise UserError(
                    self.env._("Note your first action on %(name)s first.", name=handoff.name)
                )
            if handoff.overlap_until and handoff.overlap_until > now:
                raise UserError(
                    self.env._(
                        "%(person)s still answers questions about %(name)s: close it when the "
                        "overlap is over.",
                        person=handoff.from_user_id.name or handoff.from_system,
                        name=handoff.name,
                    )
                )
        self._go("closed", closed_at=now)

    @api.model
    def _cron_follow(self):
        """Follow what was accepted, in batches; safe to run twice at once."""
        now = fields.Datetime.now()
        self._note_first_actions()
        self.env["ir.cron"]._commit_progress()
        self._close_finished(now)
        self.env["ir.cron"]._commit_progress()
        self._begin_ways_back(now)

    @api.model
    def _note_first_actions(self):
        """Note the first thing that receivers wrote or did since they accepted."""
        for handoff_id, at in self.env.execute_query(self._get_first_actions()):
            handoff = self.browse(handoff_id).try_lock_for_update()
            handoff._set(first_action_at=at)

    @api.model
    def _get_first_actions(self):
        """Return the query of the first actions of accepted handoffs that have none yet.

        An action is a message or note of the receiver, the introduction excepted, or a step they
        asked for or finished.
        """
        return SQL(
            """
            WITH subject AS (
                SELECT handoff.id, handoff.accepted_at, handoff.accepted_by_id,
                       receiver.partner_id, task.id AS task_id, project.id AS project_id
                  FROM service_handoff handoff
                  JOIN res_users receiver ON receiver.id = handoff.accepted_by_id
             LEFT JOIN project_task_service_handoff_rel rel
                    ON rel.service_handoff_id = handoff.id AND handoff.is_whole IS NOT TRUE
             LEFT JOIN project_project project
                    ON project.id = handoff.project_id AND handoff.is_whole
             LEFT JOIN project_task task
                    ON task.id = rel.project_task_id OR task.project_id = project.id
                 WHERE handoff.state = 'accepted' AND handoff.first_action_at IS NULL
            ),
            action AS (
                SELECT subject.id, message.date AS at
                  FROM subject
                  JOIN mail_message message
                    ON message.author_id = subject.partner_id
                   AND message.date >= subject.accepted_at
                   AND message.message_type IN ('comment', 'email')
                   AND (
                       (message.model = 'project.task' AND message.res_id = subject.task_id)
                       OR (message.model = 'project.project'
                           AND message.res_id = subject.project_id)
                   )
                 WHERE NOT EXISTS (
                       SELECT 1 FROM service_timeline_entry entry
                        WHERE entry.message_id = message.id AND entry.type = 'handoff'
                 )
             UNION ALL
                SELECT subject.id, deed.at
                  FROM subject
                  JOIN service_step step
                    ON step.owner_user_id = subject.accepted_by_id
                   AND (step.task_id = subject.task_id OR step.project_id = subject.project_id)
            CROSS JOIN LATERAL (VALUES (step.requested_at), (step.accepted_at)) deed (at)
                 WHERE deed.at >= subject.accepted_at
            )
            SELECT id, MIN(at) FROM action GROUP BY id ORDER BY MIN(at) LIMIT %s
            """,
            BATCH,
        )

    @api.model
    def _close_finished(self, now):
        is_over = Domain("overlap_until", "=", False) | Domain("overlap_until", "<=", now)
        is_begun = Domain("first_action_at", "!=", False)
        finished = self.search(Domain("state", "=", "accepted") & is_over & is_begun, limit=BATCH)
        finished.try_lock_for_update()._go("closed", closed_at=now)

    # The way back

    @api.model
    def _begin_ways_back(self, now):
        """Draft the ways back of temporary handoffs, one working day before they are due."""
        due = self.search(self._get_returning_domain(now), order="return_on, id", limit=BATCH)
        for handoff in due:
            if handoff._get_way_back_day() <= handoff.project_id._service_today(now):
                handoff._try_way_back()
            self.env["ir.cron"]._commit_progress()

    def _try_way_back(self):
        """Draft one way back; what holds it up holds up no other."""
        try:
            with self.env.cr.savepoint():
                self._begin_way_back()
        except Exception:
            _logger.warning("The way back of handoff %s could not begin", self.id, exc_info=True)

    @api.model
    def _get_returning_domain(self, now):
        # No pause between two working days is longer than that, holidays included.
        horizon = fields.Date.add(now.date(), days=15)
        # A way back that was cancelled is not begun again.
        ways_back = self._search([("way_back_of_id", "!=", False)])
        has_work = Domain("is_whole", "=", True) | Domain("task_ids.is_closed", "=", False)
        return (
            Domain("temporary", "=", True)
            & Domain("state", "in", ACCEPTED_STATES)
            & Domain("return_on", "<=", horizon)
            & Domain("id", "not in", ways_back.subselect("way_back_of_id"))
            & has_work
        )

    def _get_way_back_day(self):
        """Return the last working day before the work comes back."""
        midnight = self.project_id._service_midnight(self.return_on)
        last_open = self._get_working_time().before(midnight, 1)
        return self.project_id._service_today(last_open) if last_open else self.return_on

    def _begin_way_back(self):
        """Draft the handoff by which the work returns to its sender."""
        back = self._begin(
            self.env["service.handoff.type"]._get_by_code("person", self.company_id)
            or self.type_id,
            self.project_id,
            self.task_ids.filtered(lambda task: not task.is_closed),
            self.accountable_user_id,
            from_team_id=self.to_team_id.id,
            to_user_id=self.from_user_id.filtered("active").id,
            to_team_id=self.from_team_id.id,
            way_back_of_id=self.id,
            temporary=False,
        )
        back.message_post(
            body=self.env._("The way back of %(name)s.", name=self.name),
            subtype_xmlid="mail.mt_note",
        )
