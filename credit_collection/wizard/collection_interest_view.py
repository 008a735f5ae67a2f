from odoo import Command, api, fields, models
from odoo.tools import format_amount, format_list


class CollectionInterestView(models.TransientModel):
    """How the interest of a customer's items is computed, on a day that the user chooses: nothing is claimed by it."""

    _name = "collection.interest.view"
    _description = "Computation of Interest"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="cascade", readonly=True)
    move_line_ids = fields.Many2many("account.move.line", readonly=True)
    until = fields.Date(required=True, help="Last day that bears interest.")
    line_ids = fields.One2many("collection.interest.view.line", "view_id", compute="_compute_lines", store=True)
    total = fields.Char(string="Interest", compute="_compute_lines", store=True)
    lump_sum_total = fields.Char(string="Recovery costs", compute="_compute_lines", store=True)
    is_incomplete = fields.Boolean(compute="_compute_lines", store=True)
    reasons = fields.Text(string="Not claimed", compute="_compute_lines", store=True)
    mention = fields.Text(string="Legal basis", compute="_compute_lines", store=True)

    @api.model
    def _open_for(self, debtor, lines):
        """Action that shows the computation for journal items of a debtor, up to today."""
        debtor.check_access("read")
        lines.check_access("read")
        view = self.create(
            {
                "debtor_id": debtor.id,
                "move_line_ids": [Command.set(lines.ids)],
                "until": debtor.company_id._get_collection_today(),
            }
        )
        return {
            **self.env["collection.debtor"]._open_record(view),
            "target": "new",
            "name": self.env._("Late-payment interest"),
            "context": {"dialog_size": "extra-large"},
        }

    @api.depends("until", "move_line_ids", "debtor_id")
    def _compute_lines(self):
        for view in self:
            claims = view._get_claims()
            view.line_ids = [
                Command.clear(),
                *(
                    Command.create(view._prepare_line(move_line, claim, line))
                    for move_line, claim in claims.items()
                    for line in claim.computed.lines
                ),
            ]
            claimed = [claim for claim in claims.values() if claim.claimed]
            view.total = view._format_sums((claim.currency, claim.interest) for claim in claimed)
            view.lump_sum_total = view._format_sums(
                (claim.lump_sum_currency, claim.lump_sum) for claim in claimed if claim.lump_sum
            )
            view.is_incomplete = any(not claim.computed.is_complete for claim in claims.values())
            view.reasons = "\n".join(
                self.env._("%(label)s: %(value)s", label=move_line.move_name or "/", value=claim.reason)
                for move_line, claim in claims.items()
                if claim.reason
            )
            view.mention = "\n".join(dict.fromkeys(claim.mention for claim in claimed if claim.mention))

    def _get_claims(self):
        self.ensure_one()
        if not self.until:
            return {}
        lines = self.move_line_ids._origin
        lines.check_access("read")
        claims = self.env["collection.interest"]._compute_for_lines(lines, self.until)
        return {line: claims[line] for line in lines if line in claims}

    def _prepare_line(self, move_line, claim, line):
        return {
            "name": move_line.move_name,
            "due_date": move_line.date_maturity,
            "date_from": line.start,
            "date_to": line.end,
            "days": line.days,
            "base": float(line.base),
            "percent": float(line.percent or 0),
            "is_known": line.percent is not None,
            "is_claimed": claim.claimed,
            "amount": float(line.amount or 0),
            "currency_id": claim.currency.id,
        }

    def _format_sums(self, amounts):
        """Sum by currency: several are never added up."""
        sums = {}
        for currency, amount in amounts:
            sums[currency] = sums.get(currency, 0) + amount
        return format_list(
            self.env, [format_amount(self.env, float(amount), currency) for currency, amount in sums.items()]
        )


class CollectionInterestViewLine(models.TransientModel):
    """A stretch of days of the computation."""

    _name = "collection.interest.view.line"
    _description = "Line of a Computation of Interest"
    _order = "due_date, name, date_from, id"

    view_id = fields.Many2one("collection.interest.view", required=True, ondelete="cascade")
    name = fields.Char(string="Number")
    due_date = fields.Date()
    date_from = fields.Date(string="First Day")
    date_to = fields.Date(string="Last Day")
    days = fields.Integer()
    base = fields.Monetary(string="On")
    percent = fields.Float(string="Rate (%)", digits=(8, 4))
    is_known = fields.Boolean()
    is_claimed = fields.Boolean()
    amount = fields.Monetary(string="Interest")
    currency_id = fields.Many2one("res.currency")
