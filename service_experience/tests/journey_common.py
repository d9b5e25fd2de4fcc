# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from .common import ServiceExperienceCase


class JourneyCase(ServiceExperienceCase):
    """A service with a request, whose customer has a mail address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "ada@nordlicht.example"
        cls.project.partner_id = cls.contact
        cls.topic = cls.env["service.topic"].create({"name": "Floor plan"})

    def _create_step(self, **values):
        """Create a step for the customer that they could be asked for at once."""
        return self.env["service.step"].create(
            {
                "title": "Send us the floor plan",
                "project_id": self.project.id,
                "party": "customer",
                "kind": "upload",
                "why": "We plan the pipes on it.",
                "due": "2026-03-10",
                "blocking": True,
                "owner_user_id": self.employee.id,
                **values,
            }
        )

    def _deliver(self, step):
        """Let the mail of the request leave, as the mail queue does."""
        notifications = step.message_id.notification_ids
        self.assertTrue(notifications)
        notifications.write({"notification_status": "sent"})

    def _create_file(self, name="plan.pdf"):
        return self.env["ir.attachment"].create({"name": name, "raw": b"%PDF-1.4 plan"})

    def _answer(self, step, **values):
        """Answer as the customer does on the page."""
        step._submit(self.contact, {"attachment_ids": self._create_file().ids, **values})
