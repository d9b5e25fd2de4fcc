# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo.http import request, route
from odoo.tools import consteq

from odoo.addons.project.controllers.portal import ProjectCustomerPortal


class ProjectTaskPortal(ProjectCustomerPortal):
    """Odoo's own page of a task: only a token of the project opens more than one may read."""

    @route()
    def portal_my_project_task(self, project_id=None, task_id=None, access_token=None, **kwargs):
        token = access_token if self._is_project_token(project_id, access_token) else None
        if self._has_project_task(project_id, task_id, token):
            return super().portal_my_project_task(project_id, task_id, token, **kwargs)
        if request.env.user._is_public() and not token:
            # Whatever the numbers are: the way to the login.
            return request.redirect("/my")
        raise request.not_found()

    def _is_project_token(self, project_id, token):
        """Return whether ``token`` is that of the project; most projects have none."""
        # The reader need not have access to the project: that is what the token is for.
        project_sudo = request.env["project.project"].sudo().search([("id", "=", project_id)])
        own = project_sudo.access_token
        return bool(own and isinstance(token, str) and consteq(own.encode(), token.encode()))

    def _has_project_task(self, project_id, task_id, token):
        """Return whether the task is in the project, and the reader's to read."""
        # The token of the project opens all its tasks, as Odoo has it.
        Task = request.env["project.task"].sudo(bool(token))
        domain = [("id", "=", task_id), ("project_id", "=", project_id)]
        return Task.has_access("read") and bool(Task.search_count(domain, limit=1))
