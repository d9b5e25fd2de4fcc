# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What the customer says to a new date, and whether they ask if a promise is still on time."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.service_experience.models.delay.service_delay_answers import ANSWERS

from .portal import CLOSED, FORBIDDEN, MAX_ID, SERVICE, UNFIT, ServicePortal, get_id, get_text
from .step_words import MAX_TEXT

DELAY = f"{SERVICE}/delay/<int(max={MAX_ID}):delay_id>"
PROMISE = f"{SERVICE}/promise/<int(max={MAX_ID}):commitment_id>"


class ServiceDelayPortal(ServicePortal):
    @route(
        f"{DELAY}/answer", type="http", auth="user", methods=["GET"], website=True, readonly=True
    )
    def portal_my_service_delay(self, project_id, delay_id, **_kwargs):
        project, viewer, preview = self._service_gate(project_id)
        delay_sudo = self._service_delay(project, viewer, delay_id)
        return self._render_service_delay(project, viewer, preview, delay_sudo)

    @route(f"{DELAY}/answer", type="http", auth="user", methods=["POST"], website=True)
    def portal_my_service_delay_answer(self, project_id, delay_id, **form):
        self._refuse_other_methods()
        project, viewer, preview = self._service_gate(project_id)
        delay_sudo = self._service_delay(project, viewer, delay_id)
        delay = project._service_delay_page(viewer, delay_id)
        answer = self._service_delay_form(form, delay)
        page = {"typed": answer["text"], "chosen": answer["option_id"]}
        if preview is not None:
            page |= {"problem": "preview", "status": FORBIDDEN}
        elif not delay["can_answer"]:
            page |= {"status": CLOSED}
        elif problem := self._service_delay_problem(form, answer):
            page |= {"problem": problem, "status": UNFIT}
        else:
            return self._take_service_delay_answer(project, viewer, delay_sudo, answer, page)
        return self._render_service_delay(project, viewer, preview, delay_sudo, **page)

    @route(f"{PROMISE}/ask", type="http", auth="user", methods=["POST"], website=True)
    def portal_my_service_promise_ask(self, project_id, commitment_id, **_kwargs):
        self._refuse_other_methods()
        project, viewer, preview = self._service_gate(project_id)
        promise_sudo = project._service_find_promise(viewer, commitment_id)
        if not promise_sudo:
            raise request.not_found()
        page = {}
        if preview is not None:
            page = {"ask_problem": "preview", "status": FORBIDDEN}
        elif not promise_sudo._is_movable():
            page = {"ask_problem": "over", "status": CLOSED}
        if page:
            return self._render_service(project, viewer, preview, **page)
        self._doubt_service_promise(viewer, promise_sudo)
        return request.redirect(f"/my/service/{project_id}?asked={commitment_id}", code=303)

    def _service_delay(self, project, viewer, delay_id):
        """Return the delay with all rights, or answer that there is none."""
        delay_sudo = project._service_find_delay(viewer, delay_id)
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

    def _service_delay_problem(self, form, answer):
        """Return why the answer cannot be taken, as a key of the sentences, or None."""
        text = answer["text"].strip()
        problems = (
            ("no_answer", not answer["answer"]),
            ("unknown_option", form.get("option") and not answer["option_id"]),
            ("long_text", len(text) > MAX_TEXT),
            ("no_reason", answer["answer"] == "contested" and not text),
            ("no_question", answer["answer"] == "question" and not text),
        )
        return next((key for key, applies in problems if applies), None)

    def _take_service_delay_answer(self, project, viewer, delay_sudo, answer, page):
        """Store the answer and lead to the page of the service, or say why that failed."""
        try:
            with request.env.cr.savepoint():
                delay_sudo._answer(viewer, **answer)
        except UserError as error:
            page |= {"sentence": str(error), "status": UNFIT}
            return self._render_service_delay(project, viewer, None, delay_sudo, **page)
        return request.redirect(f"/my/service/{project.id}?answered={delay_sudo.id}", code=303)

    def _doubt_service_promise(self, viewer, promise_sudo):
        """Note the question; one that is sent twice at once is the same question."""
        try:
            with request.env.cr.savepoint():
                promise_sudo._doubt(viewer)
        except UniqueViolation:
            request.env.invalidate_all()

    def _render_service_delay(self, project, viewer, preview, delay_sudo, **values):
        delay = project._service_delay_page(viewer, delay_sudo.id)
        header = project._service_customer_title(viewer)
        page = {"problem": None, "sentence": None, "typed": "", "chosen": None} | values
        return self._render_service_page(
            "service_experience_portal.service_delay_page",
            page_name="service_delay",
            title=f"{delay['name']} · {header['name']}",
            service=header,
            delay=delay,
            preview=preview,
            timezone=header["timezone"],
            **page,
        )
