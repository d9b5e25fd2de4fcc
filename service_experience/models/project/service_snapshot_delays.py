# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a customer may know about what is late: why, what we do, until when, and their answer."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..delay.service_delay_arrival import OPEN_STATES
from .service_conversation import ASKED_LIMIT, ASKED_WITHIN

TOLD_LIMIT = 60
# What the customer may know of a delay, by the column that holds it.
_COLUMNS = {
    "id": "id",
    "request_id": "task_id",
    "revision_id": "revision_id",
    "state": "state",
    "explanation": "customer_explanation",
    "doing": "doing",
    "means": "means_for_you",
    "old_to": "old_to",
    "from": "new_from",
    "to": "new_to",
    "known_by": "known_by",
    "confidence": "confidence",
    "next_update": "next_update_due",
    "told_at": "communicated_at",
    "sent_at": "sent_at",
    "seen_at": "seen_at",
    "response": "response",
    "response_text": "response_text",
    "responded_at": "responded_at",
}
# What is read to decide, and said in other words.
_INNER = ("state", "request_state", "sent_at", "seen_at", "acknowledgement")


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_told_delays(self, here):
        """Return what the customer was told about what is late, the latest first, in one query.

        What was sent counts: whoever looks at the page reads it there. Those that are over are
        among them, for the history of the dates.

        :return: list of dicts, the whitelist of what they may know
        """
        delays = self.env["service.delay"]
        query = delays._search(
            here & Domain("sent_at", "!=", False), order="sent_at desc, id desc", limit=TOLD_LIMIT
        )
        rows = self.env.execute_query_dict(query.select(*self._service_delay_columns(query)))
        return [_prepare_delay(row) for row in rows]

    def _service_delay_columns(self, query):
        table = self.env["service.delay"]._table

        def joined(model, column, name):
            other = self.env[model]
            alias = query.left_join(table, column, other._table, "id", column)
            return other._field_to_sql(alias, name, query)

        columns = {name: SQL.identifier(table, column) for name, column in _COLUMNS.items()}
        columns |= {
            "name": joined("service.commitment", "commitment_id", "name"),
            "request_state": joined("project.task", "task_id", "state"),
            "reason": joined("service.delay.reason", "reason_id", "customer_label"),
            "option": joined("service.delay.option", "option_id", "name"),
            "acknowledgement": joined(
                "service.commitment.revision", "revision_id", "acknowledgement"
            ),
            "options": SQL(
                """(SELECT json_agg(json_build_object('id', choice.id, 'name', choice.name)
                                    ORDER BY choice.sequence, choice.id)
                      FROM service_delay_option AS choice WHERE choice.delay_id = %s)""",
                SQL.identifier(table, "id"),
            ),
        }
        return [SQL("%s AS %s", column, SQL.identifier(name)) for name, column in columns.items()]

    def _service_told_domain(self):
        return Domain("sent_at", "!=", False) & Domain("commitment_id.customer_visible", "=", True)

    def _service_find_delay(self, viewer, delay_id):
        """Return the delay that ``viewer`` was told of, with all rights; empty if not theirs.

        Also one that is answered or over, so that an old mail leads somewhere.
        """
        # The viewer may read no delays; the domain is the whole answer.
        service_sudo = self.sudo()
        here = service_sudo._service_journey_domain(viewer.sudo())
        return service_sudo.env["service.delay"].search(
            here & self._service_told_domain() & Domain("id", "=", delay_id)
        )

    def _service_delay_page(self, viewer, delay_id):
        """Return what ``viewer`` may know of one delay: what the page of the service shows."""
        service_sudo = self.sudo()  # as above
        here = service_sudo._service_journey_domain(viewer.sudo())
        [delay] = service_sudo._service_told_delays(here & Domain("id", "=", delay_id))
        return delay

    def _service_unseen_delays(self, viewer):
        """Return what was sent to ``viewer`` and was not looked at yet, with all rights."""
        service_sudo = self.sudo()  # as above
        here = service_sudo._service_journey_domain(viewer.sudo())
        return service_sudo.env["service.delay"].search(
            here
            & self._service_told_domain()
            & Domain("state", "in", OPEN_STATES)
            & Domain("seen_at", "=", False)
        )

    def _service_asks_about_dates_too_often(self, viewer):
        """Tell whether the company of ``viewer`` has to wait before its next question about a date.

        As for other questions: each is a task for somebody, and a line of the history for good.
        """
        # The viewer may read no history; only the lines of their company are counted.
        asked = (
            self.env["service.timeline.entry"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "=", viewer.sudo().commercial_partner_id.id),
                    ("key", "=", "delay_asked"),
                    ("occurred_at", ">", fields.Datetime.now() - ASKED_WITHIN),
                ],
                limit=ASKED_LIMIT,
            )
        )
        return asked == ASKED_LIMIT

    def _service_find_promise(self, viewer, commitment_id):
        """Return the promise of ours that ``viewer`` was told of, with all rights; empty if none.

        Also one that was fulfilled or called off, so that an old page leads somewhere.
        """
        service_sudo = self.sudo()  # as above
        here = service_sudo._service_journey_domain(viewer.sudo())
        return service_sudo.env["service.commitment"].search(
            here
            & Domain("id", "=", commitment_id)
            & Domain("direction", "=", "ours")
            & Domain("customer_visible", "=", True)
            & Domain("state", "!=", "draft")
        )


def _prepare_delay(row):
    """Return one delay as plain values; what is empty is None."""
    # What was cancelled takes no longer, also before the detection has closed the delay.
    is_open = row["state"] in OPEN_STATES and row["request_state"] != "1_canceled"
    is_unanswered = row["acknowledgement"] == "none" and row["response"] in ("none", "question")
    return {
        **{name: value for name, value in row.items() if name not in _INNER},
        "told_at": row["told_at"] or row["sent_at"],
        "options": row["options"] or [],
        "is_open": is_open,
        "is_told": bool(row["told_at"]),
        "unseen": is_open and not row["seen_at"],
        "can_answer": is_open and is_unanswered,
    }
