# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which records belong to a customer: conditions that are short to say and quick to plan.

A page asks a dozen tables for them. As paths of fields each would join the requests and the
partners once more, and finding the best order of joins takes longer than reading the few rows.
"""

from odoo.fields import Domain
from odoo.tools import SQL


def of_company(company):
    """Return the domain of the records whose partner belongs to a company.

    :param company: commercial partner, with the rights to read it
    """

    def to_sql(model, alias, query):
        return SQL(
            "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id = %s)",
            model._field_to_sql(alias, "partner_id", query),
            company.id or None,
            to_flush=company._fields["commercial_partner_id"],
        )

    def is_theirs(record):
        return bool(company) and record.partner_id.commercial_partner_id == company

    return Domain.custom(to_sql=to_sql, predicate=is_theirs)


def of_service_or(requests):
    """Return the domain of what belongs to a service as a whole, or to one of these requests.

    :param requests: ``Query`` of requests
    """
    return Domain.custom(
        to_sql=lambda model, alias, query: in_service_or(
            requests, model._field_to_sql(alias, "task_id", query)
        )
    )


def in_service_or(requests, task_id):
    """Return the same condition as SQL, where ``task_id`` is the column."""
    return SQL(
        "(%s IS NULL OR EXISTS (SELECT FROM %s WHERE %s = %s AND %s))",
        task_id,
        requests.from_clause,
        SQL.identifier(requests.table, "id"),
        task_id,
        requests.where_clause,
    )
