from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

# Journals whose entries are money: a payment, a line of a bank statement, an entry of theirs by hand.
MONEY_JOURNALS = ("bank", "cash", "credit")


class CollectionItem(models.Model):
    """What was received of each item, read from the reconciliations: never typed, never kept."""

    _inherit = "collection.item"

    def _read_receipts(self, since=None):
        """Receipts of the items: ``{item: [(day, amount, move_line_id of the credit, is_credit_note)]}``.

        In order of day, from ``since`` on if given. ``amount`` is a positive Decimal in the currency of the item,
        whatever was paid with. Money and credit notes only: a set-off, a write-off or a difference of exchange is
        neither. A reconciliation that was undone is not there. By one query, whatever the number of items.
        """
        # Whoever works on an item may know what was received of it, whatever of the ledger he may read.
        item_of = {item.sudo().move_line_id.id: item for item in self if item.sudo().move_line_id}
        self._flush_for_receipts()
        pruned = SQL("part.debit_move_id IN %s", tuple(item_of) or (0,))
        if since:
            pruned = SQL("%s AND part.max_date >= %s", pruned, since)
        receipts = {item: [] for item in self}
        for line_id, _id, day, amount, credit_id, kind, _currency in self.env.execute_query(self._sql_receipts(pruned)):
            if kind != "other":
                receipts[item_of[line_id]].append((day, Decimal(amount), credit_id, kind == "credit_note"))
        return receipts

    @api.model
    def _flush_for_receipts(self):
        for model in ("account.move", "account.move.line", "account.partial.reconcile", "collection.item"):
            self.env[model].flush_model()

    @api.model
    def _sql_receipts(self, pruned):
        """Query of what reduced the lines, in order of day.

        Columns (line_id, partial_id, day, amount, credit_line_id, kind, currency_id), where kind is "money",
        "credit_note" or "other". The amount is a text, for a number would come as a float. ``pruned`` is a condition on
        ``part``, the reconciliations.
        """
        # Sub-selects by key, not joins: inside a run, whose joins are by hash, these would read the whole ledger.
        return SQL(
            """
            SELECT part.debit_move_id AS line_id, part.id AS partial_id, part.max_date AS day,
                   part.debit_amount_currency::text AS amount, part.credit_move_id AS credit_line_id,
                   CASE WHEN (SELECT move.move_type FROM account_move move
                               WHERE move.id = (SELECT credit.move_id FROM account_move_line credit
                                                 WHERE credit.id = part.credit_move_id)) = 'out_refund'
                        THEN 'credit_note'
                        WHEN (SELECT journal.type FROM account_journal journal
                               WHERE journal.id = (SELECT credit.journal_id FROM account_move_line credit
                                                    WHERE credit.id = part.credit_move_id)) IN %(money)s
                        THEN 'money'
                        ELSE 'other' END AS kind,
                   part.debit_currency_id AS currency_id
              FROM account_partial_reconcile part
             WHERE %(pruned)s AND part.debit_amount_currency > 0
             ORDER BY part.max_date, part.id
            """,
            pruned=pruned,
            money=MONEY_JOURNALS,
        )
