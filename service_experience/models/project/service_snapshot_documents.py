# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""Which files a customer may open: what was put on the page for them, and what they sent us."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

DOCUMENT_LIMIT = 100


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_documents(self, viewer, scope, file_id=None):
        """Return the files that ``viewer`` may open, the latest first, in one query.

        Those that were chosen for them, and what they and their colleagues sent as answers to
        steps; no other file of the service or of its requests.

        :param scope: ``Scope`` of the page
        :param file_id: the only file to look for
        :return: ``(list of dicts, how many there are)``
        """
        self.env["ir.attachment"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT file.id, file.name, file.file_size AS size, file.create_date AS at,
                          bool_or(shown.is_sent) AS is_sent, MAX(person.name) AS who,
                          COUNT(*) OVER () AS total
                     FROM (%s) AS shown
                     JOIN ir_attachment AS file ON file.id = shown.file_id
                LEFT JOIN res_partner AS person
                       ON person.id = shown.person_id AND person.commercial_partner_id = %s
                    WHERE file.type = 'binary' AND (%s IS NULL OR file.id = %s)
                 GROUP BY file.id
                 ORDER BY file.create_date DESC, file.id DESC
                    LIMIT %s""",
                self._select_documents(viewer, scope),
                viewer.commercial_partner_id.id or None,
                file_id,
                file_id,
                DOCUMENT_LIMIT,
            )
        )
        return [_prepare_document(row) for row in rows], rows[0]["total"] if rows else 0

    def _select_documents(self, viewer, scope):
        """Return the query for the ids of these files, whether they were sent, and by whom.

        What a colleague of ours adds when they note an answer was not sent by the customer.
        """
        meant = self._get_document_domain(viewer)
        services = Domain("id", "=", self.id) & meant if not scope.request else Domain.FALSE
        answers = (
            scope.parts & Domain("party", "=", "customer") & Domain("customer_visible", "=", True)
        )
        return SQL(
            """SELECT attachment_id AS file_id, FALSE AS is_sent, NULL::int AS person_id
                 FROM service_project_document_rel WHERE project_id IN %(services)s
            UNION ALL
               SELECT attachment_id, FALSE, NULL
                 FROM service_task_document_rel WHERE task_id IN %(requests)s
            UNION ALL
               SELECT sent.ir_attachment_id, TRUE, step.submitted_by_id
                 FROM ir_attachment_service_step_rel AS sent
                 JOIN service_step AS step ON step.id = sent.service_step_id
                 JOIN ir_attachment AS upload ON upload.id = sent.ir_attachment_id
                 JOIN res_users AS sender ON sender.id = upload.create_uid AND sender.share
                WHERE step.id IN %(answers)s""",
            services=self._search(services).subselect(),
            requests=self.env["project.task"]
            ._search(Domain("id", "in", scope.requests) & meant)
            .subselect(),
            answers=self.env["service.step"]._search(answers).subselect(),
        )

    def _prepare_service_documents(self, viewer, scope, has):
        documents, total = self._service_documents(viewer, scope) if has.documents else ([], 0)
        return {"documents": documents, "documents_more": total - len(documents)}

    def _service_find_document(self, viewer, file_id):
        """Return a file that ``viewer`` may open, with all rights; empty if not theirs."""
        # The viewer may read no files; the query is the whole answer.
        service_sudo, viewer_sudo = self.sudo(), viewer.sudo()
        scope = service_sudo._service_scope(viewer_sudo)
        files, _total = service_sudo._service_documents(viewer_sudo, scope, file_id)
        return service_sudo.env["ir.attachment"].browse(file["id"] for file in files)


def _prepare_document(row):
    """Return one file as plain values."""
    return {
        "id": row["id"],
        "name": row["name"],
        "size": row["size"] or 0,
        "at": row["at"],
        "is_sent": row["is_sent"],
        "who": row["who"],
    }
