from odoo import fields, models
from odoo.tools import SQL

from .collection_item_receipts import MONEY_JOURNALS


class CollectionReceipt(models.Model):
    """What brought the money in: each receipt allocated to a debt, with the step that came before it.

    One row a reconciliation with money: payments, lines of bank statements, entries of banks, tills and cards. Read
    over a period: the search of the screen sets one.
    """

    _name = "collection.receipt"
    _description = "Receipt and what came before it"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_name"
    _depends = {
        "account.move.line": [
            "account_id",
            "company_id",
            "date",
            "date_maturity",
            "invoice_date",
            "journal_id",
            "move_id",
            "move_name",
            "partner_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_amount_currency",
            "debit_currency_id",
            "debit_move_id",
            "max_date",
        ],
        "collection.debtor": ["company_id", "partner_id", "user_id"],
        "collection.item": ["move_line_id"],
        "collection.promise": ["cancelled_on", "debtor_id", "item_ids", "noted_on"],
        "collection.reminder": ["sent_date"],
        "collection.reminder.line": ["dropped", "item_id", "level_id", "reminder_id"],
    }

    date = fields.Date(string="Money received on", readonly=True)
    debtor_id = fields.Many2one("collection.debtor", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    move_name = fields.Char(string="Invoice Number", readonly=True)
    payment_move_id = fields.Many2one("account.move", string="Receipt Entry", readonly=True)
    item_id = fields.Many2one("collection.item", string="Followed Item", readonly=True)
    due_date = fields.Date(readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="avg", help="Days from the due date to the receipt.")
    amount = fields.Monetary(readonly=True, aggregator=None, help="In the currency of the invoice.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_company = fields.Monetary(
        string="Amount Received", currency_field="company_currency_id", readonly=True, help="In the company's currency."
    )
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    reminder_id = fields.Many2one("collection.reminder", string="Last Reminder", readonly=True)
    level_id = fields.Many2one("collection.level", string="Last Step", readonly=True)
    plan_id = fields.Many2one("collection.plan", readonly=True)
    reminded_on = fields.Date(string="Last Reminded on", readonly=True)
    days_since = fields.Integer(
        string="Days since the Step", readonly=True, aggregator="avg", help="Days from the last step to the receipt."
    )
    promise_id = fields.Many2one("collection.promise", string="Promise Before", readonly=True)
    came_after = fields.Selection(
        [
            ("before_due", "On time, without a reminder"),
            ("unprompted", "Late, without a reminder"),
            ("reminded", "After a reminder"),
            ("promised", "After a promise"),
        ],
        string="What came before",
        readonly=True,
    )

    @property
    def _table_query(self):
        decision = self.env["collection.decision"]
        return SQL(
            """
            SELECT part.id, part.max_date AS date, debtor.id AS debtor_id, debtor.company_id, debtor.user_id,
                   debt.move_id, debt.move_name, credit.move_id AS payment_move_id,
                   item.id AS item_id, owed.due_date, part.max_date - owed.due_date AS days_late,
                   part.debit_amount_currency AS amount, part.debit_currency_id AS currency_id,
                   part.amount AS amount_company, root.currency_id AS company_currency_id,
                   step.reminder_id, step.level_id, step.plan_id, step.sent_date AS reminded_on,
                   part.max_date - step.sent_date AS days_since, promise.id AS promise_id,
                   CASE WHEN promise.id IS NOT NULL AND promise.noted_on >= COALESCE(step.sent_date, promise.noted_on)
                        THEN 'promised'
                        WHEN step.reminder_id IS NOT NULL THEN 'reminded'
                        WHEN part.max_date <= owed.due_date THEN 'before_due'
                        ELSE 'unprompted' END AS came_after
              FROM account_partial_reconcile part
              JOIN account_move_line debt ON debt.id = part.debit_move_id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_journal journal ON journal.id = credit.journal_id AND journal.type IN %(money)s
              JOIN account_journal origin ON origin.id = debt.journal_id
              JOIN (%(roots)s) root ON root.company_id = debt.company_id
              JOIN collection_debtor debtor ON debtor.partner_id = debt.partner_id AND debtor.company_id = root.root_id
              LEFT JOIN collection_item item ON item.move_line_id = debt.id
              CROSS JOIN LATERAL (
                    SELECT COALESCE(debt.date_maturity, debt.invoice_date, debt.date) AS due_date) owed
              LEFT JOIN LATERAL (%(step)s) step ON TRUE
              LEFT JOIN LATERAL (%(promise)s) promise ON TRUE
             WHERE debt.account_id IN %(accounts)s AND part.debit_amount_currency > 0
               -- A receipt that came back and the entry that took it back: no money came in.
               AND NOT (origin.type IN %(money)s AND credit.date <= debt.date)
            """,
            money=MONEY_JOURNALS,
            roots=decision._part_company_root(),
            accounts=tuple(decision._get_perimeter_accounts().filtered("collection_role").ids) or (0,),
            step=self._sql_step_before(),
            promise=self._sql_promise_before(),
        )

    def _sql_step_before(self):
        """The last step sent of the item before the day of its receipt: what came in that day was on its way."""
        return SQL(
            """
            SELECT reminder.id AS reminder_id, sent.level_id, level.plan_id, reminder.sent_date
              FROM collection_reminder_line sent
              JOIN collection_reminder reminder ON reminder.id = sent.reminder_id
              JOIN collection_level level ON level.id = sent.level_id
             WHERE sent.item_id = item.id AND sent.dropped IS NOT TRUE AND reminder.sent_date < part.max_date
             ORDER BY reminder.sent_date DESC, sent.id DESC LIMIT 1
            """
        )

    def _sql_promise_before(self):
        """The last promise about the item, or about the whole account, noted before the receipt."""
        return SQL(
            """
            SELECT said.id, said.noted_on
              FROM collection_promise said
             WHERE said.debtor_id = debtor.id AND said.noted_on <= part.max_date
               AND COALESCE(said.cancelled_on > part.max_date, TRUE) AND said.currency_id = part.debit_currency_id
               AND (EXISTS (SELECT FROM collection_promise_item_rel about
                             WHERE about.promise_id = said.id AND about.item_id = item.id)
                    OR NOT EXISTS (SELECT FROM collection_promise_item_rel about WHERE about.promise_id = said.id))
             ORDER BY said.noted_on DESC, said.id DESC LIMIT 1
            """
        )

    def action_open_debtor(self):
        """The customer's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.move_id.action_collection_open()
