from odoo import api, fields, models
from odoo.tools import SQL

from ..calc.dispute_stages import CONCEDED, OPEN
from .collection_dispute import STAGES

# Identifiers of disputed items and of invoice lines side by side in one number, exact in a browser too.
LINE_ROOM = 2**31


class CollectionDisputeReport(models.Model):
    """What is and was contested, how long it takes and how it ends: a row a disputed item and an invoice line.

    An amount is shared over the invoice lines by their totals, taxes included, so that products can be told apart.
    Amounts are in the company's currency, at the rate of the opening. What counts per dispute stands on one of its
    rows only: averages and numbers are those of disputes, not of invoice lines.
    """

    _name = "collection.dispute.report"
    _description = "Analysis of Disputes"
    _auto = False
    _order = "opened_on desc, id desc"
    _rec_name = "dispute_id"
    _depends = {
        "account.move": ["invoice_user_id"],
        "account.move.line": ["display_type", "move_id", "price_total", "product_id"],
        "collection.debtor": ["company_id", "user_id"],
        "collection.dispute": [
            "closed_on",
            "currency_id",
            "days_taken",
            "deadline",
            "debtor_id",
            "decided_on",
            "nature_id",
            "opened_on",
            "stage",
            "user_id",
            "work_days_taken",
        ],
        "collection.dispute.line": ["accepted", "amount", "closed_on", "dispute_id", "item_id"],
        "collection.item": ["move_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    dispute_id = fields.Many2one("collection.dispute", readonly=True)
    debtor_id = fields.Many2one("collection.debtor", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Company Currency", readonly=True)
    item_id = fields.Many2one("collection.item", string="Invoice", readonly=True)
    nature_id = fields.Many2one("collection.dispute.nature", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    opened_on = fields.Date(readonly=True)
    decided_on = fields.Date(readonly=True)
    deadline = fields.Date(readonly=True)
    age = fields.Selection(
        [
            ("1", "Up to 15 days"),
            ("2", "16 to 30 days"),
            ("3", "31 to 60 days"),
            ("4", "61 to 90 days"),
            ("5", "Over 90 days"),
        ],
        readonly=True,
        help="Of the disputes that are not decided, since their opening.",
    )
    is_late = fields.Boolean(string="Past its Deadline", readonly=True)
    disputed = fields.Monetary(readonly=True)
    pending = fields.Monetary(string="Still disputed", readonly=True, help="Not chased now: not decided, or to credit.")
    accepted = fields.Monetary(readonly=True)
    rejected = fields.Monetary(readonly=True)
    disputes = fields.Integer(readonly=True)
    days_open = fields.Integer(
        string="Days open", readonly=True, aggregator="avg", help="Of the disputes that are not decided."
    )
    days_taken = fields.Integer(string="Days to decide", readonly=True, aggregator="avg")
    work_days_taken = fields.Integer(string="Working Days to decide", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT part.id, part.dispute_id, dispute.debtor_id, debtor.company_id, company.currency_id, part.item_id,
                   dispute.nature_id, dispute.stage, dispute.user_id AS owner_id, debtor.user_id AS collector_id,
                   part.salesperson_id, part.product_id, template.categ_id AS product_categ_id,
                   dispute.opened_on, dispute.decided_on, dispute.deadline,
                   CASE WHEN dispute.stage NOT IN %(open)s THEN NULL
                        WHEN %(today)s - dispute.opened_on <= 15 THEN '1'
                        WHEN %(today)s - dispute.opened_on <= 30 THEN '2'
                        WHEN %(today)s - dispute.opened_on <= 60 THEN '3'
                        WHEN %(today)s - dispute.opened_on <= 90 THEN '4'
                        ELSE '5' END AS age,
                   dispute.stage IN %(open)s AND dispute.deadline < %(today)s AS is_late,
                   part.amount / worth.rate AS disputed,
                   CASE WHEN part.closed_on IS NOT NULL THEN 0
                        WHEN dispute.stage IN %(open)s THEN part.amount ELSE part.accepted END / worth.rate AS pending,
                   CASE WHEN dispute.stage IN %(conceded)s THEN part.accepted ELSE 0 END / worth.rate AS accepted,
                   CASE WHEN dispute.stage IN %(conceded)s THEN part.amount - part.accepted
                        WHEN dispute.stage = 'rejected' THEN part.amount ELSE 0 END / worth.rate AS rejected,
                   part.is_first::integer AS disputes,
                   CASE WHEN part.is_first AND dispute.stage IN %(open)s THEN %(today)s - dispute.opened_on END
                   AS days_open,
                   CASE WHEN part.is_first AND dispute.decided_on IS NOT NULL THEN dispute.days_taken END
                   AS days_taken,
                   CASE WHEN part.is_first AND dispute.decided_on IS NOT NULL THEN dispute.work_days_taken END
                   AS work_days_taken
              FROM (%(parts)s) part
              JOIN collection_dispute dispute ON dispute.id = part.dispute_id
              JOIN collection_debtor debtor ON debtor.id = dispute.debtor_id
              JOIN res_company company ON company.id = debtor.company_id
              LEFT JOIN product_product product ON product.id = part.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              CROSS JOIN LATERAL (SELECT %(rate)s AS rate) worth
            """,
            parts=self._sql_parts(),
            today=self.env["collection.decision"]._get_today(),
            open=tuple(OPEN),
            conceded=tuple(CONCEDED),
            rate=self.env["collection.interest.fact"]._sql_rate(SQL("dispute.currency_id"), SQL("dispute.opened_on")),
        )

    @api.model
    def _sql_parts(self):
        """Disputed items with the lines of their invoices, each with its share of what is contested."""
        return SQL(
            """
            SELECT line.id::bigint * %(room)s + COALESCE(sold.id, 0) AS id, line.dispute_id, line.item_id,
                   line.closed_on, move.invoice_user_id AS salesperson_id, sold.product_id,
                   line.amount * shared.part AS amount, COALESCE(line.accepted, 0) * shared.part AS accepted,
                   ROW_NUMBER() OVER (PARTITION BY line.dispute_id ORDER BY line.id, sold.id) = 1 AS is_first
              FROM collection_dispute_line line
              JOIN collection_item item ON item.id = line.item_id
              LEFT JOIN account_move move ON move.id = item.move_id
              LEFT JOIN LATERAL (
                    SELECT COALESCE(SUM(every.price_total), 0) AS total FROM account_move_line every
                     WHERE every.move_id = move.id AND every.display_type = 'product') invoiced ON TRUE
              LEFT JOIN account_move_line sold
                ON sold.move_id = move.id AND sold.display_type = 'product' AND invoiced.total <> 0
              CROSS JOIN LATERAL (SELECT COALESCE(sold.price_total / NULLIF(invoiced.total, 0), 1) AS part) shared
            """,
            room=LINE_ROOM,
        )

    def action_open_dispute(self):
        """The dispute."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.dispute_id)
