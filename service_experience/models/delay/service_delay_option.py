# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_OPTIONS = 10


class ServiceDelayOption(models.Model):
    """Something the customer may choose when a date moves."""

    _name = "service.delay.option"
    _description = "Option in a Delay"
    _order = "delay_id, sequence, id"

    delay_id = fields.Many2one("service.delay", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Option", required=True, help="For example “You get a loan device until then”."
    )

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options.delay_id._check_may_change({})
        if any(len(delay.option_ids) > MAX_OPTIONS for delay in options.delay_id):
            raise ValidationError(
                self.env._("Nobody chooses from more than %s options.", MAX_OPTIONS)
            )
        return options

    def write(self, vals):
        self.delay_id._check_may_change({})
        result = super().write(vals)
        self.delay_id._check_may_change({})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        self.delay_id._check_may_change({})
