# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import fields, models


class ServiceCommitmentMove(models.TransientModel):
    """Asks for the new date of a commitment, and for what the customer reads about it."""

    _name = "service.commitment.move"
    _description = "Move a Commitment"

    commitment_id = fields.Many2one("service.commitment", required=True, ondelete="cascade")
    current_to = fields.Date(
        related="commitment_id.current_to", related_sudo=False, string="Date So Far"
    )
    date_from = fields.Date(string="From", help="Leave it empty for a single day.")
    date_to = fields.Date(string="New Date")
    known_by = fields.Date(
        string="Date Known By", help="When you do not know it yet: by when you will tell it."
    )
    confidence = fields.Selection(
        [("firm", "Firm"), ("likely", "Likely"), ("estimate", "Estimate")],
        required=True,
        default="firm",
    )
    text = fields.Text(
        string="Explanation", required=True, help="Why it moves. The customer reads it."
    )

    def action_confirm(self):
        self.commitment_id._check_is_no_delay(self.date_to)
        self.commitment_id.action_move(
            self.date_to, self.text, self.date_from, self.confidence, self.known_by
        )
