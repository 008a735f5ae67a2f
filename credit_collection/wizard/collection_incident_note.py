from odoo import api, fields, models


class CollectionIncidentNote(models.TransientModel):
    """Note what keeps items from being paid, and let it have its effect on their reminders."""

    _name = "collection.incident.note"
    _description = "Note an Incident"

    debtor_id = fields.Many2one("collection.debtor", string="Customer", required=True, readonly=True)
    item_ids = fields.Many2many(
        "collection.item", string="Items", domain="[('debtor_id', '=', debtor_id), ('closed_on', '=', False)]"
    )
    nature_id = fields.Many2one("collection.incident.nature", string="What happened", required=True)
    effect = fields.Selection(related="nature_id.effect")
    instructions = fields.Text(related="nature_id.instructions")
    hold_days = fields.Integer(related="nature_id.hold_days")
    note = fields.Char()
    copy_obstacle = fields.Boolean(compute="_compute_copy_obstacle")

    @api.depends("item_ids")
    def _compute_copy_obstacle(self):
        for wizard in self:
            # Whether there is an invoice to copy is known to whoever may note an incident on it.
            moves = wizard.sudo().item_ids.move_id
            wizard.copy_obstacle = not moves.filtered(lambda move: move.is_sale_document(include_receipts=True))

    def action_note(self):
        """Note it, and open the message with the copies where the nature sends some."""
        incidents = self.env["collection.incident"]._note(self.item_ids, self.nature_id, self.note)
        if self.effect == "copy" and not self.copy_obstacle:
            return incidents.action_send_copy()
        return {"type": "ir.actions.act_window_close"}
