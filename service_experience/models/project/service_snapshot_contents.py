# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a service has at all: on its page nothing is looked for where there is nothing."""

from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

_READ = (
    "service.wait",
    "service.step",
    "service.commitment",
    "service.delay",
    "service.fact",
    "service.timeline.entry",
    "service.contact.preference",
    "project.milestone",
    "project.project",
    "project.task",
)


class Contents(NamedTuple):
    """Whether there is something of each kind, whoever may see it.

    :param facts: what the company of the reader told, for any service
    """

    waits: bool
    steps: bool
    promises: bool
    delays: bool
    facts: bool
    entries: bool
    milestones: bool
    preferences: bool
    documents: bool


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _service_contents(self, viewer):
        """Return what this service has, in one query.

        Most services lack most of it, and each query of the page takes longer to plan than this
        one to answer.
        """
        for model in _READ:
            self.env[model].flush_model()
        [row] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM service_wait WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM service_step WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM service_commitment WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM service_delay WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM service_fact WHERE partner_id IN (
                                  SELECT id FROM res_partner
                                   WHERE commercial_partner_id = %(company)s)),
                          EXISTS (SELECT FROM service_timeline_entry WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM project_milestone WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM service_contact_preference
                                   WHERE project_id = %(id)s),
                          EXISTS (SELECT FROM service_project_document_rel
                                   WHERE project_id = %(id)s)
                          OR EXISTS (SELECT FROM service_task_document_rel AS file
                                       JOIN project_task AS task ON task.id = file.task_id
                                      WHERE task.project_id = %(id)s)
                          OR EXISTS (SELECT FROM ir_attachment_service_step_rel AS file
                                       JOIN service_step AS step ON step.id = file.service_step_id
                                      WHERE step.project_id = %(id)s)""",
                id=self.id,
                company=viewer.commercial_partner_id.id or None,
            )
        )
        return Contents(*row)
