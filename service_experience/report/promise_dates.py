# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The dates of our promises as the reports about them read them, in SQL."""

from odoo.tools import SQL

# What this reads, for the ``_depends`` of the reports that build on it.
DEPENDS = {
    "service.commitment": [
        "broken_at",
        "company_id",
        "customer_visible",
        "direction",
        "kept_at",
        "partner_id",
        "project_id",
        "state",
        "task_id",
    ],
    "service.commitment.revision": [
        "acknowledgement",
        "commitment_id",
        "confidence",
        "date_to",
        "delay_id",
        "is_original",
        "known_by",
        "sequence",
        "set_at",
        "told_at",
    ],
    "project.project": ["company_id", "partner_id", "service_team_id"],
    "project.task": ["service_team_id"],
    "res.company": ["resource_calendar_id"],
    "res.partner": ["commercial_partner_id", "tz"],
    "resource.calendar": ["tz"],
}


def get_dates(company):
    """Return a query for the dates of our promises that a customer sees, from the first one told.

    Besides what a date says of itself, a row has

    - ``last_day`` and ``end_at``: its last day, or that by which it is told, and the end of it;
    - ``before_day``, ``before_end`` and ``before_confidence``: the same of the date before it;
    - ``later_day``: the latest day that it was replaced with;
    - ``is_move``: whether the promise was moved to a later day by it, or to one not known yet;
    - ``is_told``: whether the customer was told, or the message to them has left.

    :param company: the company whose hours count for services without a company
    """
    return SQL(
        """
        SELECT
            day.*,
            %(end)s AS end_at,
            %(before_end)s AS before_end,
            (
                day.before_day IS NOT NULL
                AND (
                    day.last_day > day.before_day
                    OR (day.date_to IS NULL AND day.before_to IS NOT NULL)
                )
                -- The first date of a promise whose date was still to be told moves nothing.
                AND (
                    day.date_to IS NULL
                    OR day.earlier_to IS NOT NULL
                    OR day.delay_id IS NOT NULL
                )
            ) AS is_move,
            (day.told_at IS NOT NULL OR day.delay_id IS NOT NULL) AS is_told
        FROM (%(days)s) day
        """,
        end=_get_end_of(SQL("day.last_day")),
        before_end=_get_end_of(SQL("day.before_day")),
        days=_get_days(company),
    )


def _get_end_of(day):
    """Return the end of a day of the service as naive UTC, as ``_service_end_of`` does."""
    return SQL("(%s + 1)::timestamp AT TIME ZONE day.zone AT TIME ZONE 'UTC'", day)


def _get_days(company):
    """Return each date with its neighbours, and the time zone its days are counted in."""
    return SQL(
        """
        SELECT
            revision.id,
            revision.commitment_id,
            revision.sequence,
            revision.delay_id,
            revision.confidence,
            revision.set_at,
            revision.told_at,
            revision.acknowledgement,
            revision.date_to,
            COALESCE(revision.date_to, revision.known_by) AS last_day,
            LAG(COALESCE(revision.date_to, revision.known_by)) OVER dates AS before_day,
            LAG(revision.date_to) OVER dates AS before_to,
            LAG(revision.confidence) OVER dates AS before_confidence,
            MAX(revision.date_to) OVER (
                dates ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS earlier_to,
            MAX(COALESCE(revision.date_to, revision.known_by)) OVER (
                dates ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ) AS later_day,
            %(columns)s
        FROM service_commitment_revision revision
        JOIN service_commitment_revision first
            ON first.commitment_id = revision.commitment_id
            AND first.is_original
            AND first.sequence <= revision.sequence
        %(joins)s
        WINDOW dates AS (PARTITION BY revision.commitment_id ORDER BY revision.sequence)
        """,
        columns=_get_columns(),
        joins=_get_joins(company),
    )


def _get_columns():
    return SQL(
        """
            promise.state,
            promise.kept_at,
            promise.broken_at,
            promise.project_id,
            promise.task_id,
            promise.company_id,
            customer.commercial_partner_id AS partner_id,
            COALESCE(task.service_team_id, project.service_team_id) AS team_id,
            COALESCE(
                NULLIF(contact.tz, ''), NULLIF(employer.tz, ''), NULLIF(calendar.tz, ''), 'UTC'
            ) AS zone
        """
    )


def _get_joins(company):
    return SQL(
        """
        JOIN service_commitment promise
            ON promise.id = revision.commitment_id
            AND promise.direction = 'ours'
            AND promise.customer_visible
        JOIN res_partner customer ON customer.id = promise.partner_id
        JOIN project_project project ON project.id = promise.project_id
        LEFT JOIN project_task task ON task.id = promise.task_id
        LEFT JOIN res_partner contact ON contact.id = project.partner_id
        LEFT JOIN res_partner employer ON employer.id = contact.commercial_partner_id
        LEFT JOIN res_company company ON company.id = COALESCE(project.company_id, %(company)s)
        LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
        """,
        company=company.id,
    )
