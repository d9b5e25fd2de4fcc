# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import Command
from odoo.tests import new_test_user

from .journey_common import JourneyCase

GROUP = "service_experience.service_experience_group_"
INBOX = "/odoo/handoffs-inbox"


class HandoffCase(JourneyCase):
    """Two teams of one company: the sender is in the first, the receiver in the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = new_test_user(cls.env, "sender", groups=GROUP + "user", tz="UTC")
        cls.receiver = new_test_user(cls.env, "receiver", groups=GROUP + "user", tz="UTC")
        cls.colleague = new_test_user(cls.env, "colleague", groups=GROUP + "user", tz="UTC")
        cls.lead = new_test_user(cls.env, "lead", groups=GROUP + "lead", tz="UTC")
        cls.sending_team = cls.env["service.team"].create(
            {"name": "Planning", "member_ids": [Command.set(cls.sender.ids)]}
        )
        cls.team = cls.env["service.team"].create(
            {
                "name": "Installation",
                "member_ids": [Command.set((cls.receiver + cls.colleague).ids)],
                "lead_user_id": cls.lead.id,
            }
        )
        cls.project.user_id = cls.sender
        cls.task = cls.env["project.task"].create(
            {
                "name": "No hot water",
                "project_id": cls.project.id,
                "stage_id": cls.stage_new.id,
                "user_ids": [Command.set(cls.sender.ids)],
                "customer_visible": True,
                "customer_label": "Your hot water",
                "service_team_id": cls.sending_team.id,
            }
        )
        cls.kind = cls.env.ref("service_experience.handoff_type_person")

    def _create_handoff(self, **values):
        """Create a draft as the sender, for the receiver."""
        return (
            self.env["service.handoff"]
            .with_user(self.sender)
            .create(
                {
                    "type_id": self.kind.id,
                    "task_ids": [Command.set(self.task.ids)],
                    "from_team_id": self.sending_team.id,
                    "to_team_id": self.team.id,
                    "to_user_id": self.receiver.id,
                    **values,
                }
            )
        )

    def _complete(self, handoff):
        """Fill in all that an offer needs, as its sender does."""
        for item in handoff.check_ids:
            item.answer = f"Answer to {item.name}"
            item.action_done()
        handoff.write(
            {
                "urgency": "watch",
                "situation": "The pump is on site and waits for the electrician.",
                "has_no_steps": True,
                "customer_message": "Your installer knows all that you told us.",
            }
        )
        return handoff

    def _offer(self, **values):
        handoff = self._complete(self._create_handoff(**values))
        handoff.action_offer()
        return handoff

    def _accept(self, handoff, user=None):
        """Accept as the receiver, who takes over every commitment."""
        handoff = handoff.with_user(user or self.receiver)
        handoff.commitment_item_ids.filtered(lambda item: item.state == "open").action_done()
        handoff.action_accept("Warm water by Friday", "Call the electrician", "Nobody is at home")
        return handoff

    def _follow(self):
        """Run the job that follows accepted handoffs."""
        with self.enter_registry_test_mode():
            self.env.ref("service_experience.service_handoff_cron_follow").method_direct_trigger()
        self.env.invalidate_all()

    def _hand_over_in_browser(self):
        """Walk the whole way of the request with its two people; for classes with a browser."""
        request = f"/odoo/project.task/{self.task.id}"
        for url, tour, login in (
            (request, "sender_offers", "sender"),
            (INBOX, "receiver_asks", "receiver"),
            (INBOX, "sender_answers", "sender"),
            (INBOX, "receiver_accepts", "receiver"),
        ):
            self.start_tour(url, f"service_handoff_{tour}", login=login)
