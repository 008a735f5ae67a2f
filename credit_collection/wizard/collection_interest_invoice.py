from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_list

# Items settled for longer are not proposed unless asked for.
SETTLED_DAYS = 365


class CollectionInterestInvoice(models.TransientModel):
    """Choose the interest and the lump sums that a draft invoice takes; the others wait or are waived."""

    _name = "collection.interest.invoice"
    _description = "Invoice Interest"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="cascade", readonly=True)
    until = fields.Date(string="Up to", required=True, help="Last day that bears interest.")
    settled_since = fields.Date(
        string="Paid late since", required=True, help="Items settled before that day are not proposed."
    )
    line_ids = fields.One2many(
        "collection.interest.invoice.line", "invoice_id", compute="_compute_lines", store=True, readonly=False
    )
    total = fields.Char(compute="_compute_total")
    left_out = fields.Selection(
        [("keep", "stays claimed"), ("waive", "is waived")], string="What is not ticked", default="keep", required=True
    )
    reason = fields.Char(string="Reason of the waiver")

    @api.model
    def _open_for(self, debtor):
        """Action that proposes what may be invoiced to a debtor up to today."""
        debtor.check_access("write")
        today = debtor.company_id._get_collection_today()
        wizard = self.create(
            {
                "debtor_id": debtor.id,
                "until": today,
                "settled_since": fields.Date.subtract(today, days=SETTLED_DAYS),
            }
        )
        return {
            **self.env["collection.debtor"]._open_record(wizard),
            "target": "new",
            "name": self.env._("Invoice interest and recovery costs"),
            "context": {"dialog_size": "extra-large"},
        }

    @api.depends("until", "settled_since", "debtor_id")
    def _compute_lines(self):
        for wizard in self:
            claims = wizard._get_claims()
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(wizard._prepare_line(move_line, claim)) for move_line, claim in claims.items()),
            ]

    def _get_claims(self):
        if not self.until or not self.settled_since:
            return {}
        return self.debtor_id._compute_chargeable(self.until, self.settled_since)

    def _prepare_line(self, move_line, claim):
        known = [line for line in claim.statement.lines if line.percent is not None]
        return {
            "move_line_id": move_line.id,
            "name": move_line.move_name,
            "due_date": move_line.date_maturity,
            "date_from": known[0].start if known else False,
            "date_to": known[-1].end if known else False,
            "days": sum(line.days for line in known),
            "interest": float(claim.interest),
            "currency_id": claim.currency.id,
            "lump_sum": float(claim.lump_sum),
            "lump_sum_currency_id": claim.lump_sum_currency.id if claim.lump_sum else False,
            "is_incomplete": not claim.is_complete,
            "takes_interest": bool(claim.interest),
            "takes_lump_sum": bool(claim.lump_sum),
        }

    @api.depends("line_ids.takes_interest", "line_ids.takes_lump_sum", "line_ids.interest", "line_ids.lump_sum")
    def _compute_total(self):
        for wizard in self:
            sums = {}
            for line in wizard.line_ids:
                if line.takes_interest and line.interest:
                    sums[line.currency_id] = sums.get(line.currency_id, 0) + line.interest
                if line.takes_lump_sum and line.lump_sum:
                    sums[line.lump_sum_currency_id] = sums.get(line.lump_sum_currency_id, 0) + line.lump_sum
            wizard.total = format_list(
                self.env, [format_amount(self.env, amount, currency) for currency, amount in sums.items()]
            )

    def action_invoice(self):
        """Make the draft invoices, and waive what is left out where the user says so."""
        self.ensure_one()
        # Amounts are computed anew: of the lines, only what the user ticked counts.
        proposed = self.debtor_id._get_interest_lines(self.until, self.settled_since)
        lines = self.line_ids.filtered(lambda line: line.sudo().move_line_id in proposed)
        if self.left_out == "waive":
            self._waive_left_out(lines)
        taken = lines.filtered(lambda line: line.takes_interest or line.takes_lump_sum)
        if not taken:
            if self.left_out == "waive":
                return {"type": "ir.actions.act_window_close"}
            raise UserError(self.env._("Tick what is to be invoiced."))
        # The customer's own items, that the wizard has proposed.
        choice = {line.sudo().move_line_id: (line.takes_interest, line.takes_lump_sum) for line in taken}
        return self._open_invoices(self.debtor_id._invoice_interest(choice, self.until))

    def _waive_left_out(self, lines):
        """Waive by items that lose the same: both, interest alone or the lump sum alone."""
        for scope, interest, lump_sum in (("both", True, True), ("interest", True, False), ("lump_sum", False, True)):
            lost = lines.filtered(
                lambda line, interest=interest, lump_sum=lump_sum: (
                    bool(line.interest and not line.takes_interest) is interest
                    and bool(line.lump_sum and not line.takes_lump_sum) is lump_sum
                )
            )
            if lost:
                # The customer's own items, that the wizard has proposed.
                items = self.debtor_id._ensure_items(lost.sudo().move_line_id)
                self.env["collection.interest.waiver"]._waive(
                    self.env["collection.item"].union(*items.values()), scope, self.until, self.reason
                )

    def _open_invoices(self, moves):
        own = moves.sudo(False)
        if own.has_access("read"):
            action = self.env["collection.debtor"]._open_record(own[:1])
            if len(own) == 1:
                return {**action, "views": [(self.env.ref("account.view_move_form").id, "form")]}
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Invoices of interest"),
                "res_model": "account.move",
                "view_mode": "list,form",
                "domain": [("id", "in", own.ids)],
            }
        # A draft is for accountants: the collector learns that it waits for them.
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Draft invoice prepared"),
                "message": self.env._("An accountant checks and posts it."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class CollectionInterestInvoiceLine(models.TransientModel):
    """What an item may be invoiced."""

    _name = "collection.interest.invoice.line"
    _description = "Interest to Invoice"
    _order = "due_date, name, id"

    invoice_id = fields.Many2one("collection.interest.invoice", required=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", ondelete="cascade", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    due_date = fields.Date(readonly=True)
    date_from = fields.Date(string="First Day", readonly=True)
    date_to = fields.Date(string="Last Day", readonly=True)
    days = fields.Integer(readonly=True)
    interest = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    lump_sum = fields.Monetary(string="Recovery costs", currency_field="lump_sum_currency_id", readonly=True)
    lump_sum_currency_id = fields.Many2one("res.currency", readonly=True)
    is_incomplete = fields.Boolean(string="Without a rate", readonly=True, help="No rate is published for some days.")
    takes_interest = fields.Boolean(string="Invoice interest")
    takes_lump_sum = fields.Boolean(string="Invoice costs")
