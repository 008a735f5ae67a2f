from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .collection_item_receipts import MONEY_JOURNALS

# Dates of writing are those at which a transaction began: one may become visible so long after.
MARGIN = timedelta(days=1)
# Where more items than that were written about, all of them are read quicker than these are looked up.
MANY_ITEMS = 50_000
# Up to this part of an instalment, what is settled without money does not put off the day on which it was paid.
WRITTEN_OFF = 0.02
# What the ledger says of an instalment; what collection found out itself (bounced_on) is kept apart.
LEDGER_COLUMNS = (
    "debtor_id",
    "currency_id",
    "issued",
    "due",
    "paid_on",
    "removed_on",
    "amount",
    "residual",
    "disputed_on",
)


class CollectionPaymentHistory(models.Model):
    """When each instalment was issued, due and paid: one row a debt of the perimeter, those still open included.

    Read from the reconciliations, which are not written: this is their copy, for scores and forecasts that go through
    a million of them. ``_refresh`` brings it up to date by one statement; it reads arrays for ``calc``: see
    ``collection_payment_history_arrays``.

    An instalment is *paid* on the day of the last reconciliation that settled it, if money brought the larger part of
    it, and on that of the last money where no more than a rounding, a bank charge or a discount was left to write off;
    *removed* on the last day if credit notes, set-offs or write-offs settled it. A receipt that came back is removed
    with the entry that took it back. The due date is the one that the decision uses: from the receipt by a public body,
    from the release of a retention.
    """

    _name = "collection.payment.history"
    _description = "Payment History"
    _order = "due desc, id desc"
    _rec_name = "move_line_id"
    _log_access = False

    # The foreign key costs nothing to accountants: see the index. Without its line a row goes at the next refresh.
    move_line_id = fields.Many2one("account.move.line", string="Journal Item", ondelete="set null", readonly=True)
    debtor_id = fields.Many2one(
        "collection.debtor", string="Customer", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    issued = fields.Date(string="Issued on", required=True, readonly=True)
    due = fields.Date(string="Due on", required=True, readonly=True)
    paid_on = fields.Date(readonly=True, help="Day of the last receipt that settled it; empty while it is open.")
    removed_on = fields.Date(
        string="Settled otherwise on",
        readonly=True,
        help="By a credit note, a set-off or a write-off for the most part.",
    )
    amount = fields.Monetary(readonly=True, aggregator=None)
    residual = fields.Monetary(string="Open", readonly=True, aggregator=None)
    disputed_on = fields.Date(readonly=True, help="First day on which a dispute about it was known.")
    bounced_on = fields.Date(
        string="Payment came back on",
        readonly=True,
        help="Day on which the money that had settled it was found to be gone.",
    )
    days_late = fields.Integer(compute="_compute_days_late", help="From the due date to the payment, or to today.")

    _move_line_unique = models.UniqueIndex("(move_line_id)", "This journal item is in the history already.")
    _bounced_idx = models.Index("(debtor_id, bounced_on) WHERE bounced_on IS NOT NULL")

    @api.depends("due", "paid_on", "removed_on")
    def _compute_days_late(self):
        today = self.env["collection.decision"]._get_today()
        for instalment in self:
            end = instalment.paid_on or instalment.removed_on or today
            instalment.days_late = (end - instalment.due).days if instalment.due else 0

    # -- refreshing ----------------------------------------------------------------------------------------------------

    @api.model
    def _refresh(self, companies):
        """Bring the history of the root ``companies`` up to date with the ledger; return how many rows changed.

        Only what was written since the last time is read, all of it the first time. Customers who have paid everything
        become debtors too: they are known by their past.
        """
        changed = 0
        for company in companies.root_id:
            # Read by the program, on behalf of nobody.
            history = self.sudo().with_context(
                allowed_company_ids=company.ids, collection_debtor_ids=None, collection_date=None
            )
            changed += history._refresh_company(company)
        self.env["collection.payment.history"].invalidate_model()
        return changed

    def _refresh_company(self, company):
        Decision = self.env["collection.decision"]
        Decision._flush_for_decision()
        for model in ("account.account", "collection.dispute", "collection.dispute.line", self._name):
            self.env[model].flush_model()
        since = company.collection_history_refreshed_at
        started = self.env.cr.now()
        touched = self._read_touched(company, since)
        with Decision._tuned_for_large_sets(joins_by_hash=touched is None):
            self._ensure_debtors_of_history(company, touched)
            # Customers are alike by their country, which the figures of the night tell later.
            unknown = SQL("debtor.company_id = %s AND debtor.figures_date IS NULL", company.id)
            self.env.cr.execute(self.env["collection.debtor"]._sql_refresh_reach(unknown))
            self._forget_vanished(company)
            self.env.cr.execute(self._sql_refresh(company, touched))
            changed = self.env.cr.rowcount
        # By SQL: a write on the company would empty the caches of all workers.
        self.env.cr.execute(
            SQL("UPDATE res_company SET collection_history_refreshed_at = %s WHERE id = %s", started, company.id)
        )
        company.invalidate_recordset(["collection_history_refreshed_at"])
        if not since:
            self.env.cr.execute(SQL("ANALYZE collection_payment_history"))
        return changed

    def _ensure_debtors_of_history(self, company, touched):
        """Create the debtors of customers who owe nothing now, and of whom the ledger knows debts."""
        Debtor = self.env["collection.debtor"].with_context(collection_with_history=True)
        if touched is None:
            Debtor._ensure_debtors(company)
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.partner_id
                  FROM account_move_line line
                  JOIN (%(touched)s) touched ON touched.line_id = line.id
                 WHERE line.partner_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM collection_debtor debtor
                                    WHERE debtor.partner_id = line.partner_id AND debtor.company_id = %(company)s)
                """,
                touched=self._sql_touched(touched),
                company=company.id,
            )
        )
        if rows:
            Debtor._ensure_debtors(company, self.env["res.partner"].browse(partner_id for (partner_id,) in rows))

    def _forget_vanished(self, company):
        """Delete the rows whose journal item is gone or out of the perimeter; close those of entries not posted."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM collection_payment_history history USING collection_debtor debtor
                    WHERE debtor.id = history.debtor_id AND debtor.company_id = %s AND history.move_line_id IS NULL""",
                company.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM collection_payment_history history
                 USING collection_debtor debtor, account_move_line line, account_account account
                 WHERE debtor.id = history.debtor_id AND debtor.company_id = %s
                   AND line.id = history.move_line_id AND account.id = line.account_id
                   -- What has no customer any more, or is no debt, would stay as it was.
                   AND (account.collection_role IS NULL OR line.partner_id IS NULL OR line.amount_currency <= 0)
                """,
                company.id,
            )
        )
        # An invoice that was cancelled had been open until then: what was foretold of it knew no better.
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_payment_history history
                   SET paid_on = NULL, removed_on = COALESCE(history.removed_on, %(today)s), residual = 0
                  FROM collection_debtor debtor, account_move_line line
                 WHERE debtor.id = history.debtor_id AND debtor.company_id = %(company)s
                   AND line.id = history.move_line_id AND line.parent_state <> 'posted'
                   AND (history.paid_on IS NOT NULL OR history.removed_on IS NULL)
                """,
                today=company._get_collection_today(),
                company=company.id,
            )
        )

    def _sql_refresh(self, company, touched):
        columns = [SQL.identifier(name) for name in LEDGER_COLUMNS]
        values = SQL(", ").join(SQL("EXCLUDED.%s", column) for column in columns)
        return SQL(
            """
            INSERT INTO collection_payment_history AS history (move_line_id, %(columns)s)
            %(rows)s
                ON CONFLICT (move_line_id) DO UPDATE
               SET (%(columns)s) = ROW(%(values)s),
                   bounced_on = CASE WHEN history.paid_on IS NOT NULL
                                      AND COALESCE(EXCLUDED.paid_on, EXCLUDED.removed_on) IS NULL
                                      AND NOT %(money_is_there)s THEN %(today)s
                                     -- Settled again by money that was there before: nothing had come back.
                                     WHEN EXCLUDED.paid_on < history.bounced_on THEN NULL
                                     ELSE history.bounced_on END
             WHERE (%(known)s) IS DISTINCT FROM (%(values)s)
            """,
            columns=SQL(", ").join(columns),
            values=values,
            known=SQL(", ").join(SQL("history.%s", column) for column in columns),
            rows=self._sql_rows(touched),
            money_is_there=self._sql_money_is_there(company),
            today=company._get_collection_today(),
        )

    def _sql_money_is_there(self, company):
        """Whether a receipt of the day on which ``history`` was paid is still posted: then it was allocated elsewhere.

        A receipt that the bank took back by an entry of its own stays posted too: see ``_sql_bounced_entries``.
        """
        # Sub-selects by key, not joins: those of the first time are by hash, and would read the whole ledger.
        return SQL(
            """EXISTS (SELECT FROM account_move_line receipt
                        WHERE receipt.partner_id = (SELECT debtor.partner_id FROM collection_debtor debtor
                                                     WHERE debtor.id = history.debtor_id)
                          AND receipt.date = history.paid_on AND receipt.parent_state = 'posted'
                          AND receipt.amount_currency < 0
                          AND (SELECT given.type FROM account_journal given WHERE given.id = receipt.journal_id) IN %s
                          AND receipt.account_id IN %s AND receipt.company_id IN %s)""",
            MONEY_JOURNALS,
            self._get_accounts(),
            tuple(company._get_collection_companies().ids),
        )

    def _sql_rows(self, touched):
        """Instalments as the ledger has them now: (move_line_id, and LEDGER_COLUMNS)."""
        Decision = self.env["collection.decision"]
        return SQL(
            """
            WITH touched AS MATERIALIZED (%(touched)s),
                 owed AS MATERIALIZED (
                    SELECT line.id, line.currency_id, line.date, line.reconciled,
                           COALESCE(line.invoice_date, line.date) AS issued, %(payable_on)s AS due,
                           line.amount_currency AS amount, line.amount_residual_currency AS residual,
                           debtor.id AS debtor_id, origin.type IN %(money)s AS is_money
                      FROM account_move_line line
                      JOIN touched ON touched.line_id = line.id
                      JOIN (%(roots)s) root ON root.company_id = line.company_id
                      JOIN account_account account ON account.id = line.account_id
                      JOIN account_journal origin ON origin.id = line.journal_id
                      JOIN collection_debtor debtor
                        ON debtor.partner_id = line.partner_id AND debtor.company_id = root.root_id
                      LEFT JOIN collection_item item ON item.move_line_id = line.id
                     WHERE line.account_id IN %(accounts)s AND line.parent_state = 'posted'
                       AND line.amount_currency > 0),
                 settled AS (
                    SELECT part.id, MAX(part.day) AS day,
                           COALESCE(SUM(part.amount) FILTER (WHERE part.is_money), 0) * 2 >= SUM(part.amount)
                           AS by_money,
                           CASE WHEN SUM(part.amount) FILTER (WHERE part.is_money)
                                     >= SUM(part.amount) * (1 - %(written_off)s)
                                THEN MAX(part.day) FILTER (WHERE part.is_money) ELSE MAX(part.day) END AS paid_day
                      FROM (SELECT owed.id, part.max_date AS day, part.debit_amount_currency AS amount,
                                   journal.type IN %(money)s AND NOT (owed.is_money AND credit.date <= owed.date)
                                   AS is_money
                              FROM owed
                              JOIN account_partial_reconcile part
                                ON part.debit_move_id = owed.id AND part.debit_amount_currency > 0
                              JOIN account_move_line credit ON credit.id = part.credit_move_id
                              JOIN account_journal journal ON journal.id = credit.journal_id
                             WHERE owed.reconciled) part
                     GROUP BY part.id)
            SELECT owed.id, owed.debtor_id, owed.currency_id, owed.issued, owed.due,
                   CASE WHEN settled.by_money THEN settled.paid_day END,
                   -- Settled without a reconciliation that says when: on its own day, and not by money.
                   CASE WHEN owed.reconciled AND settled.by_money IS NOT TRUE THEN COALESCE(settled.day, owed.date) END,
                   owed.amount, CASE WHEN owed.reconciled THEN 0 ELSE owed.residual END, contested.day
              FROM owed
              LEFT JOIN settled ON settled.id = owed.id
              LEFT JOIN (%(contested)s) contested ON contested.line_id = owed.id
            """,
            touched=self._sql_touched(touched),
            payable_on=Decision._sql_payable_on(SQL("COALESCE(line.date_maturity, line.invoice_date, line.date)")),
            roots=Decision._part_company_root(),
            accounts=self._get_accounts(),
            contested=self._sql_contested(),
            money=MONEY_JOURNALS,
            written_off=WRITTEN_OFF,
        )

    def _get_accounts(self):
        accounts = self.env["collection.decision"]._get_perimeter_accounts().filtered("collection_role")
        return tuple(accounts.ids) or (0,)

    def _sql_contested(self):
        """(line_id, day) from which a dispute about an item was known; those withdrawn were none."""
        return SQL(
            """
            SELECT item.move_line_id AS line_id, MIN(part.opened_on) AS day
              FROM collection_dispute_line part
              JOIN collection_dispute dispute ON dispute.id = part.dispute_id AND dispute.stage <> 'withdrawn'
              JOIN collection_item item ON item.id = part.item_id AND item.move_line_id IS NOT NULL
             GROUP BY item.move_line_id
            """
        )

    def _sql_touched(self, touched):
        """(line_id) of the debts to read: those of ``touched``, or all where it is None."""
        if touched is None:
            return SQL(
                """SELECT line.id AS line_id FROM account_move_line line
                    WHERE line.account_id IN %s AND line.amount_currency > 0""",
                self._get_accounts(),
            )
        return SQL("SELECT unnest(%s::integer[]) AS line_id", touched)

    def _read_touched(self, company, since):
        """Journal items of the debts about which something was written since; None for all of them.

        Read before they are joined: the server then knows how few they are. Undoing a reconciliation leaves no trace
        but the date on which the item's residual was written.
        """
        if not since:
            return None
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN (%(roots)s) root ON root.company_id = line.company_id
                 WHERE line.account_id IN %(accounts)s AND line.amount_currency > 0
                   AND (line.write_date >= %(since)s OR account.write_date >= %(since)s)
                 UNION
                SELECT part.debit_move_id FROM account_partial_reconcile part WHERE part.write_date >= %(since)s
                 UNION
                SELECT item.move_line_id FROM collection_item item
                 WHERE item.write_date >= %(since)s AND item.move_line_id IS NOT NULL
                 UNION
                SELECT item.move_line_id
                  FROM collection_dispute_line part
                  JOIN collection_dispute dispute ON dispute.id = part.dispute_id
                  JOIN collection_item item ON item.id = part.item_id AND item.move_line_id IS NOT NULL
                 WHERE part.write_date >= %(since)s OR dispute.write_date >= %(since)s
                 UNION
                SELECT known.move_line_id
                  FROM collection_payment_history known
                  JOIN collection_debtor debtor ON debtor.id = known.debtor_id
                 WHERE debtor.company_id = %(company)s AND known.move_line_id IS NOT NULL
                   -- Time to pay of a public body; those just made have no row from before.
                   AND debtor.write_date >= %(since)s AND debtor.write_date > debtor.create_date
                """,
                roots=self.env["collection.decision"]._part_company_root(),
                accounts=self._get_accounts(),
                since=since - MARGIN,
                company=company.id,
            )
        )
        return None if len(rows) > MANY_ITEMS else [line_id for (line_id,) in rows]

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.move_line_id.move_id.action_collection_open()


class CollectionDebtor(models.Model):
    _inherit = "collection.debtor"

    @api.model
    def _sql_open_lines(self, Decision):
        """With ``collection_with_history`` in the context, customers who have paid everything count too."""
        if self.env.context.get("collection_with_history"):
            return SQL("line.amount_currency > 0")
        return super()._sql_open_lines(Decision)


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_history_refreshed_at = fields.Datetime(
        readonly=True, copy=False, help="What was written in the ledger since then is not in the payment history yet."
    )
