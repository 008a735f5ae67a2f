from odoo import api, fields, models


class AccountMoveReversal(models.TransientModel):
    """Credit notes made for a dispute: drafts of what was accepted."""

    _inherit = "account.move.reversal"

    collection_dispute_id = fields.Many2one("collection.dispute", string="Dispute", readonly=True)
    collection_accepted = fields.Monetary(string="Accepted", compute="_compute_collection_accepted")

    @api.depends("collection_dispute_id", "move_ids")
    def _compute_collection_accepted(self):
        for wizard in self:
            wizard.collection_accepted = 0
            if wizard.collection_dispute_id:
                wizard.collection_dispute_id.check_access("read")
                # Whoever reads the dispute may know which of its items are of these invoices.
                lines = wizard.sudo().collection_dispute_id._get_lines_to_credit()
                own = lines.filtered(lambda line, wizard=wizard: line.item_id.move_id in wizard.move_ids._origin)
                wizard.collection_accepted = sum(own.mapped("accepted"))

    def reverse_moves(self, is_modify=False):
        """Bring the drafts down to what the dispute grants, and keep them with it."""
        action = super().reverse_moves(is_modify=is_modify)
        if self.collection_dispute_id and not is_modify:
            self.collection_dispute_id._take_credit_notes(self.new_move_ids)
        return action
