# Part of Service Experience. See LICENSE file for full copyright and licensing details.

from odoo import api, fields, models

from .timeline_words import get_sentence


class ServiceTimelineEntry(models.Model):
    """One line of history that the customer may read.

    Written by the transitions of steps, commitments, facts and milestones, by nothing else. What
    happened is kept as a key with parameters, which are put into words when somebody reads them.
    """

    _name = "service.timeline.entry"
    _description = "Timeline Entry"
    _inherit = ["service.journey.mixin", "service.evidence.mixin"]
    _order = "occurred_at desc, id desc"

    # Given by what happened: it stays with whom was told, whoever the customer is now.
    partner_id = fields.Many2one(readonly=False)
    type = fields.Selection(
        [
            ("step", "Step"),
            ("commitment", "Commitment"),
            ("fact", "Fact"),
            ("progress", "Progress"),
        ],
        required=True,
    )
    occurred_at = fields.Datetime(required=True, default=lambda self: fields.Datetime.now())
    key = fields.Char(required=True, export_string_translation=False)
    params = fields.Json(export_string_translation=False)
    text = fields.Text(help="What a person added, in their own words.")
    actor = fields.Selection(
        [("us", "Us"), ("you", "The customer"), ("third_party", "A third party")],
        required=True,
        default="us",
    )
    urgency = fields.Selection(
        [("urgent", "Urgent"), ("action", "Asks for something"), ("info", "For information")],
        required=True,
        default="info",
    )
    step_id = fields.Many2one("service.step", index="btree_not_null", ondelete="set null")
    commitment_id = fields.Many2one(
        "service.commitment", index="btree_not_null", ondelete="set null"
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Proof", bypass_search_access=True)
    notified_at = fields.Datetime(help="When the customer was told of it.")
    message_id = fields.Many2one("mail.message", index="btree_not_null", ondelete="set null")
    sentence = fields.Char(compute="_compute_sentence", string="What Happened")

    _project_idx = models.Index("(project_id, occurred_at DESC, id DESC)")

    @api.depends("key", "params")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for entry in self:
            entry.sentence = get_sentence(self.env, entry.key, entry.params)

    @api.depends("sentence")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.sentence

    def _is_told(self):
        return True

    @api.model
    def _record(self, record, key, params=None, **values):
        """Add a line about a record of the journey, or about a service itself.

        :param record: a step, commitment or other part of a service, or the service itself
        :param key: what happened, a key of ``timeline_words``
        :param params: ``{name: JSON value}``; dates as ISO strings
        """
        # sudo: nobody may write the history by hand; transitions have checked who may act.
        return self.sudo().create(
            {
                **record._get_place(),
                "type": key.partition("_")[0],
                "key": key,
                "params": params or {},
                **values,
            }
        )
