from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .collection_decision_bank import BANK_DAYS
from .collection_decision_settling import PAYMENT_DAYS, SAID_PAID_DAYS, TRANSACTION_DAYS

# Money that was in sight longer ago is history.
HISTORY_DAYS = 90
# Room for as many kinds of money in the identifiers of the rows.
MOST_KINDS = 16


class CollectionExpiredMoney(models.Model):
    """Money that was in sight of customers who are overdue, and keeps no reminder back any more: a person is asked.

    One row a payment, an online transaction, a bank receipt or an invoice said to be paid, live from the ledger: it
    goes when an accountant reconciles or cancels it. How long each holds is said in collection_decision_settling and
    collection_decision_bank. A receipt of nobody's, whose label alone names an invoice, is not found here: only the
    decision reads labels.
    """

    _name = "collection.expired.money"
    _description = "Money in Sight no Longer"
    _auto = False
    _order = "date, id"
    _rec_name = "label"
    _depends = {
        "account.bank.statement.line": ["amount", "internal_index", "is_reconciled", "partner_id", "payment_ref"],
        "account.move": ["date", "state"],
        "account.move.line": ["move_id", "reconciled"],
        "account.payment": ["amount", "date", "is_matched", "move_id", "partner_id", "state"],
        "collection.debtor": ["overdue", "partner_id", "payer_id"],
        "collection.item": ["closed_on", "move_line_id", "said_paid_on"],
        "payment.transaction": ["amount", "invoice_ids", "last_state_change", "payment_id", "state"],
        "res.partner": ["commercial_partner_id"],
    }

    kind = fields.Selection(
        [
            ("payment", "Registered payment"),
            ("transaction", "Online payment"),
            ("receipt", "Bank receipt"),
            ("said", "Announced by the customer"),
        ],
        readonly=True,
    )
    debtor_id = fields.Many2one("collection.debtor", string="Customer", readonly=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    user_id = fields.Many2one(related="debtor_id.user_id")
    overdue = fields.Monetary(related="debtor_id.overdue", currency_field="company_currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    date = fields.Date(readonly=True)
    label = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True)
    source_id = fields.Many2oneReference(model_field="source_model", string="Record", readonly=True)
    source_model = fields.Char(readonly=True)

    @property
    def _table_query(self):
        rows = [
            SQL(
                """SELECT source_id * %(most)s + %(rank)s AS id, %(kind)s AS kind, debtor.id AS debtor_id,
                          money.date, money.label, money.amount, money.currency_id, money.source_id,
                          %(model)s AS source_model
                     FROM (%(query)s) money
                     JOIN collection_debtor debtor ON debtor.id = money.debtor_id AND debtor.overdue > 0""",
                most=MOST_KINDS,
                rank=rank,
                kind=kind,
                model=model,
                query=query,
            )
            for rank, (kind, (model, query)) in enumerate(self._get_sources().items())
        ]
        return SQL(" UNION ALL ").join(rows)

    @api.model
    def _get_sources(self):
        """{kind: (model of the records, query of (source_id, debtor_id, date, label, amount, currency_id))}.

        Override to add a kind, next to ``collection.decision._money_sources()``.
        """
        return {
            "payment": ("account.payment", self._sql_payments()),
            "transaction": ("payment.transaction", self._sql_transactions()),
            "receipt": ("account.bank.statement.line", self._sql_receipts()),
            "said": ("collection.item", self._sql_said()),
        }

    def _sql_expired(self, date, days):
        """Condition that money of that date held reminders back for ``days``, and not so long ago."""
        today = self.env["collection.decision"]._get_today()
        return SQL(
            "%(date)s BETWEEN %(first)s AND %(last)s",
            date=date,
            first=today - timedelta(days=HISTORY_DAYS),
            last=today - timedelta(days=days),
        )

    def _sql_payments(self):
        # What is for no invoice in particular is settled as soon as the bank confirms it.
        return SQL(
            """
            SELECT payment.id AS source_id, debtor.id AS debtor_id, payment.date,
                   COALESCE(payment.memo, payment.name) AS label, payment.amount, payment.currency_id
              FROM account_payment payment
              JOIN res_company company ON company.id = payment.company_id
              JOIN res_partner partner ON partner.id = payment.partner_id
              JOIN collection_debtor debtor ON debtor.partner_id = partner.commercial_partner_id
               AND debtor.company_id = split_part(company.parent_path, '/', 1)::integer
             WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
               AND payment.move_id IS NULL AND %(expired)s
               AND CASE WHEN EXISTS (SELECT FROM account_move__account_payment WHERE payment_id = payment.id)
                        THEN EXISTS (SELECT FROM account_move__account_payment link
                                       JOIN account_move_line line ON line.move_id = link.invoice_id
                                       JOIN account_account account
                                         ON account.id = line.account_id AND account.collection_role IS NOT NULL
                                      WHERE link.payment_id = payment.id AND line.reconciled IS NOT TRUE)
                        ELSE payment.state = 'in_process' END
            """,
            expired=self._sql_expired(SQL("payment.date"), PAYMENT_DAYS),
        )

    def _sql_transactions(self):
        return SQL(
            """
            SELECT tx.id AS source_id, MIN(debtor.id) AS debtor_id, tx.last_state_change::date AS date,
                   tx.reference AS label, tx.amount, tx.currency_id
              FROM payment_transaction tx
              JOIN payment_provider provider ON provider.id = tx.provider_id AND provider.code <> 'custom'
              JOIN account_invoice_transaction_rel link ON link.transaction_id = tx.id
              JOIN account_move_line line ON line.move_id = link.invoice_id AND line.reconciled IS NOT TRUE
              JOIN account_account account ON account.id = line.account_id AND account.collection_role IS NOT NULL
              JOIN res_company company ON company.id = line.company_id
              JOIN collection_debtor debtor ON debtor.partner_id = line.partner_id
               AND debtor.company_id = split_part(company.parent_path, '/', 1)::integer
             WHERE tx.state IN ('pending', 'authorized') AND tx.payment_id IS NULL AND %(expired)s
             GROUP BY tx.id
            """,
            expired=self._sql_expired(SQL("tx.last_state_change::date"), TRANSACTION_DAYS),
        )

    def _sql_receipts(self):
        # One that a registered payment with its entry explains is a credit already, and covers.
        return SQL(
            """
            SELECT received.id AS source_id, received.debtor_id, received.date, received.payment_ref AS label,
                   received.amount, received.currency_id
              FROM (SELECT st_line.id, st_line.payment_ref, partner.commercial_partner_id AS partner_id,
                           COALESCE(st_line.foreign_currency_id, st_line.currency_id) AS currency_id,
                           CASE WHEN st_line.foreign_currency_id IS NULL THEN st_line.amount
                                ELSE st_line.amount_currency END AS amount,
                           (SELECT move.date FROM account_move move
                             WHERE move.id = st_line.move_id AND move.state = 'posted') AS date,
                           (SELECT debtor.id FROM collection_debtor debtor
                              LEFT JOIN res_partner payer ON payer.id = debtor.payer_id
                             WHERE debtor.company_id = split_part(company.parent_path, '/', 1)::integer
                               AND partner.commercial_partner_id IN (debtor.partner_id, payer.commercial_partner_id)
                             ORDER BY debtor.partner_id = partner.commercial_partner_id DESC, debtor.overdue DESC
                             LIMIT 1) AS debtor_id
                      FROM account_bank_statement_line st_line
                      JOIN res_company company ON company.id = st_line.company_id
                      JOIN res_partner partner ON partner.id = st_line.partner_id
                     -- The columns of core's partial index, in its order; its third begins with the day.
                     WHERE st_line.is_reconciled IS NOT TRUE
                       AND st_line.journal_id = ANY (ARRAY(SELECT id FROM account_journal))
                       AND st_line.company_id = ANY (ARRAY(SELECT id FROM res_company))
                       AND st_line.internal_index >= %(first)s AND st_line.amount > 0
                    OFFSET 0
                   ) received
             WHERE %(expired)s
               AND NOT EXISTS (SELECT FROM account_payment payment
                                 JOIN res_partner payer ON payer.id = payment.partner_id
                                WHERE payer.commercial_partner_id = received.partner_id
                                  AND payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                                  AND payment.move_id IS NOT NULL AND payment.is_matched IS NOT TRUE
                                  AND payment.amount = received.amount AND payment.currency_id = received.currency_id)
            """,
            first=f"{self.env['collection.decision']._get_today() - timedelta(days=HISTORY_DAYS):%Y%m%d}",
            expired=self._sql_expired(SQL("received.date"), BANK_DAYS),
        )

    def _sql_said(self):
        return SQL(
            """
            SELECT item.id AS source_id, item.debtor_id, item.said_paid_on AS date, item.name AS label,
                   line.amount_residual_currency AS amount, item.currency_id
              FROM collection_item item
              JOIN account_move_line line ON line.id = item.move_line_id AND line.reconciled IS NOT TRUE
             WHERE item.closed_on IS NULL AND %(expired)s
            """,
            expired=self._sql_expired(SQL("item.said_paid_on"), SAID_PAID_DAYS),
        )

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_open_source(self):
        """The payment, the transaction, the entry of the receipt or the invoice; the customer if none may be read."""
        self.ensure_one()
        source = self.env[self.source_model].browse(self.source_id)
        record = {"account.bank.statement.line": "move_id", "collection.item": "move_id"}.get(self.source_model)
        # Only to find the entry: whether it may be read is asked below.
        shown = source.sudo()[record].sudo(False) if record else source
        if not shown.has_access("read"):
            return self.action_open_debtor()
        return shown.action_collection_open() if shown._name == "account.move" else self.debtor_id._open_record(shown)

    def action_open_debtor(self):
        """The customer's page."""
        self.ensure_one()
        return self.debtor_id._open_record(self.debtor_id)

    def action_not_found(self):
        """Somebody looked for the money said to be paid, in vain: the items leave the list."""
        said = self.filtered(lambda money: money.kind == "said")
        said.env["collection.item"].browse(said.mapped("source_id"))._note_not_found()
        return True
