# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .engine.facts import Fact


class ProjectTask(models.Model):
    """What the database knows of a request's past, as facts for its timers."""

    _inherit = "project.task"

    def _get_sla_waits(self):
        """Return what holds these requests or held them, the oldest first.

        :return: ``{task id: [(from, to or None, Hold), ...]}``
        """
        return {}

    def _get_sla_history(self):
        """Return the facts of these requests that the database knows, the oldest first.

        Closed times of the past are not among them: a request that was opened again counts as
        if it had never been closed.

        :return: ``{task id: [Fact, ...]}``
        """
        history = {task.id: [] for task in self}
        for fact in self._get_sla_messages():
            history[fact.value[0]].append(Fact(fact.at, fact.kind, fact.value[1], fact.user_id))
        moves = self._get_sla_moves()
        for task in self:
            facts = history[task.id]
            facts += [Fact(at, "staged", stage_id) for at, _old_id, stage_id in moves[task.id]]
            first_id = moves[task.id][0][1] if moves[task.id] else task.stage_id.id
            created_at = task.create_date.replace(microsecond=0)
            facts.append(Fact(created_at, "created", (first_id, False), task.create_uid.id))
            facts.sort(key=lambda fact: fact.order)
        return history

    def _get_sla_messages(self):
        """Yield the facts of the messages, each with the pair of task and message as its value."""
        domain = Domain("model", "=", self._name) & Domain("res_id", "in", self.ids)
        messages = self.env["mail.message"].search_fetch(
            domain & self._get_sla_message_domain(), ["res_id", "date", "author_id"], order="date"
        )
        for message in messages:
            task = self.browse(message.res_id)
            kind = task._get_sla_message_kind(message)
            yield Fact(message.date, kind, (task.id, message.id), message.create_uid.id)

    def _get_sla_moves(self):
        """Return ``{task id: [(at, stage before, stage after), ...]}`` as Odoo tracked them."""
        moves = {task.id: [] for task in self}
        for task_id, *move in self._get_tracked("stage_id"):
            moves[task_id].append(tuple(move))
        return moves

    def _get_closings(self):
        """Return ``{task id: at}``: when the state was changed last, as Odoo tracked it.

        Of a request that is done, this is when it was done.
        """
        return {task_id: at for task_id, at, *_values in self._get_tracked("state")}

    def _get_tracked(self, name):
        """Return the tracked changes of a field, the oldest first, in one query.

        :return: ``[(task id, at, integer before, integer after), ...]``; of other fields than
            numbers and many2one only the moment counts
        """
        self.env["mail.message"].flush_model(["model", "res_id", "date"])
        self.env["mail.tracking.value"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT message.res_id, message.date,
                          COALESCE(value.old_value_integer, 0),
                          COALESCE(value.new_value_integer, 0)
                     FROM mail_tracking_value value
                     JOIN mail_message message ON message.id = value.mail_message_id
                    WHERE value.field_id = %s
                      AND message.model = %s
                      AND message.res_id = ANY(%s)
                 ORDER BY value.id""",
                self.env["ir.model.fields"]._get(self._name, name).id,
                self._name,
                self.ids,
            )
        )
