# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from datetime import date, timedelta

from odoo import Command

from .step_page_common import StepPageCase

# What makes each health: the columns of the service, and the status of its last update.
HEALTHS = {
    "not_started": ({"date_start": 30}, None),
    "on_track": ({}, None),
    "at_risk": ({}, "at_risk"),
    "late": ({"date": -2}, None),
    "waiting_customer": ({}, None),
    "paused": ({}, "on_hold"),
    "done": ({}, "done"),
}
LABELS = {
    "not_started": "Solar panels for the barn",
    "on_track": "Heat pump for the bakery",
    "at_risk": "Hot water for the guest wing",
    "late": "Cold room of the shop",
    "waiting_customer": "Bathroom on the second floor",
    "paused": "Ventilation of the oven room",
    "done": "Winter check of the boiler",
}


def day(days):
    """Return a day relative to today."""
    return date.today() + timedelta(days=days)


class ShowcaseCase(StepPageCase):
    """One service in each health, each with something in every section, and a cancelled request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.email = "ada@nordlicht.example"
        cls.employee.partner_id.function = "Project lead"
        cls.topic = cls.env["service.topic"].create({"name": "House"})
        cls.reason = cls.env.ref("service_experience.delay_reason_tp_sup")
        cls.services = {health: cls._create_service(health) for health in HEALTHS}
        cls.cancelled = cls._create_request(cls.services["on_track"], "Colour of the cover")
        cls.cancelled.state = "1_canceled"
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    @classmethod
    def _create_service(cls, health):
        days, status = HEALTHS[health]
        columns = {"date_start": -20, "date": 40} | days
        service = cls.env["project.project"].create(
            {
                "name": f"P-{health}",
                "customer_label": LABELS[health],
                "partner_id": cls.person.id,
                "privacy_visibility": "portal",
                "user_id": cls.employee.id,
                "allow_milestones": True,
                **{name: day(offset) for name, offset in columns.items()},
            }
        )
        last = {"not_started": -99, "done": 99}.get(health, 0)
        cls._create_milestones(service, reached_before=last)
        if health == "waiting_customer":
            cls._ask_for_answers(service)
        else:
            cls._create_work(service, health)
        cls._create_facts(service)
        if status:
            cls.env["project.update"].create(
                {"name": "Status", "project_id": service.id, "status": status}
            )
        return service

    @classmethod
    def _create_milestones(cls, service, reached_before):
        cls.env["project.milestone"].create(
            [
                {
                    "name": name,
                    "customer_label": name,
                    "customer_note": "Two of us work with you for a day.",
                    "customer_visible": True,
                    "project_id": service.id,
                    "deadline": day(offset),
                    "expected_from": day(offset - 1),
                    "expected_to": day(offset),
                    "is_reached": offset < reached_before,
                    "reached_date": offset < reached_before and day(min(offset, -1)),
                }
                for name, offset in (("Visit on site", -10), ("Installation", 12), ("Papers", 20))
            ]
        )

    @classmethod
    def _create_request(cls, service, label):
        return cls.env["project.task"].create(
            {
                "name": f"T {label}",
                "customer_label": label,
                "customer_visible": True,
                "project_id": service.id,
                "partner_id": cls.person.id,
                "user_ids": [Command.set(cls.employee.ids)],
                "date_deadline": f"{day(9)} 12:00:00",
            }
        )

    @classmethod
    def _create_work(cls, service, health):
        request = cls._create_request(service, "Electric line to the cellar")
        if health == "done":
            request.state = "1_done"
            return
        cls.env["service.step"].create(
            {
                "title": "Mount the outdoor unit",
                "project_id": service.id,
                "party": "us",
                "customer_visible": True,
                "owner_user_id": cls.employee.id,
                "due": day(6),
            }
        )
        if health in ("at_risk", "late"):
            cls._tell_delay(service)

    @classmethod
    def _tell_delay(cls, service):
        promise = cls.env["service.commitment"].create(
            {"name": "It runs quietly", "project_id": service.id, "current_to": day(5)}
        )
        delay = cls.env["service.delay"].create(
            {
                "project_id": service.id,
                "commitment_id": promise.id,
                "reason_id": cls.reason.id,
                "new_from": day(10),
                "new_to": day(12),
                "customer_explanation": "The maker sent a wrong bearing.",
                "doing": "Emil fetches the right one at the warehouse.",
                "means_for_you": "It is loud for some more nights.",
                "next_update_due": f"{day(3)} 15:00:00",
                "option_ids": [
                    Command.create({"name": "We come on Sunday"}),
                    Command.create({"name": "We come before seven"}),
                ],
            }
        )
        delay.action_confirm()
        delay.action_tell()

    @classmethod
    def _ask_for_answers(cls, service):
        steps = cls.env["service.step"].create(
            [
                {
                    "title": title,
                    "project_id": service.id,
                    "party": "customer",
                    "kind": kind,
                    "why": "We plan the pipes on it.",
                    "instructions": "A photo of the paper is enough.",
                    "effort_minutes": 10,
                    "effect_if_late": "The pipes come a week later.",
                    "due": day(4),
                    "blocking": True,
                    "owner_user_id": cls.employee.id,
                }
                for title, kind in (
                    ("Send us the floor plan", "upload"),
                    ("Choose the tiles", "answer"),
                    ("Approve the offer", "approve"),
                    ("Check the address", "confirm"),
                )
            ]
        )
        steps.action_request()
        steps._see()

    @classmethod
    def _create_facts(cls, service):
        cls.env["service.fact"].create(
            {
                "topic_id": cls.topic.id,
                "project_id": service.id,
                "question": "How old is the house?",
                "answer": "Built in 1962, the roof is from 2008.",
                "said_by_id": cls.person.id,
            }
        )
