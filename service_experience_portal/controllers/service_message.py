# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The conversation about a service: read on demand, and a question asked from the page."""

from odoo.http import request, route

from .portal import ServicePortal
from .routes import FORBIDDEN, READ, SEND, SERVICE, UNFIT, get_id, get_text
from .step_words import MAX_TEXT


class ServiceMessagePortal(ServicePortal):
    @route(f"{SERVICE}/messages", **READ)
    def portal_my_service_messages(self, project_id, before=None, **_kwargs):
        return self._render_service_messages(self._service_gate(project_id), get_id(before))

    @route(f"{SERVICE}/question", **SEND)
    def portal_my_service_question(self, project_id, **form):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        task_id = self._service_request(reader, get_id(form.get("request")))
        text, is_on_messages = get_text(form.get("text")), form.get("page") == "messages"
        problem = reader.refusal or self._service_question_problem(reader, text)
        if problem:
            question = {"problem": problem, "typed": text}
            status = FORBIDDEN if reader.refusal else UNFIT
            if is_on_messages:
                return self._render_service_messages(reader, question=question, status=status)
            return self._render_service(reader, task_id, question=question, status=status)
        task_sudo = reader.project._service_find_request(reader.viewer, task_id)
        reader.project._service_take_question(reader.viewer, text.strip(), task_sudo)
        return self._redirect_privately(
            self._get_question_path(project_id, task_id, is_on_messages)
        )

    def _service_question_problem(self, reader, text):
        """Return why a question cannot be taken, as a key of the sentences, or None."""
        if not text.strip():
            return "no_text"
        if len(text) > MAX_TEXT:
            return "long_text"
        return "wait" if reader.project._service_asks_too_often(reader.viewer) else None

    def _get_question_path(self, project_id, task_id, is_on_messages):
        path = f"/my/service/{project_id}"
        if is_on_messages:
            return f"{path}/messages?noted=messages"
        part = f"/request/{task_id}" if task_id else ""
        return f"{path}{part}?noted=messages#service_messages"

    def _render_service_messages(self, reader, before=None, **values):
        header = reader.project._service_customer_title(reader.viewer)
        return self._render_service_page(
            "service_experience_portal.service_messages_page",
            page_name="service_messages",
            title=f"{request.env._('Messages')} · {header['name']}",
            service=header,
            reader=reader,
            preview=reader.preview,
            timezone=header["timezone"],
            before=before,
            **reader.project._service_conversation(reader.viewer, before),
            **{"noted": request.params.get("noted"), "question": None, **values},
        )
