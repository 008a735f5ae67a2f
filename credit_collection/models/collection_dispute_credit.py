from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from ..calc.dispute_stages import CONCEDED


class CollectionDisputeCredit(models.Model):
    """A credit note made for a disputed item. It outlives its document: number, date and amount are its own."""

    _name = "collection.dispute.credit"
    _description = "Credit Note of a Dispute"
    _order = "id"

    line_id = fields.Many2one("collection.dispute.line", required=True, ondelete="cascade", index=True, readonly=True)
    dispute_id = fields.Many2one(related="line_id.dispute_id")
    move_id = fields.Many2one(
        "account.move", string="Credit Note", ondelete="set null", index="btree_not_null", readonly=True
    )
    name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    move_state = fields.Selection(
        [("draft", "To post"), ("posted", "Posted"), ("cancel", "Cancelled"), ("gone", "Deleted")],
        compute="_compute_move_state",
        string="Status",
    )
    amount = fields.Monetary(readonly=True, help="What was accepted of the item.")
    currency_id = fields.Many2one(related="line_id.currency_id")
    user_id = fields.Many2one("res.users", string="Made by", readonly=True, default=lambda self: self.env.user)

    # Not on the document's own fields: posting must not look for disputes.
    @api.depends("move_id")
    def _compute_move_state(self):
        # Whether a credit note is posted is no secret to whoever may read its dispute.
        for credit in self:
            credit.move_state = credit.sudo().move_id.state or "gone"

    def _keep_document(self):
        """Keep the number and the date that the documents have now."""
        for credit in self.filtered("move_id"):
            move = credit.move_id
            values = {"name": move.name, "date": move.invoice_date or move.date}
            if any(credit[name] != value for name, value in values.items()):
                credit.write(values)

    def action_open_move(self):
        """The credit note."""
        self.ensure_one()
        if not self.move_id:
            raise UserError(self.env._("The credit note was deleted."))
        return self.move_id.action_collection_open()


class CollectionDisputeLine(models.Model):
    _inherit = "collection.dispute.line"

    credit_ids = fields.One2many("collection.dispute.credit", "line_id", string="Credit Notes")


class CollectionDispute(models.Model):
    """From what was granted to the credit note: proposed as a draft, which an accountant posts."""

    _inherit = "collection.dispute"

    credit_ids = fields.One2many(
        "collection.dispute.credit", compute="_compute_credit_ids", string="Credit Notes", compute_sudo=False
    )
    awaits_credit = fields.Boolean(
        string="Credit Note to make", compute="_compute_awaits_credit", search="_search_awaits_credit"
    )

    @api.depends("line_ids.credit_ids")
    def _compute_credit_ids(self):
        for dispute in self:
            dispute.credit_ids = dispute.line_ids.credit_ids

    @api.depends("stage", "line_ids.credit_ids", "line_ids.accepted", "line_ids.closed_on")
    def _compute_awaits_credit(self):
        # Whether its credit note is made is no secret to whoever reads the dispute.
        for dispute in self:
            dispute.awaits_credit = bool(dispute.stage in CONCEDED and dispute.sudo()._get_lines_to_credit())

    @api.model
    def _search_awaits_credit(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The search that this is part of has its own rules: which credit notes exist depends on no reader.
        live = [("credit_ids", "any", [("move_id.state", "in", ("draft", "posted"))])]
        lines = self.env["collection.dispute.line"].sudo()
        waiting = lines._search([("closed_on", "=", False), ("accepted", ">", 0), "!", *live])
        domain = fields.Domain([("stage", "in", tuple(CONCEDED)), ("line_ids", "any", [("id", "in", waiting)])])
        return domain if True in value else ~domain

    def _is_credited(self):
        """Whether a credit note of the dispute is posted."""
        return any(credit.move_state == "posted" for credit in self.line_ids.credit_ids)

    def _get_lines_to_credit(self):
        """Lines of which something was accepted, without a credit note that stands."""
        return self.line_ids.filtered(
            lambda line: (
                not line.closed_on
                and line.accepted > 0
                and not any(credit.move_state in ("draft", "posted") for credit in line.credit_ids)
            )
        )

    def _get_moves_to_credit(self):
        """Invoices of those lines that can be reversed: entries without an invoice are credited by hand."""
        # Which documents a dispute is about is known to whoever works on it.
        moves = self.sudo()._get_lines_to_credit().item_id.move_id
        return moves.filtered(lambda move: move.is_sale_document(include_receipts=True)).sudo(self.env.su)

    # -- the proposal --------------------------------------------------------------------------------------------------

    def action_propose_credit_note(self):
        """Core's reversal of the invoices, which makes drafts of what was accepted.

        Raises AccessError without the right to make credit notes, UserError where there is nothing to reverse.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env["account.move"].has_access("create"):
            raise AccessError(
                self.env._("Making a credit note is an accountant's right: %s waits for one in “To do”.", self.name)
            )
        if self.stage not in CONCEDED:
            raise UserError(self.env._("Accept %s first, in whole or in part.", self.name))
        moves = self._get_moves_to_credit()
        if not moves:
            raise UserError(
                self.env._(
                    "%s has no invoice left to reverse: its credit note is made already, or the debt is an entry that "
                    "is credited by hand. Once it is, close the dispute.",
                    self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit note for %s", self.display_name),
            "res_model": "account.move.reversal",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "account.move",
                "active_ids": moves.ids,
                "default_collection_dispute_id": self.id,
                "default_reason": self.display_name,
            },
        }

    def _take_credit_notes(self, credit_notes):
        """Bring drafts that reverse the invoices down to what was accepted, and keep them with the dispute."""
        self.check_access("write")
        # Which items are of which invoice is no secret to whoever credits it, whatever he reads of collection.
        waiting = self.sudo()._get_lines_to_credit()
        for credit_note in credit_notes:
            lines = waiting.filtered(
                lambda line, invoice=credit_note.reversed_entry_id: line.item_id.move_id == invoice
            )
            if not lines:
                continue
            accepted = sum(lines.mapped("accepted"))
            if not credit_note._reduce_for_dispute(accepted):
                credit_note.message_post(
                    body=self.env._(
                        "%(dispute)s grants %(amount)s of this invoice. The amount could not be spread over its lines: "
                        "change them before you post.",
                        dispute=self.display_name,
                        amount=format_amount(self.env, accepted, self.currency_id),
                    )
                )
            # What ties a document to a dispute is the program's record.
            credits = self.env["collection.dispute.credit"].sudo()
            credits.create([{"line_id": line.id, "move_id": credit_note.id, "amount": line.accepted} for line in lines])


class AccountMove(models.Model):
    _inherit = "account.move"

    def _reduce_for_dispute(self, amount):
        """Bring a draft credit note down to ``amount``, taxes included, its taxes in proportion.

        Returns whether it is now exactly that, to the cent; otherwise it is left as it was.
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_total, amount) == 0:
            return True
        if self.state != "draft" or self.currency_id.compare_amounts(self.amount_total, amount) < 0:
            return False
        with self.env.cr.savepoint() as before:
            self.invoice_line_ids = [
                Command.clear(),
                *(Command.create(self._prepare_reduced_line(line)) for line in self._reduce_base_lines(amount)),
            ]
            if self.currency_id.compare_amounts(self.amount_total, amount) == 0:
                return True
            before.rollback()
        self.invalidate_recordset()
        self.line_ids.invalidate_recordset()
        return False

    def _reduce_base_lines(self, amount):
        """Lines of the document brought down to ``amount``, by core's own scaling; none where it cannot be done."""
        taxes = self.env["account.tax"]
        product_lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        if not all(tax._can_be_discounted() for tax in product_lines.tax_ids.flatten_taxes_hierarchy()):
            # A tax of so much a piece has no share: core would turn it into a price.
            return []
        base_lines = [
            {**self._prepare_product_base_line_for_taxes_computation(line), "_label": line.name}
            for line in product_lines
        ]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        return taxes._prepare_down_payment_lines(
            base_lines,
            self.company_id,
            "fixed",
            amount,
            computation_key=f"collection_dispute,{self.id}",
            grouping_function=lambda line: {name: line[name] for name in ("product_id", "account_id", "_label")},
        )

    @api.model
    def _prepare_reduced_line(self, base_line):
        return {
            "name": base_line["_label"],
            "product_id": base_line["product_id"].id,
            "quantity": base_line["quantity"],
            "price_unit": base_line["price_unit"],
            "discount": base_line["discount"],
            "tax_ids": [Command.set(base_line["tax_ids"].ids)],
            "account_id": base_line["account_id"].id,
            "analytic_distribution": base_line["analytic_distribution"],
            "extra_tax_data": self.env["account.tax"]._export_base_line_extra_tax_data(base_line),
        }
