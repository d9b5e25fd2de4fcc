# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Where the detection looks: at what has changed, and at what falls due."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
_NOTED = "service_experience.delay.noted"


class ServiceDelayChange(models.Model):
    """A request or service that has changed and was not looked at since.

    Rows are only added by those who change something, so that nobody waits for anybody; the job
    takes them away. A request may be in it several times.
    """

    _name = "service.delay.change"
    _description = "Change to Look At"
    _log_access = False

    task_id = fields.Many2one("project.task", index="btree_not_null", ondelete="cascade")
    project_id = fields.Many2one("project.project", index="btree_not_null", ondelete="cascade")

    @api.model
    def _note(self, records, with_requests=False):
        """Remember requests, or services, to look at; written once, before the commit.

        :param records: ``project.task`` or ``project.project``
        :param with_requests: for services: also all their open requests
        """
        ids = [record_id for record_id in records._ids if record_id]  # no drafts of a form
        if not ids:
            return
        precommit = self.env.cr.precommit
        if _NOTED not in precommit.data:
            precommit.add(self._write_noted)
        noted = precommit.data.setdefault(_NOTED, {})
        noted.setdefault(records._name, set()).update(ids)
        if with_requests:
            noted.setdefault("requests", set()).update(ids)

    @api.model
    def _write_noted(self):
        noted = self.env.cr.precommit.data.pop(_NOTED, {})
        if not noted:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                names = ("project.task", "project.project", "requests")
                self._add(*(noted.get(name, ()) for name in names))
        except Exception:
            # Not the user's business: their change is kept, and the next one is noted again.
            _logger.warning("Changes of %s could not be noted", noted, exc_info=True)

    @api.model
    def _add(self, task_ids, project_ids, whole_ids=()):
        """Put requests and services in the queue; those that are gone are left out.

        :param whole_ids: services of which all open requests are put in it, too
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_delay_change (task_id, project_id)
                   SELECT id, NULL FROM project_task
                    WHERE id = ANY(%s) AND project_id IS NOT NULL
                UNION ALL
                   SELECT NULL, id FROM project_project WHERE id = ANY(%s)
                UNION ALL
                   SELECT id, NULL FROM project_task
                    WHERE project_id = ANY(%s) AND active
                          AND state NOT IN ('1_done', '1_canceled')""",
                list(task_ids),
                list(project_ids),
                list(whole_ids),
            )
        )

    @api.model
    @api.private
    def add_history(self):
        """Put all open services, and the requests of the last two years, in the queue."""
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO service_delay_change (task_id, project_id)
               SELECT id, NULL FROM project_task
                WHERE project_id IS NOT NULL AND active
                      AND (state NOT IN ('1_done', '1_canceled')
                           OR date_last_stage_update > now() - interval '2 years')
            UNION ALL
               SELECT NULL, id FROM project_project WHERE active AND is_template IS NOT TRUE"""
        )

    @api.model
    def _take(self, limit):
        """Take the oldest changes out of the queue; those that another run takes are left to it.

        :return: ids of requests, ids of services
        """
        rows = self.env.execute_query(
            SQL(
                # ARRAY: a plain subquery may be run for each row, and finds other rows each time.
                """DELETE FROM service_delay_change
                    WHERE id = ANY(ARRAY(SELECT id FROM service_delay_change
                                       ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING task_id, project_id""",
                limit,
            )
        )
        return {task for task, _project in rows if task}, {one for _task, one in rows if one}


class ServiceDelayWatch(models.Model):
    """When a request or service is looked at next, because something will fall due then.

    Written by the detection only.
    """

    _name = "service.delay.watch"
    _description = "Next Look"
    _log_access = False

    task_id = fields.Many2one("project.task", ondelete="cascade")
    project_id = fields.Many2one("project.project", ondelete="cascade")
    look_at = fields.Datetime(required=True, index=True)

    _task_uniq = models.UniqueIndex("(task_id) WHERE task_id IS NOT NULL")
    _project_uniq = models.UniqueIndex("(project_id) WHERE project_id IS NOT NULL")

    @api.model
    def _take_due(self, now, limit):
        """Lock what is due to be looked at; what another run holds is left to it.

        :return: ids of requests, ids of services
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT task_id, project_id FROM service_delay_watch
                    WHERE look_at <= %s ORDER BY look_at, id LIMIT %s
                      FOR UPDATE SKIP LOCKED""",
                now,
                limit,
            )
        )
        return {task for task, _project in rows if task}, {one for _task, one in rows if one}

    @api.model
    def _set_looks(self, places, looks):
        """Set when these places are looked at next; those without a moment are left alone.

        :param looks: ``{id: naive UTC}``
        """
        column = SQL.identifier("task_id" if places._name == "project.task" else "project_id")
        idle = [place_id for place_id in places.ids if not looks.get(place_id)]
        self.env.cr.execute(SQL("DELETE FROM service_delay_watch WHERE %s = ANY(%s)", column, idle))
        rows = sorted((place_id, at) for place_id, at in looks.items() if at)
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_delay_watch (%(column)s, look_at)
                   SELECT * FROM unnest(%(ids)s::int[], %(moments)s::timestamp[])
              ON CONFLICT (%(column)s) WHERE %(column)s IS NOT NULL
                DO UPDATE SET look_at = EXCLUDED.look_at""",
                column=column,
                ids=[place_id for place_id, _at in rows],
                moments=[at for _place_id, at in rows],
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _get_next_look(self):
        return self.search([], order="look_at", limit=1).look_at
