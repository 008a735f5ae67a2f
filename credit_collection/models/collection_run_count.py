from odoo import fields, models

from .collection_decision import DECISIONS


class CollectionRunCount(models.Model):
    """What a run decided, counted by decision, plan, level and currency; it outlives the snapshot."""

    _name = "collection.run.count"
    _description = "Count of a Run"
    _order = "run_id, item_count desc, id"
    _log_access = False

    run_id = fields.Many2one("collection.run", required=True, ondelete="cascade", index=True, readonly=True)
    decision = fields.Selection(DECISIONS, readonly=True)
    plan_id = fields.Many2one("collection.plan", ondelete="set null", readonly=True)
    level_id = fields.Many2one("collection.level", ondelete="set null", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    item_count = fields.Integer(string="Items", readonly=True)
    debtor_count = fields.Integer(string="Debtors", readonly=True)
    residual = fields.Monetary(string="Open", readonly=True)
    claim = fields.Monetary(string="Claimed", readonly=True)
