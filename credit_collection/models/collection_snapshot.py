from odoo import fields, models

from .collection_decision import DECISIONS


class UnboundMany2one(fields.Many2one):
    """A reference that the database does not check: a foreign key costs 3 µs a row, and these rows live a day.

    To a ledger line it would also lock every open one of the company while a run is being planned, and keep
    accountants from deleting any.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the column without a foreign key."""


class CollectionSnapshot(models.Model):
    """The decisions of a run, one row an open item, kept for the last run of a company: the simulation."""

    _name = "collection.snapshot"
    _description = "Decision of a Run"
    _order = "debtor_id, due_date, id"
    _rec_name = "move_name"
    _log_access = False

    run_id = fields.Many2one("collection.run", required=True, ondelete="cascade", index=True, readonly=True)
    debtor_id = fields.Many2one("collection.debtor", ondelete="cascade", index=True, readonly=True)
    move_line_id = UnboundMany2one("account.move.line", string="Journal Item", readonly=True)
    move_id = UnboundMany2one("account.move", string="Invoice", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    currency_id = UnboundMany2one("res.currency", readonly=True)
    company_currency_id = UnboundMany2one("res.currency", readonly=True)
    plan_id = UnboundMany2one("collection.plan", readonly=True)
    level_id = UnboundMany2one("collection.level", string="Next Level", readonly=True)
    position_level_id = UnboundMany2one("collection.level", string="Level reached", readonly=True)
    item_id = UnboundMany2one("collection.item", readonly=True)
    cycle = fields.Integer(readonly=True, aggregator=None)
    due_date = fields.Date(readonly=True)
    days_late = fields.Integer(readonly=True, aggregator=None)
    amount = fields.Monetary(string="Original Amount", readonly=True, aggregator=None)
    residual = fields.Monetary(string="Open", readonly=True, aggregator=None)
    claim = fields.Monetary(string="Claimed", readonly=True, aggregator=None)
    claim_company = fields.Monetary(
        string="Claimed (company currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the entry.",
    )
    decision = fields.Selection(DECISIONS, readonly=True)
    detail = fields.Char(readonly=True)
    next_date = fields.Date(readonly=True)

    def action_explain(self):
        """Open the live explanation of the item's decision."""
        self.ensure_one()
        return self.move_id.action_collection_explain()
