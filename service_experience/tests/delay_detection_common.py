# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from .delay_common import DelayCase


class DelayDetectionCase(DelayCase):
    """A service with four stages, at which the detection looks when a test lets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_doing, cls.stage_check = cls.env["project.task.type"].create(
            [{"name": "Doing", "sequence": 5}, {"name": "Check", "sequence": 6}]
        )
        cls.stage_new.sequence, cls.stage_done.sequence = 1, 9
        cls.project.type_ids |= cls.stage_doing | cls.stage_check

    def _detect(self, at):
        self._run("detect", at)

    def _found(self, **place):
        domain = [(name, "=", record.id) for name, record in place.items()]
        return self.env["service.delay"].search(domain, order="id")

    def _rules(self, **place):
        return sorted(self._found(**place).mapped("rule"))

    def _check_moment(self, rule, before, at, **place):
        """Expect a rule to be silent at one look, and to speak at the next."""
        self._detect(before)
        self.assertNotIn(rule, self._rules(**place))
        self._detect(at)
        self.assertIn(rule, self._rules(**place))
        return self._found(**place).filtered(lambda one: one.rule == rule)
