# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""The page of one step of the customer: what is asked, and their answer."""

from werkzeug.exceptions import abort

from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import ServicePortal
from .routes import CLOSED, FORBIDDEN, MAX_ID, READ, SEND, SERVICE, UNFIT, get_text
from .step_words import MAX_TEXT
from .uploaded_files import (
    ACCEPT,
    MAX_FILES,
    MAX_REQUEST_BYTES,
    get_name,
    get_problem,
    prepare_attachment_values,
)

STEP = f"{SERVICE}/step/<int(max={MAX_ID}):step_id>"
DECISIONS = ("approved", "declined")
DECIDED_KINDS = ("approve", "confirm")


def _get_upload_limit(_controller):
    """Return how much a form may hold; more is refused before it is read."""
    if (request.httprequest.content_length or 0) > MAX_REQUEST_BYTES:
        page = request.httprequest.path
        abort(request.redirect(f"{page}?problem=large_request", code=303))
    return MAX_REQUEST_BYTES


class ServiceStepPortal(ServicePortal):
    @route(STEP, **READ)
    def portal_my_service_step(self, project_id, step_id, problem=None, **_kwargs):
        reader = self._service_gate(project_id)
        step_sudo = self._service_step(reader, step_id)
        problems = ("large_request", "") if problem == "large_request" else None
        return self._render_service_step(reader, step_sudo, problem=problems)

    @route(STEP, **SEND, max_content_length=_get_upload_limit)
    def portal_my_service_step_answer(self, project_id, step_id, **form):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        step_sudo = self._service_step(reader, step_id)
        answer = self._service_answer(form)
        page = {"typed": answer["response"], "decision": answer["decision"]}
        if reader.refusal:
            page |= {"problem": (reader.refusal, ""), "status": FORBIDDEN}
        elif not step_sudo._is_wanted():
            page |= {"status": CLOSED}
        elif problem := self._service_answer_problem(step_sudo, answer):
            page |= {"problem": problem, "status": UNFIT}
        else:
            return self._take_service_answer(reader, step_sudo, answer, page)
        return self._render_service_step(reader, step_sudo, **page)

    @route(f"{STEP}/told", **SEND)
    def portal_my_service_step_told(self, project_id, step_id, **_kwargs):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        step_sudo = self._service_step(reader, step_id)
        if reader.refusal:
            problem = (reader.refusal, "")
            return self._render_service_step(reader, step_sudo, problem=problem, status=FORBIDDEN)
        if not step_sudo._is_wanted():
            return self._render_service_step(reader, step_sudo, status=CLOSED)
        step_sudo._see()
        step_sudo._tell_already()
        return self._redirect_privately(f"/my/service/{project_id}/step/{step_id}")

    def _service_step(self, reader, step_id):
        """Return the step with all rights, or answer that there is none."""
        step_sudo = reader.project._service_find_step(reader.viewer, step_id)
        if not step_sudo:
            raise request.not_found()
        return step_sudo

    def _service_answer(self, form):
        """Return what the customer sent, whatever it is."""
        decision = form.get("decision")
        uploads = request.httprequest.files.getlist("files")
        return {
            "response": get_text(form.get("response")),
            "decision": decision if decision in DECISIONS else None,
            "uploads": [upload for upload in uploads if upload.filename],
        }

    def _service_answer_problem(self, step_sudo, answer):
        """Return why the answer cannot be taken, as ``(key, name of a file)``, or None."""
        text, uploads = answer["response"].strip(), answer["uploads"]
        kind, decision = step_sudo.kind, answer["decision"]
        problems = (
            ("long_text", len(text) > MAX_TEXT),
            ("no_text", kind == "answer" and not text),
            ("no_decision", kind == "approve" and not decision),
            (
                "no_reason",
                kind in DECIDED_KINDS and decision == "declined" and not text,
            ),
            ("no_file", kind == "upload" and not uploads),
            ("many_files", len(uploads) > MAX_FILES),
        )
        if found := next((key for key, applies in problems if applies), None):
            return found, ""
        return next(
            ((problem, get_name(upload)) for upload in uploads if (problem := get_problem(upload))),
            None,
        )

    def _take_service_answer(self, reader, step_sudo, answer, page):
        """Store the answer and lead to the page of the service, or say why that failed."""
        step_sudo._see()
        try:
            with request.env.cr.savepoint():
                self._submit_service_answer(reader.viewer, step_sudo, answer)
        except UserError as error:
            page |= {"sentence": str(error), "status": UNFIT}
            return self._render_service_step(reader, step_sudo, **page)
        return self._redirect_privately(f"/my/service/{reader.project.id}?thanks={step_sudo.id}")

    def _submit_service_answer(self, viewer, step_sudo, answer):
        thread_sudo = step_sudo._get_thread()
        files = step_sudo.env["ir.attachment"].create(
            [prepare_attachment_values(upload, thread_sudo) for upload in answer["uploads"]]
            if step_sudo.kind == "upload"
            else []
        )
        step_sudo._submit(
            viewer,
            {
                "response": answer["response"],
                "decision": answer["decision"] if step_sudo.kind in DECIDED_KINDS else None,
                "attachment_ids": files.ids,
            },
        )

    def _render_service_step(self, reader, step_sudo, **values):
        step = step_sudo._prepare_service_step_page(reader.viewer)
        header = reader.project._service_customer_title(reader.viewer)
        page = {"problem": None, "sentence": None, "typed": "", "decision": None} | values
        return self._render_service_page(
            "service_experience_portal.service_step_page",
            page_name="service_step",
            title=f"{step['title']} · {header['name']}",
            service=header,
            step=step,
            reader=reader,
            preview=reader.preview,
            accept=ACCEPT,
            timezone=header["timezone"],
            **page,
        )
