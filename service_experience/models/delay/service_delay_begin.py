# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How a delay begins: as a suspicion about one promise, for whoever answers for it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

# Working time until somebody should have looked at a suspicion.
TRIAGE_SECONDS = 4 * 3600


class ServiceDelay(models.Model):
    _inherit = "service.delay"

    @api.model
    def _prepare_begin_values(self, vals):
        """Return what every suspicion begins with, whoever notes it; it is never backdated."""
        by_system = self.env.su
        commitment = self._get_first_promise(vals)
        return {
            "commitment_id": commitment.id,
            "task_id": commitment.task_id.id if commitment else vals.get("task_id"),
            "project_id": commitment.project_id.id if commitment else vals.get("project_id"),
            "detected_at": fields.Datetime.now(),
            "detected_by": (by_system and vals.get("detected_by")) or "user",
            "detected_user_id": self.env.uid,
            "rule": (by_system and vals.get("rule")) or "person",
        }

    @api.model
    def _get_first_promise(self, vals):
        """Return the promise that is meant: the named one, else the main one of the place.

        What a rule found is about exactly what it names, a commitment or the date of the place.
        """
        if vals.get("commitment_id") or (self.env.su and "fingerprint" in vals):
            return self.env["service.commitment"].browse(vals["commitment_id"])
        place = self.env["project.task"].browse(vals.get("task_id"))
        place = place or self.env["project.project"].browse(vals.get("project_id"))
        # sudo: which promise is the main one, for whoever may see the place.
        return place.sudo()._get_main_promise().sudo(False)

    @api.model
    def _refuse_repeated(self, vals_list):
        """Say that somebody has noted the same already, instead of failing in the database."""
        # sudo: what is suspected already may be out of sight of whoever suspects it again.
        taken = self.sudo()._get_suspected(vals_list)
        if any(_get_key(vals) in taken for vals in vals_list):
            raise UserError(
                self.env._("This is noted already: look for it among the delays to explain.")
            )

    def _begin(self):
        """Keep the date as it was promised, and call whoever answers for it."""
        now = fields.Datetime.now()
        hours = self.project_id._service_working_times()
        for delay in self:
            delay._go(
                "suspected",
                **delay._prepare_old_values(now),
                user_id=delay._get_accountable()[:1].id,
                triage_due=hours[delay.project_id].deadline(now, TRIAGE_SECONDS),
            )
        self._call_accountable()

    def _prepare_old_values(self, now):
        """Return the date that is in danger, as it stands now.

        :raise UserError: when no date was promised
        """
        # sudo: what was promised, for whoever may note that it is in danger.
        delay_sudo = self.sudo()
        promise = delay_sudo.commitment_id
        if promise:
            day = promise._get_counted_day(now)
            is_last = day == promise._get_last_day()
            return {
                "old_from": is_last and promise.current_from,
                "old_to": day,
                "old_at": day and promise._get_end_of_day(day),
            }
        at = delay_sudo._get_thread()._get_promised_at(now)
        if not at:
            raise UserError(
                self.env._(
                    "No date was promised for “%(name)s”: record a commitment first.",
                    name=self.display_name,
                )
            )
        return {"old_to": delay_sudo.project_id._service_last_day(at), "old_at": at}

    def _call_accountable(self):
        for delay in self.filtered("user_id"):
            words = delay.with_context(lang=delay.user_id.lang)
            activity = words._call(
                delay.user_id,
                words.env._("Explain or dismiss: “%(name)s” may be late", name=delay.display_name),
            )
            delay._go(delay.state, activity_id=activity.id)

    @api.model
    def _suspect(self, vals_list):
        """Note suspicions of rules, of the system or of customers.

        What was noticed before is not noticed again, and a promise is suspected once per rule.

        :param vals_list: values with ``project_id``, ``rule``, ``detected_by``, ``fingerprint``,
            ``signal``, and where they apply ``task_id`` and ``commitment_id``
        :return: the new suspicions, with the rights of the system
        """
        # sudo: rules and customers may write no delays; what they may note is decided here.
        delays_sudo = self.sudo()
        known = set(
            delays_sudo.search(
                [("fingerprint", "in", [vals["fingerprint"] for vals in vals_list])]
            ).mapped("fingerprint")
        )
        taken = delays_sudo._get_suspected(vals_list)
        fresh = []
        for vals in vals_list:
            key = _get_key(vals)
            if vals["fingerprint"] not in known and key not in taken:
                known.add(vals["fingerprint"])
                taken.add(key)
                fresh.append(vals)
        return delays_sudo.create(fresh)

    def _get_suspected(self, vals_list):
        """Return the promises of these places that are suspected now, each with its rule."""
        projects = {vals["project_id"] for vals in vals_list if vals["project_id"]}
        rows = self.search_read(
            [("project_id", "in", list(projects)), ("state", "=", "suspected")],
            ["project_id", "task_id", "commitment_id", "rule"],
            load=None,
        )
        return {_get_key(row) for row in rows}


def _get_key(row):
    """Return the promise and the rule of a suspicion, as the unique indexes see them."""
    if row.get("commitment_id"):
        return "commitment", row["commitment_id"], row["rule"]
    if row.get("task_id"):
        return "task", row["task_id"], row["rule"]
    return "project", row["project_id"], row["rule"]
