from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# More links than that fit no message: the customer's page of overdue invoices does.
MOST_LINKS = 30


class CollectionPaymentLinks(models.TransientModel):
    """Links by which a customer sees its invoices and pays them, one a line, to be copied into a message."""

    _name = "collection.payment.links"
    _description = "Payment Links"

    debtor_id = fields.Many2one("collection.debtor", required=True, readonly=True)
    item_ids = fields.Many2many("collection.item", readonly=True)
    links = fields.Text(compute="_compute_links")
    can_pay_online = fields.Boolean(compute="_compute_can_pay_online")

    @api.depends("item_ids")
    def _compute_links(self):
        for wizard in self:
            wizard.links = "\n".join(wizard._describe_link(it) for it in wizard._get_invoices()[:MOST_LINKS])

    def _get_invoices(self):
        """Invoices that can be paid by a link. Raises UserError where there is none."""
        invoices = self.item_ids.move_id.filtered(
            lambda move: move.is_sale_document() and move.state == "posted" and move.amount_residual
        )
        if not invoices:
            raise UserError(self.env._("A link leads to an invoice: there is none among what you chose."))
        return invoices

    def _describe_link(self, invoice):
        return self.env._(
            "%(invoice)s, %(amount)s: %(link)s",
            invoice=invoice.name,
            amount=format_amount(self.env, invoice.amount_residual, invoice.currency_id),
            link=self._get_link(invoice),
        )

    def _get_link(self, invoice):
        # To share an invoice, core gives it a key. Whoever may read it and write to the customer may send the link.
        invoice = invoice.sudo()
        if self.can_pay_online:
            return invoice._get_portal_payment_link()
        return f"{invoice.get_base_url()}{invoice.get_portal_url()}"

    @api.depends("debtor_id")
    def _compute_can_pay_online(self):
        for wizard in self:
            # Only whether the company can be paid online is read, not how.
            wizard.can_pay_online = bool(
                wizard.env["payment.provider"]
                .sudo()
                .search_count(
                    [
                        ("state", "=", "enabled"),
                        ("company_id", "in", wizard.debtor_id.company_id._get_collection_companies().ids),
                    ],
                    limit=1,
                )
            )
