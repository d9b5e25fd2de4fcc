# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""The version of a customer's page: raised once by every transaction that changes what it shows."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
_TOUCHED = "service_experience.page.touched"
_RAISED = "service_experience.page.raised"
# What open pages are told, on the channel of their service: that it changed, never what.
CHANGED = "service_experience/changed"
CHANNEL = "service_portal"
# So many services are cleaned up at a time.
GC_BATCH = 1000


class ServicePageVersion(models.Model):
    """How often the page of a service has changed.

    Rows are only added: two people who work on one service at the same time would otherwise fail
    each other's transactions. The version is the sum of the rows, so it grows with every commit,
    in whichever order transactions end; the daily clean-up adds many rows up to one.
    """

    _name = "service.page.version"
    _description = "Version of a Service Page"
    _log_access = False

    # No foreign key: its check fails whoever works on a service that was changed meanwhile.
    service_id = fields.Integer(required=True)
    amount = fields.Integer(required=True)

    _service_idx = models.Index("(service_id, amount)")

    @api.model
    def _touch(self, records):
        """Remember that the pages which show these records change; noted before the commit.

        :param records: of any model with ``service.page.part.mixin``
        """
        ids = [record_id for record_id in records._ids if record_id]  # no drafts of a form
        if not ids:
            return
        precommit = self.env.cr.precommit
        if _TOUCHED not in precommit.data:
            precommit.add(self._raise_touched)
        precommit.data.setdefault(_TOUCHED, {}).setdefault(records._name, set()).update(ids)

    @api.model
    def _raise_touched(self):
        touched = self.env.cr.precommit.data.pop(_TOUCHED, {})
        if not touched:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                versions = self._raise(touched)
        except Exception:
            # Not the user's business: their change is kept, and open pages look again anyway.
            _logger.warning("Changes of %s could not be noted", touched, exc_info=True)
            return
        # What changes whether there is a page at all is told to those who have it open.
        changed = touched.get("project.project", ())
        for project_id, version, is_shown in versions:
            if is_shown or project_id in changed:
                self._tell(project_id, version)

    @api.model
    def _raise(self, touched):
        """Raise the versions of the services that show these records, unless it was done already.

        Hooks run before every savepoint, too, so that they may run often in one transaction. Rows
        that went with a savepoint do not count as done.

        :param touched: ``{model: ids}``
        :return: list of ``(project id, new version, whether a customer can see the page)``
        """
        services = [
            self.env[model]._get_page_services(sorted(ids)) for model, ids in touched.items()
        ]
        done = self.env.cr.postcommit.data.setdefault(_RAISED, [])
        rows = self.env.execute_query(
            SQL(
                """WITH raised AS (
                       INSERT INTO service_page_version (service_id, amount)
                       SELECT id, 1 FROM project_project
                        WHERE id IN (%s)
                              AND id NOT IN (SELECT service_id FROM service_page_version
                                              WHERE id = ANY(%s))
                    RETURNING id, service_id
                   )
                   SELECT raised.id, service.id, 1 + %s,
                          service.customer_visible AND service.partner_id IS NOT NULL
                     FROM raised JOIN project_project AS service ON service.id = service_id""",
                SQL(" UNION ").join(services),
                done,
                self._sum_for(SQL.identifier("service", "id")),
            )
        )
        done.extend(row_id for row_id, *_version in rows)
        return [version for _row_id, *version in rows]

    @api.model
    def _sum_for(self, service_id):
        """Return the expression for the version of the service with this id, also an expression."""
        return SQL(
            """(SELECT COALESCE(SUM(amount), 0)::int
                  FROM service_page_version WHERE service_id = %s)""",
            service_id,
        )

    @api.model
    def _tell(self, project_id, version):
        """Tell open pages that there is something new; what it is they fetch themselves."""
        service = self.env["project.project"].browse(project_id)
        payload = {"id": project_id, "version": version}
        self.env["bus.bus"]._sendone((service, CHANNEL), CHANGED, payload)

    @api.autovacuum
    def _gc_rows(self):
        """Add up the rows of each service, and forget services that are gone.

        Rows that are added meanwhile stay as they are, and so do those at which another job is.
        """
        rows = self.env.execute_query(
            SQL(
                """WITH old AS (
                       DELETE FROM service_page_version
                        WHERE id IN (SELECT id FROM service_page_version
                                      WHERE service_id IN (%s)
                                        FOR UPDATE SKIP LOCKED)
                    RETURNING service_id, amount
                   ), summed AS (
                       INSERT INTO service_page_version (service_id, amount)
                       SELECT service_id, SUM(amount) FROM old
                        WHERE service_id IN (SELECT id FROM project_project)
                     GROUP BY service_id
                   )
                   SELECT COUNT(DISTINCT service_id) FROM old""",
                SQL(
                    """SELECT service_id FROM service_page_version AS version
                     GROUP BY service_id
                       HAVING COUNT(*) > 1 OR NOT EXISTS (
                              SELECT FROM project_project WHERE id = version.service_id)
                     ORDER BY service_id LIMIT %s""",
                    GC_BATCH,
                ),
            )
        )
        done = rows[0][0]
        return done, int(done == GC_BATCH)


class ProjectProject(models.Model):
    _inherit = "project.project"

    service_version = fields.Integer(
        "Version of the Customer Page",
        compute="_compute_service_version",
        compute_sudo=True,
        groups="base.group_user",
        help="It grows with every change that the customer can see.",
    )
    service_epoch = fields.Integer(
        "Epoch of the Customer Links",
        default=1,
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="All links to the customer page that were sent before it was raised are void.",
    )

    def _compute_service_version(self):
        rows = self.env["service.page.version"]._read_group(
            [("service_id", "in", self.ids)], ["service_id"], ["amount:sum"]
        )
        versions = dict(rows)
        for project in self:
            project.service_version = versions.get(project._origin.id, 0)

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        for project_id in ids:
            # Whoever has the page open learns that there is none any more.
            self.env["service.page.version"]._tell(project_id, 0)
        return result
