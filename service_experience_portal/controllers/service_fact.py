# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""What the customer told us, corrected by themselves."""

from odoo.http import request, route

from .portal import ServicePortal
from .routes import CLOSED, FORBIDDEN, MAX_ID, READ, SEND, SERVICE, UNFIT, get_id, get_text
from .step_words import MAX_TEXT

FACTS = f"{SERVICE}/facts"
FACT = f"{FACTS}/<int(max={MAX_ID}):fact_id>"


class ServiceFactPortal(ServicePortal):
    @route(FACT, **READ)
    def portal_my_service_fact(self, project_id, fact_id, **_kwargs):
        reader = self._service_gate(project_id)
        fact_sudo = self._service_fact(reader, fact_id)
        current_sudo = self._service_current_fact(reader, fact_sudo)
        return self._render_service_fact(reader, current_sudo)

    @route([FACT, FACTS], **SEND)
    def portal_my_service_fact_correct(self, project_id, fact_id=None, **form):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        fact_id = fact_id if isinstance(fact_id, int) else get_id(fact_id)
        fact_sudo = self._service_fact(reader, fact_id)
        answer = get_text(form.get("answer"))
        problem, status = self._service_fact_problem(reader, fact_sudo, answer)
        if not problem and reader.project._service_correct_fact(
            reader.viewer, fact_sudo, answer.strip()
        ):
            return self._redirect_privately(f"/my/service/{project_id}?noted=facts#service_facts")
        return self._render_service_fact(
            reader,
            self._service_current_fact(reader, fact_sudo),
            problem=problem or "corrected",
            typed=answer,
            status=status or CLOSED,
        )

    def _service_fact(self, reader, fact_id):
        """Return the fact with all rights, or answer that there is none."""
        fact_sudo = reader.project._service_find_fact(reader.viewer, fact_id)
        if not fact_sudo:
            raise request.not_found()
        return fact_sudo

    def _service_current_fact(self, reader, fact_sudo):
        """Return what holds now; what was taken off the page meanwhile is there no more."""
        current_sudo = reader.project._service_current_fact(reader.viewer, fact_sudo)
        if not current_sudo:
            raise request.not_found()
        return current_sudo

    def _service_fact_problem(self, reader, fact_sudo, answer):
        """Return why a correction cannot be taken, as a key of the sentences, and the status."""
        if reader.refusal:
            return reader.refusal, FORBIDDEN
        if fact_sudo.superseded_by_id:
            return "corrected", CLOSED
        problems = (
            ("no_text", not answer.strip()),
            ("long_text", len(answer) > MAX_TEXT),
            ("same_text", answer.split() == fact_sudo.answer.split()),
        )
        problem = next((key for key, applies in problems if applies), None)
        if not problem and reader.project._service_corrects_too_often(reader.viewer):
            problem = "wait"
        return problem, problem and UNFIT

    def _render_service_fact(self, reader, fact_sudo, **values):
        fact = reader.project._service_fact_page(reader.viewer, fact_sudo)
        header = reader.project._service_customer_title(reader.viewer)
        return self._render_service_page(
            "service_experience_portal.service_fact_page",
            page_name="service_fact",
            title=f"{fact['question']} · {header['name']}",
            service=header,
            fact=fact,
            reader=reader,
            preview=reader.preview,
            timezone=header["timezone"],
            **{"problem": None, "typed": None, **values},
        )
