# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.tests import new_test_user

from .journey_common import JourneyCase

GROUP = "service_experience.service_experience_group_"


class DelayReportCase(JourneyCase):
    """Promises that move, as people move them. Eight working hours a day, from 9 to 17 in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(cls.env, "delay_lead", groups=GROUP + "lead", tz="UTC")
        cls.team = cls.env["service.team"].create({"name": "Planning"})
        cls.project.service_team_id = cls.team
        cls.ours, cls.theirs, cls.supplier = cls.env["service.delay.reason"].create(
            [
                {
                    "name": name,
                    "code": f"TEST-{process}",
                    "customer_label": name,
                    "process": process,
                    "party": party,
                }
                for name, process, party in (
                    ("Planned too little time", "planning", "us"),
                    ("Floor plan missing", "intake", "customer"),
                    ("Pump came late", "delivery", "third_party"),
                )
            ]
        )

    def _promise(self, day="2026-03-06", at="2026-03-02 09:00:00", **values):
        with self.at(at):
            return self.env["service.commitment"].create(
                {
                    "name": "Heat pump runs",
                    "project_id": self.project.id,
                    "current_to": day,
                    "owner_user_id": self.employee.id,
                    **values,
                }
            )

    def _move(self, promise, day, at, **values):
        """Give a promise another date without a delay."""
        with self.at(at):
            return promise.action_move(day, "The pump comes later.", **values)

    def _explain(self, promise, day, at, reason=None, **values):
        """Confirm a delay of a promise, and send the message to the customer."""
        with self.at(at):
            delay = self.env["service.delay"].create(
                {
                    "commitment_id": promise.id,
                    "reason_id": (reason or self.ours).id,
                    "new_to": day,
                    "customer_explanation": "We planned too little time for the pipes.",
                    "doing": "A second fitter joins us on Monday.",
                    "next_update_due": f"{at[:10]} 23:00:00",
                    "personal_contact": "Eve called Ada Crumb.",
                    **values,
                }
            )
            delay.action_confirm()
            delay.action_tell()
        return delay

    def _arrive(self, delay, at):
        """Let the message to the customer leave, as the mail queue does."""
        with self.at(at):
            notifications = delay.message_id.notification_ids
            self.assertTrue(notifications)
            notifications.write({"notification_status": "sent"})
        self.assertEqual(delay.state, "communicated")

    def _tell(self, promise, day, at, reason=None, **values):
        """Tell the customer of a delay; the message arrives at once."""
        delay = self._explain(promise, day, at, reason, **values)
        self._arrive(delay, at)
        return delay

    def _prepare_suspicion(self, promise, rule="stale", **values):
        """Return what a rule suspects."""
        return {
            "project_id": self.project.id,
            "commitment_id": promise.id,
            "rule": rule,
            "detected_by": "rule",
            "fingerprint": f"{rule}:{promise.id}:{promise.current_to}",
            "signal": {},
            **values,
        }

    def _wait_for_plan(self):
        """Wait ten working hours for the customer: Monday from 10, Tuesday until 12."""
        with self.at("2026-03-02 09:30:00"):
            step = self._create_step()
            step.action_request()
        with self.at("2026-03-02 10:00:00"):
            self._deliver(step)
        with self.at("2026-03-03 12:00:00"):
            self._answer(step)
        return step

    def _create_service(self, customer, **values):
        return self.env["project.project"].create(
            {
                "name": "Boiler",
                "partner_id": customer.id,
                "privacy_visibility": "portal",
                **values,
            }
        )

    def _create_stranger(self):
        """Create a manager of another company."""
        company = self.env["res.company"].create({"name": "Other"})
        return new_test_user(
            self.env,
            "delay_stranger",
            groups=GROUP + "manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _rows(self, model, promise):
        self.env.invalidate_all()
        return self.env[model].search([("commitment_id", "in", promise.ids)], order="id")

    def _group(self, model, promises, groupby, *aggregates):
        """Return ``{group: aggregates}`` of the rows of these promises; None for no figure."""
        domain = [("commitment_id", "in", promises.ids)]
        rows = self.env[model]._read_group(domain, groupby, aggregates)
        return {
            values[0] if groupby else None: [
                None if value is False else value for value in values[len(groupby) :]
            ]
            for values in rows
        }

    def _get_groups(self, view):
        """Return by what a search view groups."""
        contexts = etree.fromstring(view.arch).xpath("//filter/@context")
        return [literal_eval(context)["group_by"] for context in contexts]

    def _get_filter_domain(self, view, name):
        [domain] = etree.fromstring(view.arch).xpath(f"//filter[@name='{name}']/@domain")
        return literal_eval(domain)
