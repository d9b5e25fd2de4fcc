# Part of Service Experience. See LICENSE file for full copyright and licensing details.

"""How the customer is told: what we write to them about, and in which language."""

from odoo.http import request, route

from odoo.addons.service_experience.models.project.service_contact_preference import LEVELS

from .portal import ServicePortal
from .routes import FORBIDDEN, READ, SEND, SERVICE, UNFIT

PREFERENCES = f"{SERVICE}/preferences"


class ServicePreferencePortal(ServicePortal):
    @route(PREFERENCES, **READ)
    def portal_my_service_preferences(self, project_id, **_kwargs):
        return self._render_service_preferences(self._service_gate(project_id))

    @route(PREFERENCES, **SEND)
    def portal_my_service_preferences_choose(self, project_id, level=None, lang=None, **_kwargs):
        self._refuse_other_methods()
        reader = self._service_gate(project_id)
        problem, status = self._service_preferences_problem(reader, level, lang)
        if problem:
            return self._render_service_preferences(
                reader, problem=problem, level=level, lang=lang, status=status
            )
        reader.project._service_choose_level(reader.viewer, level)
        reader.project._service_choose_language(reader.viewer, lang)
        # Odoo shows pages in the language of this cookie, whatever the person's own is.
        request.future_response.set_cookie("frontend_lang", lang)
        return self._redirect_privately(
            f"/my/service/{project_id}?noted=preferences#service_preferences"
        )

    def _service_preferences_problem(self, reader, level, lang):
        """Return why a choice cannot be taken, as a key of the sentences, and the status."""
        if reader.refusal:
            return reader.refusal, FORBIDDEN
        if level not in LEVELS:
            return "no_level", UNFIT
        return (None, None) if lang in self._get_service_languages() else ("no_language", UNFIT)

    def _get_service_languages(self):
        return dict(request.env["res.lang"].get_installed())

    def _render_service_preferences(self, reader, level=None, lang=None, **values):
        header = reader.project._service_customer_title(reader.viewer)
        return self._render_service_page(
            "service_experience_portal.service_preferences_page",
            page_name="service_preferences",
            title=f"{request.env._('How we tell you')} · {header['name']}",
            service=header,
            level=level or reader.project._service_contact_level(reader.viewer),
            language=lang or reader.project._service_language(reader.viewer),
            languages=self._get_service_languages(),
            reader=reader,
            preview=reader.preview,
            timezone=header["timezone"],
            **{"problem": None, **values},
        )
