# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Facts that wait for their timers were columns; now they are one list in their order."""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not column_exists(cr, "service_sla_backlog", "created_at"):
        return
    cr.execute("ALTER TABLE service_sla_backlog ADD COLUMN IF NOT EXISTS facts jsonb")
    cr.execute(
        """
        UPDATE service_sla_backlog AS backlog
           SET facts = (
               SELECT jsonb_agg(
                          jsonb_build_array(
                              to_char(fact.at, 'YYYY-MM-DD HH24:MI:SS'),
                              fact.kind,
                              fact.value,
                              backlog.user_id
                          )
                          ORDER BY fact.at
                      )
                 FROM (VALUES
                     (backlog.created_at, 'created', jsonb_build_array(task.stage_id, false)),
                     (backlog.matched_at, 'matched', NULL),
                     (backlog.responded_at, 'answered', NULL),
                     (backlog.closed_at, 'state', jsonb_build_array(task.state, task.active, false))
                 ) AS fact (at, kind, value)
                WHERE fact.at IS NOT NULL
           )
          FROM project_task AS task
         WHERE task.id = backlog.task_id
        """
    )
    cr.execute("DELETE FROM service_sla_backlog WHERE facts IS NULL")
