from odoo import api, fields, models
from odoo.tools import SQL


class CollectionSupplierDebt(models.Model):
    """What the company owes a debtor as its supplier: a person may propose to set the two off.

    Number, dates and amount of open payable entries, for those who collect and may not read purchases. Nothing is set
    off by itself: legal set-off wants debts that are certain, of a fixed amount and due (Code civil, art. 1347-1), and
    related debts or an agreement go further (art. 1348-1 and 1348-2).

    ``collection_debtor_ids`` in the context limits it to some debtors.
    """

    _name = "collection.supplier.debt"
    _description = "Debt to a Debtor as a Supplier"
    _auto = False
    _order = "due_date, id"
    _rec_name = "move_name"
    _depends = {
        "account.move.line": [
            "account_id",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "move_name",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "collection.debtor": ["company_id", "partner_id"],
    }

    debtor_id = fields.Many2one("collection.debtor", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    due_date = fields.Date(readonly=True)
    residual = fields.Monetary(string="We owe", readonly=True, aggregator=None, help="What we have still to pay.")
    currency_id = fields.Many2one("res.currency", readonly=True)

    @property
    def _table_query(self):
        debtor_ids = self.env.context.get("collection_debtor_ids")
        Decision = self.env["collection.decision"]
        return SQL(
            """
            SELECT line.id, debtor.id AS debtor_id, line.company_id, line.move_name, line.date,
                   COALESCE(line.date_maturity, line.date) AS due_date, -line.amount_residual_currency AS residual,
                   line.currency_id
              FROM collection_debtor debtor
              JOIN account_move_line line ON line.partner_id = debtor.partner_id
              JOIN (%(roots)s) root ON root.company_id = line.company_id AND root.root_id = debtor.company_id
             WHERE line.account_id IN %(accounts)s AND line.reconciled IS NOT TRUE
               AND line.parent_state = 'posted' AND line.amount_residual_currency <> 0 AND %(pruned)s
            """,
            roots=Decision._part_company_root(),
            accounts=tuple(self._get_payable_accounts().ids) or (0,),
            pruned=SQL("TRUE") if debtor_ids is None else SQL("debtor.id IN %s", tuple(debtor_ids) or (0,)),
        )

    @api.model
    def _get_payable_accounts(self):
        """Accounts of suppliers of the companies allowed."""
        # Which accounts are payable is a setting, the same for every reader.
        return (
            self.env["account.account"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("account_type", "=", "liability_payable"),
                    ("company_ids", "child_of", self.env.companies.root_id.ids),
                ]
            )
        )
