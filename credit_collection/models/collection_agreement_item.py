from odoo import fields, models
from odoo.exceptions import UserError

from .collection_agreement import LIVE_STATES


class CollectionAgreementLine(models.Model):
    """What was open of an item when the agreement was given: the debt that the customer acknowledges."""

    _name = "collection.agreement.line"
    _description = "Debt acknowledged in an Agreement"
    _order = "is_interest, due_date, id"
    _rec_name = "name"

    agreement_id = fields.Many2one("collection.agreement", required=True, ondelete="cascade", index=True, readonly=True)
    item_id = fields.Many2one("collection.item", required=True, ondelete="restrict", index=True, readonly=True)
    name = fields.Char(string="Number", readonly=True)
    due_date = fields.Date(readonly=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    amount = fields.Monetary(string="Open then", readonly=True)
    residual = fields.Monetary(string="Open now", compute="_compute_residual")
    is_interest = fields.Boolean(readonly=True, help="The invoice of the interest that the instalments carry.")

    def _compute_residual(self):
        for line in self:
            line.residual = line._get_residual()

    def _get_residual(self):
        """What is open of the item at this very moment; all of it where the ledger has lost the entry."""
        # As in _read_open().
        entry = self.item_id.sudo().move_line_id
        return max(0.0, entry.amount_residual_currency) if entry else self.amount


class CollectionItem(models.Model):
    """Agreements on an item, and the day on which the customer acknowledged the debt."""

    _inherit = "collection.item"

    agreement_ids = fields.Many2many(
        "collection.agreement", "collection_agreement_item_rel", "item_id", "agreement_id", string="Agreements"
    )
    acknowledged_on = fields.Date(
        string="Debt acknowledged on",
        help="Day on which the customer acknowledged the debt in writing: limitation runs anew from it (Civil Code, "
        "art. 2240). An accepted agreement fills it in.",
    )

    def _check_may_be_scheduled(self, agreement=None):
        """Raise UserError, saying which of the items no new agreement can be about, and why.

        ``agreement`` is the one that is about them already, if any.
        """
        for item in self:
            # Whoever may read the item may know that nothing is open of it.
            line = item.sudo().move_line_id
            if not line or line.currency_id.compare_amounts(line.amount_residual_currency, 0) <= 0:
                raise UserError(self.env._("Nothing is open of %s.", item.display_name))
            if item._get_payee():
                raise UserError(
                    self.env._(
                        "%(invoice)s was assigned to %(assignee)s, who alone can agree to wait.",
                        invoice=item.display_name,
                        assignee=item.assignee_id.display_name,
                    )
                )
            other = (item.agreement_ids - (agreement or item.agreement_ids.browse())).filtered(
                lambda other: other.state in LIVE_STATES
            )[:1]
            if other:
                raise UserError(
                    self.env._(
                        "%(invoice)s is in the agreement %(agreement)s: cancel or revoke that one first.",
                        invoice=item.display_name,
                        agreement=other.name,
                    )
                )
