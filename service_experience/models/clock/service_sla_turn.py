# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.tools import SQL


class ServiceSlaTurn(models.Model):
    """Where two transactions meet that bring facts to the timers of the same request.

    They may touch no common row otherwise: one answers the customer while the other closes the
    request, and each would leave a timer that the other never saw. The second one fails here,
    and its facts wait for their turn in the backlog.
    """

    _name = "service.sla.turn"
    _description = "Turn of a Request's Facts"
    _log_access = False

    task_id = fields.Many2one("project.task", required=True, ondelete="cascade")
    number = fields.Integer(required=True)

    _task_uniq = models.UniqueIndex("(task_id)")

    @api.model
    def _take(self, task_ids):
        """Take the turn of these requests until the end of the transaction.

        :raise SerializationFailure: when another transaction took one since this one began
        """
        # Always in the same order, so that two never wait for each other.
        if ids := sorted(task_ids):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO service_sla_turn (task_id, number)
                       SELECT task.id, 1
                         FROM project_task AS task
                        WHERE task.id = ANY(%s)
                     ORDER BY task.id
                  ON CONFLICT (task_id) DO UPDATE SET number = service_sla_turn.number + 1""",
                    ids,
                )
            )
