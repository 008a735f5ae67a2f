from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CollectionInterest(models.AbstractModel):
    """What the ledger says of the items whose interest is computed: two queries, whatever their number."""

    _inherit = "collection.interest"

    @api.model
    def _flush_for_interest(self):
        """Write what is pending on the models that the queries read."""
        for model in (
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "res.partner",
            "res.company",
            "collection.debtor",
            "collection.item",
            "collection.level",
            "collection.reminder",
            "collection.reminder.line",
        ):
            self.env[model].flush_model()

    @api.model
    def _read_facts(self, lines):
        """One dictionary a journal item, in the order of the lines: see LateItem."""
        self._flush_for_interest()
        self.env.cr.execute(self._sql_facts(lines))
        rows = {row["line_id"]: row for row in self.env.cr.dictfetchall()}
        return [rows[line_id] for line_id in lines.ids if line_id in rows]

    def _sql_facts(self, lines):
        return SQL(
            """
            WITH asked AS (
                SELECT line.id AS line_id, line.move_id, line.partner_id, line.account_id, line.currency_id,
                       line.amount_currency AS amount, COALESCE(line.invoice_date, line.date) AS born_on,
                       root.id AS company_id, root.partner_id AS company_partner_id,
                       root.collection_interest_account_id, root.collection_lump_sum_account_id
                  FROM account_move_line line
                  JOIN res_company company ON company.id = line.company_id
                  JOIN res_company root ON root.id = split_part(company.parent_path, '/', 1)::integer
                 WHERE line.id IN %(lines)s
            ), instalment AS MATERIALIZED (%(instalments)s)
            SELECT asked.line_id, asked.amount, asked.born_on, asked.currency_id, asked.company_id, item.id AS item_id,
                   COALESCE(item.debtor_id, debtor.id) AS debtor_id,
                   COALESCE(partner.country_id, company_partner.country_id) AS country_id,
                   CASE WHEN move.move_type = 'out_invoice' THEN move.amount_total ELSE asked.amount END
                   AS document_amount,
                   %(due_date)s AS due_date, notice.sent_date AS notice_date,
                   COALESCE(own_account.all_of_interest, FALSE) AS is_interest,
                   instalment.rank = 1 AS bears_lump_sum
              FROM asked
              JOIN instalment ON instalment.line_id = asked.line_id
              JOIN account_move_line line ON line.id = asked.line_id
              JOIN account_account account ON account.id = asked.account_id
              JOIN account_move move ON move.id = asked.move_id
              JOIN res_partner company_partner ON company_partner.id = asked.company_partner_id
              LEFT JOIN res_partner partner ON partner.id = asked.partner_id
              LEFT JOIN collection_item item ON item.move_line_id = asked.line_id
              LEFT JOIN collection_debtor debtor
                ON debtor.partner_id = asked.partner_id AND debtor.company_id = asked.company_id
              LEFT JOIN LATERAL (%(notice)s) notice ON TRUE
              LEFT JOIN LATERAL (%(own_account)s) own_account ON TRUE
            """,
            lines=tuple(lines.ids) or (0,),
            instalments=self._sql_instalments(),
            due_date=self._sql_due_date(),
            notice=self._sql_notice(),
            own_account=self._sql_own_account(),
        )

    def _sql_due_date(self):
        # An entry of a general journal may have no due date: see open_line.
        due_date = SQL("COALESCE(line.date_maturity, line.invoice_date, line.date)")
        return self.env["collection.decision"]._sql_payable_on(due_date)

    def _sql_instalments(self):
        """(line_id, rank) of the instalments of the invoices: the first bears the lump sum.

        It is owed once for an invoice. One that is open comes before those settled, of which one paid late comes first.
        """
        return SQL(
            """
            SELECT sibling.id AS line_id,
                   ROW_NUMBER() OVER (
                       PARTITION BY sibling.move_id, sibling.account_id, sibling.partner_id
                       ORDER BY sibling.reconciled IS TRUE,
                                NOT EXISTS (SELECT FROM account_partial_reconcile part
                                             WHERE part.debit_move_id = sibling.id
                                               AND part.max_date > sibling.date_maturity),
                                sibling.date_maturity, sibling.id) AS rank
              FROM account_move_line sibling
             WHERE sibling.move_id IN (SELECT move_id FROM asked)
               AND sibling.account_id IN (SELECT account_id FROM asked)
            """
        )

    def _sql_notice(self):
        """Day of the first formal notice that put the item in default; a later one changes nothing to it."""
        return SQL(
            """
            SELECT MIN(reminder.sent_date) AS sent_date
              FROM collection_reminder_line sent
              JOIN collection_reminder reminder ON reminder.id = sent.reminder_id
              JOIN collection_level level ON level.id = sent.level_id AND level.is_formal_notice
             WHERE sent.item_id = item.id AND sent.dropped IS NOT TRUE
            """
        )

    def _sql_own_account(self):
        """Whether all lines of the invoice are on the accounts of interest and lump sums: (all_of_interest)."""
        # A collective entry has thousands of lines: they are read of invoices alone, where an account was chosen.
        return SQL(
            """
            SELECT bool_and(product.account_id IN (
                       asked.collection_interest_account_id, asked.collection_lump_sum_account_id)) AS all_of_interest
              FROM account_move_line product
             WHERE product.move_id = asked.move_id AND product.display_type = 'product'
               AND move.move_type = 'out_invoice'
               AND COALESCE(asked.collection_interest_account_id, asked.collection_lump_sum_account_id) IS NOT NULL
            """
        )

    @api.model
    def _read_movements(self, lines):
        """{line id: [(day, amount, effect)]}: what reduced each item, in the item's currency."""
        self._flush_for_interest()
        movements = defaultdict(list)
        for line_id, on, amount, effect in self.env.execute_query(self._sql_movements(lines)):
            movements[line_id].append((on, amount, effect))
        return movements

    def _sql_movements(self, lines):
        return SQL(
            """
            SELECT line.id, part.max_date, part.debit_amount_currency,
                   CASE WHEN counterpart.move_type = 'out_refund' AND counterpart.reversed_entry_id = line.move_id
                        THEN 'correction'
                        WHEN counterpart.move_type = 'out_refund' THEN 'reduction'
                        ELSE 'payment' END
              FROM account_move_line line
              JOIN account_partial_reconcile part ON part.debit_move_id = line.id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move counterpart ON counterpart.id = credit.move_id
             WHERE line.id IN %(lines)s AND part.debit_amount_currency > 0
             UNION ALL
            -- A credit note that reverses the invoice and waits to be allocated covers its oldest instalments.
            SELECT line_id, date, LEAST(residual, credit - before), 'correction'
              FROM (
                SELECT line.id AS line_id, note.date, note.credit, line.amount_residual_currency AS residual,
                       SUM(line.amount_residual_currency) OVER (
                           PARTITION BY line.move_id, line.account_id ORDER BY line.date_maturity, line.id
                       ) - line.amount_residual_currency AS before
                  FROM account_move_line line
                  JOIN (
                    SELECT reversal.reversed_entry_id AS move_id, credit.account_id, credit.currency_id,
                           MIN(credit.date) AS date, -SUM(credit.amount_residual_currency) AS credit
                      FROM account_move reversal
                      JOIN account_move_line credit ON credit.move_id = reversal.id
                     WHERE reversal.reversed_entry_id IN (SELECT move_id FROM account_move_line WHERE id IN %(lines)s)
                       AND reversal.state = 'posted' AND reversal.move_type = 'out_refund'
                       AND credit.reconciled IS NOT TRUE AND credit.amount_residual_currency < 0
                     GROUP BY reversal.reversed_entry_id, credit.account_id, credit.currency_id
                  ) note ON note.move_id = line.move_id AND note.account_id = line.account_id
                        AND note.currency_id = line.currency_id
                 WHERE line.reconciled IS NOT TRUE AND line.amount_residual_currency > 0
              ) shared
             WHERE shared.credit > shared.before AND shared.line_id IN %(lines)s
            """,
            lines=tuple(lines.ids) or (0,),
        )
