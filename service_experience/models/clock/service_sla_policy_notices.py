# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import models


class ServiceSlaPolicy(models.Model):
    """Whom a policy tells that it cannot do its work."""

    _inherit = "service.sla.policy"

    def _tell_unreachable(self, target, calendar):
        """Ask the responsible person to repair hours by which a target is never reached."""
        policy = self.with_context(lang=self._get_responsible().lang)
        policy._tell_responsible(
            policy.env._(
                "%(target)s cannot be measured by the working hours “%(calendar)s”: they offer "
                "no or not enough opening hours within three years. Requests go on without this "
                "timer. Add opening hours or choose other working hours.",
                target=target.with_env(policy.env).display_name,
                calendar=calendar.name or "",
            )
        )

    def _tell_failed_escalation(self, escalation, timer, error):
        """Tell the responsible person that an escalation could not be carried out."""
        policy = self.with_context(lang=self._get_responsible().lang)
        policy._tell_responsible(
            policy.env._(
                "The escalation “%(escalation)s” of %(timer)s could not be carried out: "
                "%(error)s. Correct it in the target.",
                escalation=escalation.with_env(policy.env).display_name,
                timer=timer.with_env(policy.env).display_name,
                error=error,
            ),
            policy.env._("An escalation failed"),
        )

    def _get_responsible(self):
        """Return who can be told: the responsible person, else the administrator."""
        user = self.user_id or self.create_uid
        is_able = user.active and self.with_user(user).has_access("read")
        return user if is_able else self.env.ref("base.user_admin")

    def _tell_responsible(self, note, summary=None):
        """Leave the responsible person a warning; one that is open is enough."""
        warning = self.env.ref("mail.mail_activity_data_warning")
        user = self._get_responsible()
        if any(
            activity.automated and activity.activity_type_id == warning
            for activity in self.activity_ids
        ):
            return
        self.activity_schedule(
            activity_type_id=warning.id,
            summary=summary or self.env._("This policy cannot start timers"),
            note=note,
            user_id=user.id,
        )


class ServiceSlaTarget(models.Model):
    _inherit = "service.sla.target"

    def _tell_stageless(self):
        """Tell the owner of the policy that the stages which keep the promise are gone."""
        target = self.with_context(lang=self.policy_id._get_responsible().lang)
        target.policy_id._tell_responsible(
            target.env._(
                "The stages that keep the promise “%(target)s” are deleted. Requests get no "
                "timers for it any more: choose other stages or remove the target.",
                target=target.display_name,
            )
        )
