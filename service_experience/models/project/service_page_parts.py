# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What a customer's page shows, column by column: whatever changes one raises the version."""

from odoo import api, models
from odoo.tools import SQL


class ServicePagePartMixin(models.AbstractModel):
    """Records that the page of a service shows.

    Looks at what is written to the database, because computed columns change without a ``write``.
    """

    _name = "service.page.part.mixin"
    _description = "Part of a Service Page"

    # The columns that the page reads; none means that only new records count.
    _page_columns = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["service.page.version"]._touch(records)
        return records

    def _write_multi(self, vals_list):
        shown = [
            record.id
            for record, vals in zip(self, vals_list, strict=True)
            if self._page_columns.intersection(vals)
        ]
        self.env["service.page.version"]._touch(self.browse(shown))
        return super()._write_multi(vals_list)

    def unlink(self):
        services = self._find_page_services()
        result = super().unlink()
        self.env["service.page.version"]._touch(services)
        return result

    def _find_page_services(self):
        """Return the services whose pages show these records now."""
        self.flush_model()
        services = self._get_page_services(self.ids)
        rows = self.env.execute_query(SQL("SELECT DISTINCT id FROM (%s) AS page (id)", services))
        return self.env["project.project"].browse(row[0] for row in rows if row[0])

    @api.model
    def _get_page_services(self, ids):
        """Return the query for the ids of the services whose pages show records of this model."""
        return SQL(
            "SELECT project_id FROM %s WHERE id = ANY(%s)", SQL.identifier(self._table), list(ids)
        )


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.project", "service.page.part.mixin"]

    _page_columns = frozenset(
        {
            "active",
            "company_id",
            "contact_user_id",
            "customer_label",
            "customer_visible",
            "date",
            "date_start",
            "is_template",
            "last_update_id",
            "last_update_status",
            "name",
            "next_update_promised",
            "partner_id",
            "primary_commitment_id",
            "privacy_visibility",
            "service_epoch",
            "user_id",
        }
    )

    @api.model
    def _get_page_services(self, ids):
        return SQL("SELECT id FROM project_project WHERE id = ANY(%s)", list(ids))


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "service.page.part.mixin"]

    _page_columns = frozenset(
        {
            "active",
            "contact_user_id",
            "customer_label",
            "customer_visible",
            "date_deadline",
            "date_last_stage_update",
            "has_template_ancestor",
            "is_template",
            "partner_id",
            "primary_commitment_id",
            "project_id",
            "stage_id",
            "state",
        }
    )

    def write(self, vals):
        if "project_id" in vals:
            # The page it leaves changes, too.
            self.env["service.page.version"]._touch(self.project_id)
        if "user_ids" in vals:
            self.env["service.page.version"]._touch(self)
        return super().write(vals)


class ProjectTaskType(models.Model):
    _name = "project.task.type"
    _inherit = ["project.task.type", "service.page.part.mixin"]

    _page_columns = frozenset({"customer_label", "customer_visible"})

    @api.model
    def _get_page_services(self, ids):
        return SQL("SELECT project_id FROM project_task WHERE stage_id = ANY(%s)", list(ids))


class ProjectUpdate(models.Model):
    _name = "project.update"
    _inherit = ["project.update", "service.page.part.mixin"]

    _page_columns = frozenset({"date", "status"})


class ProjectMilestone(models.Model):
    _name = "project.milestone"
    _inherit = ["project.milestone", "service.page.part.mixin"]

    _page_columns = frozenset(
        {
            "customer_label",
            "customer_note",
            "customer_visible",
            "expected_from",
            "expected_to",
            "is_reached",
            "project_id",
            "reached_date",
            "sequence",
        }
    )


class ServiceStep(models.Model):
    _name = "service.step"
    _inherit = ["service.step", "service.page.part.mixin"]

    _page_columns = frozenset(
        {
            "customer_visible",
            "due",
            "effect_if_late",
            "effort_minutes",
            "instructions",
            "kind",
            "owner_partner_id",
            "owner_user_id",
            "party",
            "return_reason",
            "review_due_at",
            "sequence",
            "state",
            "third_party_label",
            "title",
            "told_already_at",
            "why",
        }
    )


class ServiceCommitment(models.Model):
    _name = "service.commitment"
    _inherit = ["service.commitment", "service.page.part.mixin"]

    _page_columns = frozenset(
        {
            "confidence",
            "current_from",
            "current_to",
            "customer_visible",
            "direction",
            "kept_at",
            "known_by",
            "name",
            "state",
        }
    )


class ServiceCommitmentRevision(models.Model):
    _name = "service.commitment.revision"
    _inherit = ["service.commitment.revision", "service.page.part.mixin"]

    _page_columns = frozenset({"delay_id"})

    def _set_once(self, rows):
        # Written without the cache: what the customer said, and when they were told.
        result = super()._set_once(rows)
        self.env["service.page.version"]._touch(self.browse(rows))
        return result

    @api.model
    def _get_page_services(self, ids):
        return SQL(
            """SELECT promise.project_id
                 FROM service_commitment_revision AS revision
                 JOIN service_commitment AS promise ON promise.id = revision.commitment_id
                WHERE revision.id = ANY(%s)""",
            list(ids),
        )


class ServiceDelay(models.Model):
    _name = "service.delay"
    _inherit = ["service.delay", "service.page.part.mixin"]

    # What is said in a delay is fixed when it is sent.
    _page_columns = frozenset(
        {"communicated_at", "responded_at", "response", "revision_id", "sent_at", "state"}
    )


class ServiceFact(models.Model):
    _name = "service.fact"
    _inherit = ["service.fact", "service.page.part.mixin"]

    _page_columns = frozenset({"customer_visible", "sensitivity", "superseded_by_id"})

    @api.model
    def _get_page_services(self, ids):
        """What holds for all services of a customer is on the page of each."""
        return SQL(
            """SELECT service.id
                 FROM service_fact AS fact
                 JOIN res_partner AS customer ON customer.commercial_partner_id = fact.partner_id
                 JOIN project_project AS service ON service.partner_id = customer.id
                WHERE fact.id = ANY(%s)
                      AND (fact.project_id IS NULL OR fact.project_id = service.id)""",
            list(ids),
        )


class ServiceWait(models.Model):
    _name = "service.wait"
    _inherit = ["service.wait", "service.page.part.mixin"]

    def _note_held(self, field):
        # Waits for steps, and the ends of all waits, are written without the cache.
        result = super()._note_held(field)
        self.env["service.page.version"]._touch(self)
        return result


class ServiceTimelineEntry(models.Model):
    _name = "service.timeline.entry"
    _inherit = ["service.timeline.entry", "service.page.part.mixin"]


class ServiceSlaTimer(models.Model):
    _inherit = "service.sla.timer"

    def _forget_cached(self, tasks):
        # The engine writes its rows itself; what it forgets is what it has changed.
        result = super()._forget_cached(tasks)
        self.env["service.page.version"]._touch(tasks)
        return result
