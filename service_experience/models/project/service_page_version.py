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

    project_id = fields.Many2one("project.project", required=True, ondelete="cascade")
    amount = fields.Integer(required=True)

    _project_idx = models.Index("(project_id, amount)")

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
                       INSERT INTO service_page_version (project_id, amount)
                       SELECT id, 1 FROM project_project
                        WHERE id IN (%s)
                              AND id NOT IN (SELECT project_id FROM service_page_version
                                              WHERE id = ANY(%s))
                    RETURNING id, project_id
                   )
                   SELECT raised.id, service.id, 1 + %s,
                          service.customer_visible AND service.partner_id IS NOT NULL
                     FROM raised JOIN project_project AS service ON service.id = project_id""",
                SQL(" UNION ").join(services),
                done,
                self._sum_for(SQL.identifier("service", "id")),
            )
        )
        done.extend(row_id for row_id, *_version in rows)
        return [version for _row_id, *version in rows]

    @api.model
    def _sum_for(self, project_id):
        """Return the expression for the version of the service with this id, also an expression."""
        return SQL(
            """(SELECT COALESCE(SUM(amount), 0)::int
                  FROM service_page_version WHERE project_id = %s)""",
            project_id,
        )

    @api.model
    def _tell(self, project_id, version):
        """Tell open pages that there is something new; what it is they fetch themselves."""
        service = self.env["project.project"].browse(project_id)
        payload = {"id": project_id, "version": version}
        self.env["bus.bus"]._sendone((service, CHANNEL), CHANGED, payload)

    @api.autovacuum
    def _gc_rows(self):
        """Add up the rows of each service.

        Those that are added meanwhile stay as they are, and those at which another job is, too.
        """
        rows = self.env.execute_query(
            SQL(
                """WITH old AS (
                       DELETE FROM service_page_version
                        WHERE id IN (SELECT id FROM service_page_version
                                      WHERE project_id IN (SELECT project_id
                                                             FROM service_page_version
                                                         GROUP BY project_id
                                                           HAVING COUNT(*) > 1
                                                         ORDER BY project_id LIMIT %s)
                                        FOR UPDATE SKIP LOCKED)
                    RETURNING project_id, amount
                   )
                   INSERT INTO service_page_version (project_id, amount)
                   SELECT project_id, SUM(amount) FROM old GROUP BY project_id RETURNING id""",
                GC_BATCH,
            )
        )
        return len(rows), int(len(rows) == GC_BATCH)


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
            [("project_id", "in", self.ids)], ["project_id"], ["amount:sum"]
        )
        versions = {project.id: amount for project, amount in rows}
        for project in self:
            project.service_version = versions.get(project._origin.id, 0)

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        for project_id in ids:
            # Whoever has the page open learns that there is none any more.
            self.env["service.page.version"]._tell(project_id, 0)
        return result
