# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from functools import cached_property


class HoursBook:
    """The working hours that apply to each request, looked up once per batch."""

    def __init__(self, env):
        self.env = env
        self._versions = {}

    def calendar(self, policy, task):
        """Return the calendar of the policy, else of the company that does the work."""
        return policy.calendar_id or self.of_company(policy, task)

    def of_company(self, policy, task):
        """Return the calendar of the company that does the work.

        A project has the hours of its company. Who happens to edit the task never matters:
        work of no company goes by the company of the policy, else by the first one.
        """
        company = task._get_sla_company() or policy.company_id or self._first_company
        return company.resource_calendar_id

    def version(self, calendar):
        """Return what the calendar says now; empty for none, which means day and night."""
        if calendar not in self._versions:
            self._versions[calendar] = calendar._service_version()
        return self._versions[calendar]

    def current(self, version):
        """Return what the calendar of a version says now; that of a deleted one stays."""
        return self.version(version.calendar_id) if version.calendar_id else version

    @cached_property
    def _first_company(self):
        return self.env["res.company"].search([], order="id", limit=1)
