# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..clock.engine import bulk

# How long a customer may contest a new date before silence counts as consent.
CONTEST_DAYS = 5
LAST_YEAR = 9000

# A commitment shows its last date; what a date calls itself.
_NAMES = {"current_from": "date_from", "current_to": "date_to"}


class ServiceCommitmentRevision(models.Model):
    """One date of a commitment: what was promised, by whom, and what the customer said to it.

    Written once. When the customer was told and what they answered is set once, later.
    """

    _name = "service.commitment.revision"
    _description = "Date of a Commitment"
    _inherit = ["service.evidence.mixin"]
    _order = "commitment_id, sequence"

    commitment_id = fields.Many2one(
        "service.commitment", required=True, index=True, ondelete="cascade"
    )
    project_id = fields.Many2one(related="commitment_id.project_id")
    task_id = fields.Many2one(related="commitment_id.task_id")
    company_id = fields.Many2one(related="commitment_id.company_id")
    sequence = fields.Integer(string="No.", required=True)
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    confidence = fields.Selection(
        [("firm", "Firm"), ("likely", "Likely"), ("estimate", "Estimate")],
        required=True,
        default="firm",
    )
    known_by = fields.Date(
        string="Date Known By", help="“We tell you the date by …”: when it is not known yet."
    )
    text = fields.Text(string="Explanation", help="Why the date moved; the customer reads it.")
    set_by_id = fields.Many2one("res.users", ondelete="set null")
    set_at = fields.Datetime(required=True)
    is_original = fields.Boolean(
        string="First Promised", help="Promised in the first place; later dates need consent."
    )
    told_at = fields.Datetime(help="When the customer was told.")
    tacit_at = fields.Datetime(
        help="When silence counts as consent: five working days after the customer was told."
    )
    acknowledgement = fields.Selection(
        [
            ("none", "Not yet"),
            ("accepted", "Accepted"),
            ("contested", "Contested"),
            ("tacit", "Not contested"),
        ],
        string="The Customer's Answer",
        required=True,
        default="none",
    )
    acknowledged_at = fields.Datetime()
    acknowledged_by_id = fields.Many2one(
        "res.users",
        string="Answer Noted By",
        ondelete="set null",
        help="Who noted what the customer said; nobody when they said nothing.",
    )

    _sequence_uniq = models.UniqueIndex(
        "(commitment_id, sequence)",
        "Somebody else moved this commitment just now: reload the page to see the date.",
    )
    _check_days = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The first day of a commitment cannot be after its last day.",
    )
    _check_answer = models.Constraint(
        "CHECK ((acknowledgement = 'none') = (acknowledged_at IS NULL))",
        "An answer of the customer has a moment.",
    )
    _tacit_idx = models.Index("(tacit_at) WHERE acknowledgement = 'none'")

    def _fetch_query(self, query, fields):
        """Read a date as a whole: whoever looks for the dates of a commitment reads them all."""
        return super()._fetch_query(query, self._determine_fields_to_fetch() if fields else fields)

    @api.depends("sequence", "date_to", "known_by")
    def _compute_display_name(self):
        for revision in self:
            revision.display_name = f"{revision.sequence}: {revision.date_to or '…'}"

    @api.model
    def _add_first(self, commitments, values_list):
        """Add the first dates of new commitments."""
        rows = []
        for commitment, values in zip(commitments, values_list, strict=True):
            if values.get("current_to") or values.get("known_by"):
                rows.append(self._prepare_values(commitment, 1, **values))
            elif commitment.state != "draft":
                raise ValidationError(
                    self.env._(
                        "Enter the day for which “%(name)s” is promised, or the day by which you "
                        "will tell it.",
                        name=commitment.name,
                    )
                )
        self._add_rows(rows)

    @api.model
    def _add(self, commitment, **values):
        """Add the next date of a commitment."""
        values = {_NAMES.get(name, name): value for name, value in values.items()}
        self._check_moves(commitment, values)
        last = max(commitment.revision_ids.mapped("sequence"), default=0)
        return self._add_rows([self._prepare_values(commitment, last + 1, **values)])

    @api.model
    def _add_rows(self, rows):
        # sudo: dates are added by the transitions of commitments only, which have checked access.
        return self.sudo().create(rows).with_env(self.env)

    @api.model
    def _prepare_values(self, commitment, sequence, **values):
        self._check_not_too_far(values)
        now = fields.Datetime.now()
        is_told = sequence == 1 and commitment.state != "draft"
        return {
            "commitment_id": commitment.id,
            "sequence": sequence,
            **{_NAMES.get(name, name): value for name, value in values.items()},
            "confidence": values.get("confidence") or "firm",
            "set_by_id": self.env.uid,
            "set_at": now,
            "told_at": is_told and now,
            "is_original": is_told,
        }

    @api.model
    def _check_not_too_far(self, values):
        """Refuse days after which no calendar goes on."""
        days = [
            fields.Date.to_date(values.get(name)) for name in ("date_to", "current_to", "known_by")
        ]
        if any(day and day.year >= LAST_YEAR for day in days):
            raise ValidationError(self.env._("Enter a day that somebody will live to see."))

    @api.model
    def _check_moves(self, commitment, values):
        if not (values.get("date_to") or values.get("known_by")):
            raise ValidationError(
                self.env._("Enter the new date, or the day by which you will tell it.")
            )
        last = commitment.revision_ids.sorted("sequence")[-1:]
        same = self.new(values)
        if last and all(
            same[name] == last[name] for name in ("date_from", "date_to", "known_by", "confidence")
        ):
            raise UserError(self.env._("This is the date the commitment has already."))

    def _is_agreed(self, now=None):
        """Tell whether this date counts: accepted, or not contested for long enough."""
        if self.acknowledgement in ("accepted", "tacit"):
            return True
        is_silent = self.acknowledgement == "none" and self.tacit_at
        return bool(now and is_silent and self.tacit_at <= now)

    def _mark_told(self, is_original=False):
        """Note that the customer was told of this date; of a new one they may contest it."""
        self.ensure_one()
        now = fields.Datetime.now()
        hours = self.commitment_id._get_working_time()
        tacit_at = None if is_original else hours.add_days(now, CONTEST_DAYS)
        self._set_once(
            {self.id: {"told_at": now, "tacit_at": tacit_at, "is_original": is_original}}
        )

    def action_accept(self):
        """Note that the customer accepts this date."""
        self._check_can_answer()
        self._acknowledge("accepted")

    def action_contest(self):
        """Note that the customer does not accept this date."""
        self._check_can_answer()
        self._acknowledge("contested")

    def _check_can_answer(self):
        self.commitment_id.check_access("write")
        for revision in self:
            if revision.acknowledgement != "none":
                raise UserError(self.env._("The customer has answered to this date already."))
            if revision.commitment_id.state in ("draft", "kept", "withdrawn"):
                raise UserError(self.env._("Nobody counts on this date any more."))
            if revision.is_original:
                raise UserError(self.env._("The first date needs no consent: it was promised."))

    def _acknowledge(self, answer, actor="us"):
        """Set what the customer said, once.

        :param answer: ``accepted``, ``contested`` or ``tacit``
        :param actor: ``you`` when the customer says it themselves, ``us`` when it is noted
        """
        for revision in self:
            at = revision.tacit_at if answer == "tacit" else fields.Datetime.now()
            revision._set_once(
                {
                    revision.id: {
                        "acknowledgement": answer,
                        "acknowledged_at": at,
                        "acknowledged_by_id": None if answer == "tacit" else self.env.uid,
                    }
                }
            )
            if answer != "contested":
                revision.commitment_id._follow_acknowledgement(revision)
            if answer != "tacit":
                what = "commitment" if actor == "us" else "delay"
                revision.commitment_id._tell_history(f"{what}_{answer}", actor=actor)

    def _set_once(self, rows):
        """Write what may still be written, and let the commitment follow."""
        bulk.update(self, rows)
        changed = self.browse(rows)
        changed.invalidate_recordset(flush=False)
        changed.modified(["told_at", "tacit_at", "acknowledgement", "acknowledged_at"])
