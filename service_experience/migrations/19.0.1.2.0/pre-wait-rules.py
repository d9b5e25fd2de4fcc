# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Waits may belong to a service as a whole: their rules ask the service, not the request.

Rules are not updated by themselves. The former ones are removed, and the update adds the new ones.
"""

from odoo.tools import SQL

RULES = ["service_wait_rule_company", "service_wait_rule_user"]


def migrate(cr, version):
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
