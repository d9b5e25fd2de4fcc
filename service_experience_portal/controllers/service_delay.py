# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What the customer says to a new date, and whether they ask if a promise is still on time."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.service_experience.models.delay.service_delay_answers import ANSWERS

from .portal import ServicePortal
from .routes import CLOSED, FORBIDDEN, MAX_ID, READ, SEND, SERVICE, UNFIT, get_id, get_text
from .step_words import MAX_TEXT

DELAY = f"{SERVICE}/delay/<int(max={MAX_ID}):delay_id>"
PROMISE = f"{SERVICE}/promise/<int(max={MAX_ID}):commitment_id>"


class ServiceDelayPortal(ServicePortal):
    @route(f"{DELAY}/answer", **READ)
    def portal_my_service_delay(self, project_id, delay_id, **_kwargs):
        reader = self._service_gate(project_id)
        return self._render_service_delay(reader, self._service_delay(reader, delay_id))

    @route(f"{DELAY}/answer", **SEND)
    def portal_my_service_delay_answer(self, project_id, delay_id, **form):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        delay_sudo = self._service_delay(reader, delay_id)
        delay = reader.project._service_delay_page(reader.viewer, delay_id)
        answer = self._service_delay_form(form, delay)
        page = {"typed": answer["text"], "chosen": answer["option_id"]}
        if reader.refusal:
            page |= {"problem": reader.refusal, "status": FORBIDDEN}
        elif not delay["can_answer"]:
            page |= {"status": CLOSED}
        elif problem := self._service_delay_problem(reader, form, answer):
            page |= {"problem": problem, "status": UNFIT}
        else:
            return self._take_service_delay_answer(reader, delay_sudo, answer, page)
        return self._render_service_delay(reader, delay_sudo, **page)

    @route(f"{PROMISE}/ask", **SEND)
    def portal_my_service_promise_ask(self, project_id, commitment_id, **_kwargs):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        promise_sudo = reader.project._service_find_promise(reader.viewer, commitment_id)
        if not promise_sudo:
            raise request.not_found()
        if reader.refusal:
            return self._render_service(reader, problem=reader.refusal, status=FORBIDDEN)
        if not promise_sudo._can_be_asked_about():
            return self._render_service(reader, problem="over", status=CLOSED)
        self._doubt_service_promise(reader.viewer, promise_sudo)
        return self._redirect_privately(f"/my/service/{project_id}?asked={commitment_id}")

    def _service_delay(self, reader, delay_id):
        """Return the delay with all rights, or answer that there is none."""
        delay_sudo = reader.project._service_find_delay(reader.viewer, delay_id)
        if not delay_sudo:
            raise request.not_found()
        return delay_sudo

    def _service_delay_form(self, form, delay):
        """Return what the customer sent, as far as it may be."""
        answer, option_id = form.get("answer"), get_id(form.get("option"))
        return {
            "answer": answer if answer in ANSWERS else None,
            "text": get_text(form.get("text")),
            "option_id": option_id
            if option_id in [option["id"] for option in delay["options"]]
            else None,
        }

    def _service_delay_problem(self, reader, form, answer):
        """Return why the answer cannot be taken, as a key of the sentences, or None."""
        text = answer["text"].strip()
        problems = (
            ("no_answer", not answer["answer"]),
            ("unknown_option", form.get("option") and not answer["option_id"]),
            ("long_text", len(text) > MAX_TEXT),
            ("no_reason", answer["answer"] == "contested" and not text),
            ("no_question", answer["answer"] == "question" and not text),
        )
        problem = next((key for key, applies in problems if applies), None)
        if not problem and answer["answer"] == "question":
            is_too_often = reader.project._service_asks_about_dates_too_often(reader.viewer)
            return "wait" if is_too_often else None
        return problem

    def _take_service_delay_answer(self, reader, delay_sudo, answer, page):
        """Store the answer and lead to the page of the service, or say why that failed."""
        try:
            with request.env.cr.savepoint():
                delay_sudo._answer(reader.viewer, **answer)
        except UserError as error:
            page |= {"sentence": str(error), "status": UNFIT}
            return self._render_service_delay(reader, delay_sudo, **page)
        return self._redirect_privately(f"/my/service/{reader.project.id}?answered={delay_sudo.id}")

    def _doubt_service_promise(self, viewer, promise_sudo):
        """Note the question; one that is sent twice at once is the same question."""
        try:
            with request.env.cr.savepoint():
                promise_sudo._doubt(viewer)
        except UniqueViolation:
            request.env.invalidate_all()

    def _render_service_delay(self, reader, delay_sudo, **values):
        delay = reader.project._service_delay_page(reader.viewer, delay_sudo.id)
        header = reader.project._service_customer_title(reader.viewer)
        page = {"problem": None, "sentence": None, "typed": "", "chosen": None} | values
        return self._render_service_page(
            "service_experience_portal.service_delay_page",
            page_name="service_delay",
            title=f"{delay['name']} · {header['name']}",
            service=header,
            delay=delay,
            reader=reader,
            preview=reader.preview,
            timezone=header["timezone"],
            **page,
        )
