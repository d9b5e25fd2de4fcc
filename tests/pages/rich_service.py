"""A service that has something to say in every section, in words that are hard to lay out."""

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.service_experience_portal.tests.showcase_common import ShowcaseCase, day
from odoo.addons.service_experience_portal.tests.step_page_common import PDF

# One word of a customer, which no browser can break by rules, and a name of a file.
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_FILE = "2026-03-02_" + "floor_plan_of_the_second_storey_" * 5 + "FINAL_v2.pdf"
STAFF = "service_experience.service_experience_group_user"


class RichServiceCase(ShowcaseCase):
    """The showcase, and one service with more of everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rich = cls._create_service("late")
        cls.rich.write({"customer_label": f"Cold room {LONG_WORD}", "name": "P-rich"})
        cls.open_delay = cls._get_delays()
        cls._ask_for_answers(cls.rich)
        cls.steps = {step.kind: step for step in cls._get_asked(cls.rich)}
        cls.requests = cls._create_requests()
        cls._move_promises()
        cls._answer_delays()
        cls._hand_over()
        cls._say_more()
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    @classmethod
    def _get_asked(cls, service):
        return service.service_step_ids.filtered(lambda step: step.party == "customer")

    @classmethod
    def _create_requests(cls):
        """Return a request for each state, and create more than the page shows."""
        names = ("open", "late", "done", "cancelled")
        found = {name: cls._create_request(cls.rich, f"Request {name}") for name in names}
        found["late"].date_deadline = f"{day(-3)} 12:00:00"
        found["done"].state = "1_done"
        found["cancelled"].write({"state": "1_canceled", "customer_label": LONG_WORD})
        for number in range(10):
            cls._create_request(cls.rich, f"Radiator {number}")
        return found

    @classmethod
    def _move_promises(cls):
        """Promise more than the page shows in all its words, and move some of it."""
        promises = cls.env["service.commitment"].create(
            [
                {
                    "name": f"Promise {number} {LONG_WORD if number == 1 else ''}",
                    "project_id": cls.rich.id,
                    "current_to": day(5 + number),
                }
                for number in range(7)
            ]
        )
        for promise in promises[:2]:
            promise.action_move(day(20), "The part is late.")
            promise.action_move(day(25), "The part is later.")
        promises[-1].action_customer_accepted()
        cls.promise = promises[2]

    @classmethod
    def _answer_delays(cls):
        """Let the customer accept a delay with an option, and contest another one."""
        for answer, text in (("accepted", ""), ("contested", f"Monday, please. {LONG_WORD}")):
            known = cls._get_delays()
            cls._tell_delay(cls.rich)
            delay = cls._get_delays() - known
            option = delay.option_ids[:1].id if answer == "accepted" else None
            delay._answer(cls.person, answer=answer, text=text, option_id=option)

    @classmethod
    def _get_delays(cls):
        return cls.env["service.delay"].search([("project_id", "=", cls.rich.id)])

    @classmethod
    def _hand_over(cls):
        receiver = new_test_user(cls.env, "page_receiver", groups=STAFF, name="Nora Vidal")
        handoff = cls.env["service.handoff"].create(
            {
                "type_id": cls.env.ref("service_experience.handoff_type_person").id,
                "project_id": cls.rich.id,
                "task_ids": [Command.set(cls.requests["open"].ids)],
                "from_user_id": cls.employee.id,
                "to_user_id": receiver.id,
                "urgency": "watch",
                "situation": "The pump is on site.",
                "has_no_steps": True,
                "customer_message": f"Nora comes on Thursday at eight. {LONG_WORD}",
            }
        )
        for item in handoff.check_ids:
            item.answer = "Yes"
            item.action_done()
        handoff.action_offer()
        handoff = handoff.with_user(receiver)
        open_items = handoff.commitment_item_ids.filtered(lambda item: item.state == "open")
        open_items.action_done()
        handoff.action_accept("Warm water", "Call them", "Nobody is at home")

    @classmethod
    def _say_more(cls):
        """Tell facts, share files, and write to each other."""
        cls.env["service.fact"].create(
            [
                {
                    "topic_id": cls.topic.id,
                    "project_id": cls.rich.id,
                    "question": f"Question {number} {LONG_WORD}",
                    "answer": f"In the cellar. {LONG_WORD}",
                    "said_by_id": cls.person.id,
                }
                for number in range(8)
            ]
        )
        cls.fact = cls.rich.service_fact_ids[:1]
        files = [{"name": LONG_FILE, "raw": PDF}, *({"name": "a.pdf", "raw": PDF},) * 9]
        cls.rich.customer_document_ids = cls.env["ir.attachment"].create(files)
        cls.rich._service_take_question(cls.person, f"When? {LONG_WORD}", cls.requests["open"])
        cls.rich.message_post(
            body=f"On Friday. {LONG_WORD}",
            author_id=cls.employee.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[(LONG_FILE, PDF)],
        )
