from odoo import api, fields, models
from odoo.tools import SQL


class CollectionDisputeRate(models.Model):
    """How much of what was invoiced was contested: a row an invoice line, by the day of the invoice.

    What is contested of an invoice is shared over its lines by their totals, taxes included. Disputes that the
    customer withdrew do not count. Amounts are in the company's currency, at the rate of the invoice.
    """

    _name = "collection.dispute.rate"
    _description = "Rate of Disputes"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": [
            "amount_total",
            "amount_total_signed",
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "invoice_user_id",
            "move_type",
            "state",
        ],
        "account.move.line": ["display_type", "move_id", "price_total", "product_id"],
        "collection.debtor": ["company_id", "partner_id"],
        "collection.dispute": ["stage"],
        "collection.dispute.line": ["amount", "dispute_id", "item_id"],
        "collection.item": ["amount", "move_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    date = fields.Date(string="Invoice Date", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    debtor_id = fields.Many2one("collection.debtor", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Company Currency", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    invoiced = fields.Monetary(readonly=True)
    disputed = fields.Monetary(readonly=True)
    rate = fields.Float(
        string="Dispute Rate", readonly=True, aggregator="avg", help="What was contested of what was invoiced."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, move.invoice_date AS date, move.id AS move_id, move.commercial_partner_id AS partner_id,
                   debtor.id AS debtor_id, root.id AS company_id, root.currency_id,
                   move.invoice_user_id AS salesperson_id, line.product_id, template.categ_id AS product_categ_id,
                   amount.invoiced, amount.disputed, amount.disputed / NULLIF(amount.invoiced, 0) AS rate
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
              JOIN res_company company ON company.id = move.company_id
              JOIN res_company root ON root.id = split_part(company.parent_path, '/', 1)::integer
              LEFT JOIN collection_debtor debtor
                ON debtor.partner_id = move.commercial_partner_id AND debtor.company_id = root.id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN (
                    -- An item contested twice counts once.
                    SELECT item.move_id, SUM(LEAST(contested.amount, item.amount)) AS amount
                      FROM (SELECT part.item_id, SUM(part.amount) AS amount
                              FROM collection_dispute_line part
                              JOIN collection_dispute dispute ON dispute.id = part.dispute_id
                               AND dispute.stage <> 'withdrawn'
                             GROUP BY part.item_id) contested
                      JOIN collection_item item ON item.id = contested.item_id
                     GROUP BY item.move_id
                   ) contested ON contested.move_id = move.id
              CROSS JOIN LATERAL (
                    SELECT line.price_total * ABS(move.amount_total_signed) / NULLIF(move.amount_total, 0)
                   ) worth(amount)
              CROSS JOIN LATERAL (
                    SELECT COALESCE(worth.amount, 0) AS invoiced,
                           COALESCE(worth.amount * contested.amount / NULLIF(move.amount_total, 0), 0) AS disputed
                   ) amount
             WHERE move.move_type IN ('out_invoice', 'out_receipt') AND move.state = 'posted'
            """
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its totals, not the mean of its lines."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "disputed", query),
            self._field_to_sql(self._table, "invoiced", query),
        )

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.move_id.action_collection_open()
