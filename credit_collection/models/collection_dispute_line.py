from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount

from ..calc.dispute_stages import Stage, stands_for
from .collection_interest import to_amount

# What the owner of a dispute decides about a line; the rest is the collector's.
OWNER_FIELDS = frozenset({"accepted"})
PROGRAM_FIELDS = frozenset({"dispute_id", "opened_on", "closed_on"})


class CollectionDisputeLine(models.Model):
    """An open item, or a part of it, that the customer contests."""

    _name = "collection.dispute.line"
    _description = "Disputed Item"
    _order = "dispute_id, id"
    _rec_name = "name"

    dispute_id = fields.Many2one("collection.dispute", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="dispute_id.company_id")
    debtor_id = fields.Many2one(related="dispute_id.debtor_id")
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    stage = fields.Selection(related="dispute_id.stage")
    item_id = fields.Many2one(
        "collection.item",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('debtor_id', '=', debtor_id), ('currency_id', '=', currency_id), ('closed_on', '=', False)]",
    )
    name = fields.Char(compute="_compute_from_item", search="_search_name", string="Number")
    due_date = fields.Date(compute="_compute_from_item")
    item_amount = fields.Monetary(compute="_compute_from_item", string="Original Amount")
    open_amount = fields.Monetary(compute="_compute_open_amount", string="Open", help="What is left of the item today.")
    amount = fields.Monetary(
        string="Disputed",
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="All of the item or a part of it; the rest is chased.",
    )
    accepted = fields.Monetary(help="What is granted to the customer, by a credit note.")
    opened_on = fields.Date(required=True, readonly=True, help="First day on which it is not chased.")
    closed_on = fields.Date(readonly=True, help="Day from which it is chased again, or settled.")

    _open_idx = models.Index("(item_id) WHERE closed_on IS NULL")
    _item_unique = models.UniqueIndex("(dispute_id, item_id)", "This item is already in the dispute.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount disputed must be positive.")
    _accepted_within = models.Constraint(
        "CHECK (COALESCE(accepted, 0) BETWEEN 0 AND GREATEST(amount, 0))",
        "No more than what is disputed can be accepted.",
    )

    def _get_items_to_tell(self):
        """Items of which the user may know: those of the disputes seen, and those that may be read anyway.

        An owner who is no collector reads no items; nor does one of a dialog in which an item was merely typed.
        """
        noted = self._origin.item_id
        return noted | (self.item_id - noted)._filtered_access("read")

    @api.depends("item_id.name", "item_id.due_date", "item_id.amount")
    def _compute_from_item(self):
        told = self._get_items_to_tell()
        for line in self:
            # Who sees a dispute sees what it is about.
            item = (line.item_id & told).sudo()
            line.name, line.due_date, line.item_amount = item.name, item.due_date, item.amount

    def _search_name(self, operator, value):
        return [("item_id.name", operator, value)]

    @api.depends("item_id")
    def _compute_open_amount(self):
        residuals = self._get_items_to_tell()._get_residuals()
        for line in self:
            line.open_amount = residuals.get(line.item_id, 0)

    @api.depends("item_id")
    def _compute_amount(self):
        contestable = self._get_items_to_tell()._get_contestable_amounts()
        for line in self:
            line.amount = line.amount or contestable.get(line.item_id, 0)

    @api.constrains("item_id", "dispute_id")
    def _check_item(self):
        for line in self:
            if line.item_id.debtor_id != line.dispute_id.debtor_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s is not owed by %(debtor)s.",
                        item=line.item_id.display_name,
                        debtor=line.dispute_id.debtor_id.display_name,
                    )
                )
            if line.item_id.currency_id != line.dispute_id.currency_id:
                raise ValidationError(
                    self.env._("A dispute is about items of one currency: open another one for %s.", line.name)
                )

    @api.constrains("amount", "item_id")
    def _check_amount(self):
        """Refuse to contest more than what is open, whatever other disputes already contest."""
        items = self.item_id
        contestable = items._get_contestable_amounts(without=self)
        for line in self:
            left = contestable[line.item_id]
            if line.currency_id.compare_amounts(line.amount, left) > 0:
                raise ValidationError(
                    self.env._(
                        "%(item)s: %(amount)s is more than the %(left)s that are open and not disputed yet.",
                        item=line.name,
                        amount=format_amount(self.env, line.amount, line.currency_id),
                        left=format_amount(self.env, left, line.currency_id),
                    )
                )

    # -- who changes what ----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """An item added later is contested from that day on."""
        lines = super().create([self._prepare_created(vals) for vals in vals_list])
        lines.dispute_id._check_collector()
        lines.dispute_id._check_open()
        lines.dispute_id._recheck_reminders()
        return lines

    @api.model
    def _prepare_created(self, vals):
        """The values with the dates that nobody gives himself, neither as values nor as defaults of the context."""
        dispute = self.env["collection.dispute"].browse(vals.get("dispute_id"))
        dates = {"opened_on": dispute._get_line_start(), "closed_on": False}
        return {**dates, **vals} if self.env.su else {**vals, **dates}

    def write(self, vals):
        """Refuse what neither the collector nor the owner of the dispute decides, or no longer."""
        if not self.env.su:
            self._check_may_write(vals)
        result = super().write(vals)
        if {"amount", "accepted", "item_id", "opened_on"} & vals.keys():
            self.dispute_id._recheck_reminders()
        return result

    def _check_may_write(self, vals):
        if PROGRAM_FIELDS & vals.keys():
            raise AccessError(self.env._("The dates of a disputed item are kept by the program."))
        if vals.keys() - OWNER_FIELDS:
            self.dispute_id._check_collector()
        self.dispute_id._check_open()

    def unlink(self):
        """Take items out of a dispute; one always remains."""
        disputes = self.dispute_id
        disputes._check_collector()
        disputes._check_open()
        result = super().unlink()
        disputes._check_has_lines()
        disputes._recheck_reminders()
        return result

    def _get_standing_amount(self):
        """What the line keeps out of the claim now."""
        self.ensure_one()
        if self.closed_on:
            return 0.0
        currency = self.currency_id
        amounts = (to_amount(amount, currency) for amount in (self.amount, self.accepted))
        return float(stands_for(Stage(self.stage), *amounts))

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        # Only whether the entry is still there: opening it asks for the right to read it.
        if not self.item_id.sudo().move_id:
            raise UserError(self.env._("The entry is no longer in the ledger."))
        return self.item_id.move_id.action_collection_open()


class CollectionItem(models.Model):
    _inherit = "collection.item"

    def _get_residuals(self):
        """{item: what is open of it in the ledger}."""
        # What is open does not depend on who asks: an owner of a dispute may read no ledger.
        return {item: max(item.sudo().move_line_id.amount_residual_currency, 0) for item in self}

    def _get_contestable_amounts(self, without=None):
        """{item: what is open of it and in no open dispute, those of the lines ``without`` excepted}."""
        # Other disputes count whoever may read them: two together never exceed the item.
        lines = self.env["collection.dispute.line"].sudo()
        others = lines.search([("item_id", "in", self.ids), ("closed_on", "=", False)])
        if without:
            others -= without.sudo()
        contested = dict.fromkeys(self, 0.0)
        for line in others:
            contested[line.item_id] += line._get_standing_amount()
        return {
            item: max(item.sudo().currency_id.round(residual - contested[item]), 0)
            for item, residual in self._get_residuals().items()
        }
