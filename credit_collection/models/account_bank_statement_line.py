from odoo import models
from odoo.tools import SQL

from .collection_decision_bank import sql_words


class AccountBankStatementLine(models.Model):
    """Finds receipts of nobody by a word of their label: a debtor's page asks for those that name its invoices."""

    _inherit = "account.bank.statement.line"

    _collection_words_idx = models.Index(
        f"USING gin (string_to_array({sql_words(SQL('payment_ref')).code}, ' '))"
        " WHERE partner_id IS NULL AND is_reconciled IS NOT TRUE"
    )
