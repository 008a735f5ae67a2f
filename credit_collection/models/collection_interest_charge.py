from odoo import api, fields, models
from odoo.tools import SQL


class CollectionInterestCharge(models.Model):
    """Interest of some days, or the lump sum, of an item on an invoice: never twice for the same days.

    Whether a charge stands is read from the ledger: it goes with its invoice, whoever cancels, deletes or credits it.
    """

    _name = "collection.interest.charge"
    _description = "Interest or Lump Sum Invoiced"
    _order = "id desc"
    _rec_name = "item_id"

    item_id = fields.Many2one("collection.item", required=True, ondelete="restrict", index=True, readonly=True)
    debtor_id = fields.Many2one(related="item_id.debtor_id")
    kind = fields.Selection([("interest", "Interest"), ("lump_sum", "Recovery costs")], required=True, readonly=True)
    date_from = fields.Date(string="First Day", readonly=True, help="First day that bore this interest.")
    date_to = fields.Date(string="Last Day", readonly=True, help="Last day that bore this interest.")
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    rule_id = fields.Many2one("collection.interest.rule", ondelete="restrict", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Invoice Line", ondelete="set null", readonly=True, index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move", string="Interest Invoice", ondelete="set null", readonly=True, index="btree_not_null"
    )
    is_void = fields.Boolean(
        readonly=True, help="Its invoice was found cancelled, deleted or credited: the days may be invoiced again."
    )

    _days = models.Constraint(
        "CHECK ((kind = 'interest') = (date_from IS NOT NULL AND date_to IS NOT NULL))",
        "Interest is charged for days, a lump sum is not.",
    )
    # The range of one number stands for the item: an exclusion of numbers themselves would need an extension.
    _days_once = models.Constraint(
        "EXCLUDE USING gist (int4range(item_id, item_id, '[]') WITH &&, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (kind = 'interest' AND is_void IS NOT TRUE)",
        "Interest for some of these days has just been invoiced: look at the customer's interest again.",
    )
    _lump_sum_once = models.UniqueIndex(
        "(item_id) WHERE kind = 'lump_sum' AND is_void IS NOT TRUE",
        "The lump sum of one of these invoices has just been invoiced: look at the customer's interest again.",
    )

    @api.model
    def _sql_stands(self):
        """Whether ``charge`` is still on an invoice, by what the ledger says: a draft counts, a credited one does not.

        An invoice credited in part stands: what was credited is a favour, not days to be claimed again. It is worth
        less by then: see ``_sql_share``.
        """
        return SQL(
            """EXISTS (
                SELECT FROM account_move_line charged
                  JOIN account_move invoice ON invoice.id = charged.move_id AND invoice.state <> 'cancel'
                 WHERE charged.id = charge.move_line_id AND (%s) < invoice.amount_total)""",
            self._sql_credited(SQL("invoice.id")),
        )

    @api.model
    def _sql_share(self):
        """Part of ``charge`` that its invoice still claims, from 0 to 1: credit notes take off each line alike."""
        return SQL(
            """COALESCE((
                SELECT GREATEST(0, 1 - (%s) / NULLIF(invoice.amount_total, 0))
                  FROM account_move_line charged
                  JOIN account_move invoice ON invoice.id = charged.move_id
                 WHERE charged.id = charge.move_line_id), 1)""",
            self._sql_credited(SQL("invoice.id")),
        )

    @api.model
    def _sql_credited(self, invoice):
        """Total of the posted credit notes of an invoice."""
        return SQL(
            """SELECT COALESCE(SUM(note.amount_total), 0) FROM account_move note
                WHERE note.reversed_entry_id = %s AND note.move_type = 'out_refund' AND note.state = 'posted'""",
            invoice,
        )

    @api.model
    def _refresh_void(self):
        """Let go of the days whose invoice no longer stands; take them back where an invoice stands again.

        Days that were invoiced again meanwhile stay with the later invoice: see ``_sql_rivals``.
        """
        self._flush_for_charges()
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_interest_charge charge SET is_void = judged.is_void
                  FROM (SELECT charge.id, NOT (%(stands)s) AS is_void FROM collection_interest_charge charge) judged
                 WHERE judged.id = charge.id AND charge.is_void IS DISTINCT FROM judged.is_void
                   AND (judged.is_void OR NOT EXISTS (%(rivals)s))
                """,
                stands=self._sql_stands(),
                rivals=self._sql_rivals(),
            )
        )
        self.invalidate_model(["is_void"])

    @api.model
    def _sql_rivals(self):
        """Other charges of the same days, or of the same lump sum, than ``charge``."""
        return SQL(
            """SELECT FROM collection_interest_charge rival
                WHERE rival.item_id = charge.item_id AND rival.kind = charge.kind AND rival.id <> charge.id
                  AND (rival.is_void IS NOT TRUE OR rival.id > charge.id)
                  AND (charge.kind = 'lump_sum'
                       OR (rival.date_from <= charge.date_to AND rival.date_to >= charge.date_from))"""
        )

    @api.model
    def _flush_for_charges(self):
        for model in ("account.move", "account.move.line", self._name):
            self.env[model].flush_model()

    def action_open_move(self):
        """The invoice of interest."""
        self.ensure_one()
        return self.move_id.action_collection_open()
