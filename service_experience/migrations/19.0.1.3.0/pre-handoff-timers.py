# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Timers may measure handoffs, without a request and a policy: their rules ask for both.

Rules are not updated by themselves. The former ones are removed, and the update adds the new ones.
"""

from odoo.tools import SQL

RULES = [
    "service_sla_timer_rule_company",
    "service_sla_timer_rule_user",
    "service_sla_segment_rule_timer",
    "service_sla_segment_rule_user",
    "service_sla_event_rule_timer",
    "service_sla_event_rule_user",
    "service_sla_report_rule_user",
]


def migrate(cr, version):
    cr.execute("ALTER TABLE service_sla_timer ALTER COLUMN task_id DROP NOT NULL")
    cr.execute("ALTER TABLE service_sla_timer ALTER COLUMN policy_id DROP NOT NULL")
    cr.execute(
        SQL(
            """DELETE FROM ir_rule
                WHERE id IN (SELECT res_id
                               FROM ir_model_data
                              WHERE module = 'service_experience'
                                AND model = 'ir.rule'
                                AND name = ANY(%s))""",
            RULES,
        )
    )
    cr.execute(
        SQL(
            """DELETE FROM ir_model_data
                WHERE module = 'service_experience' AND model = 'ir.rule' AND name = ANY(%s)""",
            RULES,
        )
    )
