from odoo import fields, models
from odoo.tools import SQL

# Each source numbers its rows: (times, plus) makes them different.
SOURCES = 8


class CollectionInterestFact(models.Model):
    """What was claimed, invoiced, collected and waived for being late: a row an amount, in the company's currency.

    Of the reminders, the last one of each item counts: each repeats what those before claimed.
    """

    _name = "collection.interest.fact"
    _description = "Late-payment Interest Claimed, Invoiced, Collected and Waived"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "item_id"
    _depends = {
        "account.move": ["state", "amount_total", "reversed_entry_id", "invoice_date", "move_type"],
        "account.move.line": ["balance", "amount_currency", "price_subtotal", "move_id"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "debit_amount_currency"],
        "collection.interest.charge": [
            "item_id",
            "kind",
            "amount",
            "currency_id",
            "rule_id",
            "move_line_id",
            "move_id",
        ],
        "collection.interest.waiver": ["item_id", "scope", "interest", "lump_sum", "rule_id", "date", "revoked_on"],
        "collection.item": ["debtor_id", "currency_id"],
        "collection.debtor": ["user_id", "company_id"],
        "collection.reminder": ["sent_date"],
        "collection.reminder.line": ["interest", "lump_sum", "item_id", "dropped"],
    }

    date = fields.Date(readonly=True, help="Of the reminder, the invoice or the waiver.")
    status = fields.Selection(
        [
            ("claimed", "Claimed"),
            ("draft", "Draft invoice"),
            ("invoiced", "Invoiced"),
            ("cancelled", "Invoice cancelled"),
            ("waived", "Waived"),
        ],
        readonly=True,
    )
    kind = fields.Selection([("interest", "Interest"), ("lump_sum", "Recovery costs")], readonly=True)
    item_id = fields.Many2one("collection.item", readonly=True)
    debtor_id = fields.Many2one("collection.debtor", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    rule_id = fields.Many2one("collection.interest.rule", readonly=True)
    move_id = fields.Many2one("account.move", string="Interest Invoice", readonly=True)
    reminder_id = fields.Many2one("collection.reminder", readonly=True)
    waiver_id = fields.Many2one("collection.interest.waiver", readonly=True)
    amount = fields.Monetary(
        string="Amount in Currency", currency_field="amount_currency_id", readonly=True, aggregator=None
    )
    amount_currency_id = fields.Many2one("res.currency", string="Currency of the Amount", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Company Currency", readonly=True)
    claimed = fields.Monetary(readonly=True)
    draft = fields.Monetary(string="To post", readonly=True)
    invoiced = fields.Monetary(readonly=True)
    collected = fields.Monetary(readonly=True, help="Part of the invoices of interest that banks and tills received.")
    waived = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT fact.id, fact.date, fact.status, fact.kind, fact.item_id, item.debtor_id, debtor.company_id,
                   debtor.user_id, COALESCE(fact.rule_id, fact.fallback_rule_id) AS rule_id, fact.move_id,
                   fact.reminder_id, fact.waiver_id, fact.amount, fact.amount_currency_id, company.currency_id,
                   CASE WHEN fact.status = 'claimed' THEN fact.worth ELSE 0 END AS claimed,
                   CASE WHEN fact.status = 'draft' THEN fact.worth ELSE 0 END AS draft,
                   CASE WHEN fact.status = 'invoiced' THEN fact.worth ELSE 0 END AS invoiced,
                   CASE WHEN fact.status = 'invoiced' THEN fact.collected ELSE 0 END AS collected,
                   CASE WHEN fact.status = 'waived' THEN fact.worth ELSE 0 END AS waived
              FROM (%s) fact
              JOIN collection_item item ON item.id = fact.item_id
              JOIN collection_debtor debtor ON debtor.id = item.debtor_id
              JOIN res_company company ON company.id = debtor.company_id
            """,
            SQL(" UNION ALL ").join(self._get_sources()),
        )

    def _get_sources(self):
        """Queries of the rows, all of the same columns. Override to add one."""
        return [
            self._sql_charges(),
            self._sql_waivers("interest", SQL("item.currency_id"), 1),
            self._sql_waivers("lump_sum", SQL("waiver.lump_sum_currency_id"), 2),
            self._sql_claims("interest", SQL("item.currency_id"), 3),
            self._sql_claims("lump_sum", SQL("line.lump_sum_currency_id"), 4),
        ]

    def _sql_charges(self):
        """What is on invoices, by what the ledger says of their lines today."""
        return SQL(
            """
            SELECT charge.id::bigint * %(sources)s AS id, COALESCE(move.invoice_date, charge.create_date::date) AS date,
                   CASE WHEN NOT %(stands)s THEN 'cancelled' WHEN move.state = 'draft' THEN 'draft' ELSE 'invoiced' END
                   AS status,
                   charge.kind, charge.item_id, charge.rule_id, NULL::integer AS fallback_rule_id, charge.move_id,
                   NULL::integer AS reminder_id, NULL::integer AS waiver_id,
                   COALESCE(line.price_subtotal, charge.amount) * %(share)s AS amount,
                   charge.currency_id AS amount_currency_id,
                   COALESCE(-line.balance, 0) * %(share)s AS worth,
                   COALESCE(-line.balance * paid.amount / NULLIF(move.amount_total, 0), 0) AS collected
              FROM collection_interest_charge charge
              LEFT JOIN account_move_line line ON line.id = charge.move_line_id
              LEFT JOIN account_move move ON move.id = line.move_id
              LEFT JOIN LATERAL (
                    SELECT SUM(part.debit_amount_currency) AS amount
                      FROM account_move_line receivable
                      JOIN account_partial_reconcile part ON part.debit_move_id = receivable.id
                      JOIN account_move_line credit ON credit.id = part.credit_move_id
                      JOIN account_journal journal ON journal.id = credit.journal_id
                     WHERE receivable.move_id = move.id AND journal.type IN ('bank', 'cash', 'credit')
                   ) paid ON TRUE
            """,
            sources=SOURCES,
            stands=self.env["collection.interest.charge"]._sql_stands(),
            share=self.env["collection.interest.charge"]._sql_share(),
        )

    def _sql_waivers(self, kind, currency, rank):
        amount = SQL.identifier("waiver", kind)
        return SQL(
            """
            SELECT waiver.id::bigint * %(sources)s + %(rank)s, waiver.date, 'waived', %(kind)s, waiver.item_id,
                   waiver.rule_id, NULL::integer, NULL::integer, NULL::integer, waiver.id, %(amount)s, %(currency)s,
                   %(amount)s / %(rate)s, 0
              FROM collection_interest_waiver waiver
              JOIN collection_item item ON item.id = waiver.item_id
              JOIN collection_debtor debtor ON debtor.id = item.debtor_id
             WHERE waiver.revoked_on IS NULL AND %(amount)s > 0
            """,
            sources=SOURCES,
            rank=rank,
            kind=kind,
            amount=amount,
            currency=currency,
            rate=self._sql_rate(currency, SQL("waiver.date")),
        )

    def _sql_claims(self, kind, currency, rank):
        amount = SQL.identifier("line", kind)
        return SQL(
            """
            SELECT line.id::bigint * %(sources)s + %(rank)s, line.sent_date, 'claimed', %(kind)s, line.item_id,
                   COALESCE(item.interest_rule_id, debtor.interest_rule_id), (%(rule)s),
                   NULL::integer, line.reminder_id, NULL::integer,
                   %(amount)s, %(currency)s, %(amount)s / %(rate)s, 0
              FROM (SELECT DISTINCT ON (line.item_id) line.*, reminder.sent_date
                      FROM collection_reminder_line line
                      JOIN collection_reminder reminder
                        ON reminder.id = line.reminder_id AND reminder.sent_date IS NOT NULL
                     WHERE line.dropped IS NOT TRUE AND line.interest_until IS NOT NULL AND %(pruned)s
                     ORDER BY line.item_id, reminder.sent_date DESC, line.id DESC) line
              JOIN collection_item item ON item.id = line.item_id
              JOIN collection_debtor debtor ON debtor.id = item.debtor_id
              JOIN res_company company ON company.id = debtor.company_id
              JOIN res_partner company_partner ON company_partner.id = company.partner_id
              JOIN res_partner partner ON partner.id = debtor.partner_id
             WHERE %(amount)s > 0
            """,
            sources=SOURCES,
            rank=rank,
            kind=kind,
            amount=amount,
            currency=currency,
            rule=self._sql_rule(),
            rate=self._sql_rate(currency, SQL("line.sent_date")),
            pruned=self._sql_pruned(),
        )

    def _sql_pruned(self):
        """Condition that ``line`` is about a debtor of the context: to find the last of each item reads them all."""
        debtor_ids = self.env.context.get("collection_debtor_ids")
        if debtor_ids is None:
            return SQL("TRUE")
        return SQL("line.item_id IN (SELECT id FROM collection_item WHERE debtor_id IN %s)", tuple(debtor_ids) or (0,))

    @staticmethod
    def _sql_rule():
        """The rule of the customer's kind and country: see ``collection.interest.rule._find_for``."""
        return SQL(
            """SELECT rule.id
                 FROM collection_interest_rule rule
                WHERE rule.active AND rule.customer_kind = debtor.customer_kind
                  AND (rule.company_id IS NULL OR rule.company_id = debtor.company_id)
                  AND (NOT EXISTS (SELECT FROM collection_interest_rule_res_country_rel country
                                    WHERE country.collection_interest_rule_id = rule.id)
                       OR EXISTS (SELECT FROM collection_interest_rule_res_country_rel country
                                   WHERE country.collection_interest_rule_id = rule.id
                                     AND country.res_country_id =
                                         COALESCE(partner.country_id, company_partner.country_id)))
                ORDER BY rule.company_id IS NULL, rule.sequence, rule.id
                LIMIT 1"""
        )

    @staticmethod
    def _sql_rate(currency, day):
        """Units of ``currency`` for one of the company's: its rate of the day, 1 where none is known."""
        return SQL(
            """COALESCE((SELECT rate.rate FROM res_currency_rate rate
                          WHERE rate.currency_id = %s AND rate.name <= %s
                            AND (rate.company_id IS NULL OR rate.company_id = debtor.company_id)
                          ORDER BY rate.company_id IS NULL, rate.name DESC LIMIT 1), 1)""",
            currency,
            day,
        )

    def action_open_source(self):
        """The reminder, the invoice or the customer that the row is about."""
        self.ensure_one()
        if self.move_id:
            return self.move_id.action_collection_open()
        return self.env["collection.debtor"]._open_record(self.reminder_id or self.debtor_id)


class CollectionDebtor(models.Model):
    """What a customer was claimed, invoiced and forgiven for being late, and what it paid of it."""

    _inherit = "collection.debtor"

    interest_claimed = fields.Monetary(
        string="Interest claimed",
        compute="_compute_interest_figures",
        help="Interest and recovery costs in the last reminder of each item.",
    )
    interest_invoiced = fields.Monetary(string="Interest invoiced", compute="_compute_interest_figures")
    interest_collected = fields.Monetary(string="Interest collected", compute="_compute_interest_figures")
    interest_waived = fields.Monetary(string="Interest waived", compute="_compute_interest_figures")
    interest_waiver_ids = fields.Many2many(
        "collection.interest.waiver", string="Waivers", compute="_compute_interest_waivers"
    )

    def _compute_interest_figures(self):
        measures = ("claimed", "invoiced", "collected", "waived")
        facts = self.env["collection.interest.fact"].with_context(collection_debtor_ids=self.ids)
        sums = {
            debtor: amounts
            for debtor, *amounts in facts._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], [f"{measure}:sum" for measure in measures]
            )
        }
        for debtor in self:
            for measure, amount in zip(measures, sums.get(debtor, (0,) * len(measures)), strict=True):
                debtor[f"interest_{measure}"] = amount

    def _compute_interest_waivers(self):
        waivers = self.env["collection.interest.waiver"].search([("debtor_id", "in", self.ids)]).grouped("debtor_id")
        for debtor in self:
            debtor.interest_waiver_ids = waivers.get(debtor, False)

    def action_open_interest_facts(self):
        """What was claimed, invoiced, collected and waived."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_interest_fact")
        return {**action, "domain": [("debtor_id", "=", self.id)], "context": {}}
