import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from .column_arrays import as_dates, insert_columns


class CollectionPaymentDate(models.Model):
    """When an open item is expected to be paid: the day of the middle, and those between which four in five fall.

    Written anew every night by the forecast (collection_forecast), one row an open item, by one statement.
    """

    _name = "collection.payment.date"
    _description = "Expected Payment Date"
    _order = "p50, id"
    _rec_name = "move_line_id"
    _log_access = False

    move_line_id = fields.Many2one("account.move.line", string="Journal Item", ondelete="set null", readonly=True)
    debtor_id = fields.Many2one(
        "collection.debtor", string="Customer", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id")
    user_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    move_id = fields.Many2one("account.move", string="Invoice", compute="_compute_move_id")
    due_date = fields.Date(readonly=True)
    amount = fields.Monetary(string="Open", readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True)
    as_of = fields.Date(string="As of", readonly=True, help="Last day that was known when it was worked out.")
    p10 = fields.Date(
        string="Not before",
        readonly=True,
        help="Four payments in five fall between these two days; one in ten comes before this one.",
    )
    p50 = fields.Date(
        string="Expected on",
        readonly=True,
        help="As likely to be paid before as after, if it is paid within a year. Empty: nothing is in sight.",
    )
    p90 = fields.Date(
        string="Not after",
        readonly=True,
        help="Four payments in five fall between these two days; one in ten comes after this one.",
    )
    beyond = fields.Float(
        string="Not within 13 weeks",
        readonly=True,
        aggregator=None,
        help="Chance that it is not paid within thirteen weeks.",
    )
    is_in_sight = fields.Boolean(compute="_compute_is_in_sight", help="More likely paid within 13 weeks than not.")
    is_committed = fields.Boolean(
        string="Committed", readonly=True, help="A promise, an agreement or a direct debit says when the money comes."
    )

    _move_line_unique = models.UniqueIndex("(move_line_id) WHERE move_line_id IS NOT NULL")
    _p50_idx = models.Index("(p50)")

    @api.depends("beyond", "p50")
    def _compute_is_in_sight(self):
        for expected in self:
            expected.is_in_sight = bool(expected.p50) and expected.beyond <= 0.5

    @api.depends("move_line_id")
    def _compute_move_id(self):
        # Not a related field: it would hang on the ledger's. Whoever sees the date may know of which invoice it is.
        for expected in self:
            expected.move_id = expected.sudo().move_line_id.move_id

    @api.model
    def _rewrite(self, company, book, forecast, committed):
        """Replace what was expected of the company's open items by the ``forecast`` of its ``book``."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """DELETE FROM collection_payment_date expected USING collection_debtor debtor
                    WHERE debtor.id = expected.debtor_id AND debtor.company_id = %s""",
                company.id,
            )
        )
        items = book.items
        is_committed = [False] * len(items)
        for item in committed.item.tolist():
            is_committed[item] = True
        insert_columns(
            self.env,
            self._table,
            {
                "move_line_id": ("int4", [line_id or None for line_id in book.line_ids.tolist()]),
                "debtor_id": ("int4", items.debtor.tolist()),
                "due_date": ("date", as_dates(items.due)),
                "amount": ("numeric", items.amount.tolist()),
                "currency_id": ("int4", items.currency.tolist()),
                "as_of": ("date", [forecast.as_of] * len(items)),
                "p10": ("date", as_dates(forecast.p10)),
                "p50": ("date", as_dates(forecast.p50)),
                "p90": ("date", as_dates(forecast.p90)),
                "beyond": ("float8", np.round(forecast.beyond, 4).tolist()),
                "is_committed": ("bool", is_committed),
            },
        )
        self.invalidate_model()

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.move_id.action_collection_open()

    def action_open_debtor(self):
        """The customer's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)
