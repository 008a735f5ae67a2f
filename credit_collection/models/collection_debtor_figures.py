from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

# Credits that nobody allocated for so long are shown as work for the accountant.
OLD_CREDIT_DAYS = 30
# Columns that the ledger and the items decide: see _sql_fresh_figures().
FIGURES = (
    "balance",
    "overdue",
    "not_due",
    "credit",
    "old_credit",
    "oldest_due_date",
    "days_overdue",
    "open_item_count",
    "level_id",
)
# Figures that have not changed are stamped again after this time only.
STAMP_AGE = timedelta(hours=1)


class CollectionDebtor(models.Model):
    """Debtors and their figures, made and refreshed by SQL over sets, aside from what accountants do."""

    _inherit = "collection.debtor"

    @api.model
    def _ensure_debtors(self, companies, partners=None):
        """Create the debtors missing for customers with open items; return nothing.

        ``partners`` limits it to some commercial partners. One statement, whatever the number. With a past
        ``collection_date`` in the context, items open on that day count too.
        """
        Decision = self.env["collection.decision"].with_context(allowed_company_ids=companies.ids)
        Decision._flush_for_decision()
        accounts = Decision._get_perimeter_accounts().filtered("collection_role")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO collection_debtor (
                    partner_id, company_id, active, chase, customer_kind, balance, overdue, not_due, credit, old_credit,
                    days_overdue, open_item_count, has_email, has_address, is_key_account,
                    create_uid, create_date, write_uid, write_date)
                SELECT open.partner_id, open.root_id, TRUE, 'on',
                       CASE WHEN partner.is_company OR partner.vat IS NOT NULL THEN 'business' ELSE 'unknown' END,
                       0, 0, 0, 0, 0, 0, 0, FALSE, FALSE, FALSE, %(uid)s, now() at time zone 'UTC', %(uid)s,
                       now() at time zone 'UTC'
                  FROM (SELECT DISTINCT line.partner_id, root.root_id
                          FROM account_move_line line
                          JOIN (%(roots)s) root ON root.company_id = line.company_id
                         WHERE line.account_id IN %(accounts)s AND %(open)s
                           AND line.parent_state = 'posted' AND line.partner_id IS NOT NULL AND %(limited)s
                       ) open
                  JOIN res_partner partner ON partner.id = open.partner_id
                 WHERE NOT EXISTS (SELECT FROM collection_debtor debtor
                                    WHERE debtor.partner_id = open.partner_id AND debtor.company_id = open.root_id)
                """,
                uid=self.env.uid,
                roots=Decision._part_company_root(),
                accounts=tuple(accounts.ids) or (0,),
                open=self._sql_open_lines(Decision),
                limited=SQL("TRUE") if partners is None else SQL("line.partner_id IN %s", tuple(partners.ids) or (0,)),
            )
        )
        self.env["collection.debtor"].invalidate_model()

    @api.model
    def _sql_open_lines(self, Decision):
        if not Decision._is_past():
            return SQL("line.reconciled IS NOT TRUE")
        return SQL(
            """(line.reconciled IS NOT TRUE
                OR EXISTS (SELECT FROM account_partial_reconcile WHERE debit_move_id = line.id AND max_date > %(day)s)
                OR EXISTS (SELECT FROM account_partial_reconcile
                            WHERE credit_move_id = line.id AND max_date > %(day)s))""",
            day=Decision._get_collection_date(),
        )

    def _refresh_figures(self, companies=None):
        """Refresh the figures of these debtors, or of all those of ``companies``."""
        companies = companies or self.company_id
        if not companies:
            return
        Decision = self.env["collection.decision"].with_context(
            allowed_company_ids=companies.ids, collection_debtor_ids=self.ids if self else None
        )
        Decision._flush_for_decision()
        scope = (
            SQL("debtor.id IN %s", tuple(self.ids)) if self else SQL("debtor.company_id IN %s", tuple(companies.ids))
        )
        self._reattach_items(scope)
        self.env.cr.execute(self._sql_refresh_reach(scope))
        self.env.cr.execute(self._sql_refresh_first_invoice(scope))
        self.env.cr.execute(self._sql_refresh_amounts(Decision, scope))
        self.env.cr.execute(self._sql_close_items(scope))
        self.env["collection.debtor"].invalidate_model()
        self.env["collection.item"].invalidate_model()

    def _refresh_reach(self):
        """Refresh whether these debtors can be written to, and nothing else."""
        self.env.cr.execute(self._sql_refresh_reach(SQL("debtor.id IN %s", tuple(self.ids) or (0,))))
        self.invalidate_recordset()

    def _reattach_items(self, scope=None):
        """Give items back the line and the debtor that the ledger says: after an edit, a merge, a new parent company.

        A line that vanished is found again by invoice and rank of the instalment; else its item is closed.
        """
        scope = scope or SQL("debtor.id IN %s", tuple(self.ids) or (0,))
        self.env["account.move.line"].flush_model(["partner_id", "move_id", "date_maturity", "account_id"])
        self.env["collection.item"].flush_model()
        self.env.cr.execute(self._sql_find_lost_lines(scope))
        self.env.cr.execute(self._sql_close_lost_items(scope))
        for company_id, partner_ids in self.env.execute_query(self._sql_strayed_items(scope)):
            company = self.env["res.company"].browse(company_id)
            partners = self.env["res.partner"].browse(partner_ids)
            self._ensure_debtors(company, partners)
            self.env.cr.execute(self._sql_move_items(company, partners))
            strayed = self.env["collection.item"].browse(item_id for (item_id,) in self.env.cr.fetchall())
            strayed.invalidate_recordset()
            self.env["collection.reminder"]._leave_out_strayed(strayed)
        self.env["collection.item"].invalidate_model()

    def _sql_find_lost_lines(self, scope):
        # Among the lines that nobody holds: same invoice, same customer, same rank of due date. Two accounts of an
        # invoice have a first instalment each; their items share them out in order.
        return SQL(
            """
            UPDATE collection_item item SET move_line_id = free.line_id
              FROM (
                    SELECT item.id AS item_id, item.move_id, item.due_rank, debtor.partner_id,
                           ROW_NUMBER() OVER (PARTITION BY item.move_id, item.due_rank, debtor.partner_id
                                              ORDER BY item.id) AS turn
                      FROM collection_item item
                      JOIN collection_debtor debtor ON debtor.id = item.debtor_id
                     WHERE item.move_line_id IS NULL AND item.closed_on IS NULL AND %s
                   ) lost
              JOIN (
                    SELECT ranked.*, ROW_NUMBER() OVER (PARTITION BY move_id, rank, partner_id ORDER BY line_id) AS turn
                      FROM (SELECT line.id AS line_id, line.move_id, line.partner_id,
                                   ROW_NUMBER() OVER (PARTITION BY line.move_id, line.account_id, line.partner_id
                                                      ORDER BY line.date_maturity, line.id) AS rank
                              FROM account_move_line line
                              JOIN account_account account
                                ON account.id = line.account_id AND account.collection_role IS NOT NULL
                             WHERE line.move_id IN (SELECT move_id FROM collection_item
                                                     WHERE move_line_id IS NULL AND closed_on IS NULL)
                           ) ranked
                     WHERE NOT EXISTS (SELECT FROM collection_item other WHERE other.move_line_id = ranked.line_id)
                   ) free ON free.move_id = lost.move_id AND free.rank = lost.due_rank
                         AND free.partner_id = lost.partner_id AND free.turn = lost.turn
             WHERE item.id = lost.item_id
            """,
            scope,
        )

    def _sql_close_lost_items(self, scope):
        return SQL(
            """UPDATE collection_item item SET closed_on = %s FROM collection_debtor debtor
                WHERE debtor.id = item.debtor_id AND item.move_line_id IS NULL AND item.closed_on IS NULL AND %s""",
            self.env["collection.decision"]._get_today(),
            scope,
        )

    def _sql_strayed_items(self, scope):
        """(company_id, partner_ids) of the customers whose open items stand with another debtor."""
        return SQL(
            """SELECT debtor.company_id, array_agg(DISTINCT line.partner_id)
                 FROM collection_item item
                 JOIN collection_debtor debtor ON debtor.id = item.debtor_id
                 JOIN account_move_line line ON line.id = item.move_line_id
                WHERE line.partner_id <> debtor.partner_id AND line.reconciled IS NOT TRUE AND %s
                GROUP BY debtor.company_id""",
            scope,
        )

    def _sql_move_items(self, company, partners):
        return SQL(
            """UPDATE collection_item item SET debtor_id = debtor.id
                 FROM account_move_line line, collection_debtor debtor, collection_debtor former
                WHERE line.id = item.move_line_id AND debtor.partner_id = line.partner_id AND debtor.company_id = %s
                  AND former.id = item.debtor_id AND former.company_id = debtor.company_id
                  AND line.partner_id IN %s AND item.debtor_id <> debtor.id AND line.reconciled IS NOT TRUE
            RETURNING item.id""",
            company.id,
            tuple(partners.ids),
        )

    def _sql_refresh_reach(self, scope):
        """Country, language and whether somebody can be written to: what plans select on and levels need."""
        return SQL(
            """
            UPDATE collection_debtor debtor
               SET has_email = reach.has_email, has_address = reach.has_address,
                   country_id = partner.country_id, lang = partner.lang
              FROM res_partner partner, (%(reach)s) reach
             WHERE partner.id = debtor.partner_id AND reach.debtor_id = debtor.id AND %(scope)s
               AND (debtor.has_email, debtor.has_address, debtor.country_id, debtor.lang) IS DISTINCT FROM
                   (reach.has_email, reach.has_address, partner.country_id, partner.lang)
            """,
            reach=SQL(
                """SELECT recipient.debtor_id, bool_or(recipient.email_ok) AS has_email,
                          bool_or(recipient.address_ok) AS has_address
                     FROM (%s) recipient GROUP BY recipient.debtor_id""",
                self._sql_recipients(scope),
            ),
            scope=scope,
        )

    @api.model
    def _sql_recipients(self, scope):
        """Who may be written to, by rank: (debtor_id, partner_id, rank, email_ok, address_ok).

        Rank 1: contacts for collection; 2: the payer; 3: the invoice contact; 4: the company itself.
        The lowest rank with a usable address receives.
        """
        return SQL(
            """
            SELECT way.debtor_id, partner.id AS partner_id, way.rank,
                   COALESCE(partner.email_normalized, '') <> '' AND COALESCE(partner.message_bounce, 0) = 0
                   AND NOT EXISTS (SELECT FROM mail_blacklist refused
                                    WHERE refused.email = partner.email_normalized AND refused.active) AS email_ok,
                   COALESCE(partner.street, partner.street2, '') <> ''
                   AND COALESCE(partner.city, '') <> '' AS address_ok
              FROM (SELECT debtor.id AS debtor_id, chosen.res_partner_id AS partner_id, 1 AS rank
                      FROM collection_debtor debtor
                      JOIN collection_debtor_contact_rel chosen ON chosen.collection_debtor_id = debtor.id
                     WHERE %(scope)s
                     UNION ALL
                    SELECT debtor.id, debtor.payer_id, 2 FROM collection_debtor debtor
                     WHERE debtor.payer_id IS NOT NULL AND %(scope)s
                     UNION ALL
                    SELECT debtor.id, contact.id, 3
                      FROM collection_debtor debtor
                      JOIN res_partner contact
                        ON contact.commercial_partner_id = debtor.partner_id
                       AND contact.type = 'invoice' AND contact.active
                     WHERE contact.id <> debtor.partner_id AND %(scope)s
                     UNION ALL
                    SELECT debtor.id, debtor.partner_id, 4 FROM collection_debtor debtor WHERE %(scope)s
                   ) way
              JOIN res_partner partner ON partner.id = way.partner_id
            """,
            scope=scope,
        )

    def _sql_refresh_first_invoice(self, scope):
        return SQL(
            """
            UPDATE collection_debtor debtor SET first_invoice_date = first.day
              FROM (SELECT move.commercial_partner_id AS partner_id, company.parent_path, MIN(move.invoice_date) AS day
                      FROM account_move move
                      JOIN res_company company ON company.id = move.company_id
                     WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
                       AND move.commercial_partner_id IN (
                           SELECT debtor.partner_id FROM collection_debtor debtor
                            WHERE debtor.first_invoice_date IS NULL AND %(scope)s)
                     GROUP BY move.commercial_partner_id, company.parent_path) first
             WHERE first.partner_id = debtor.partner_id AND debtor.first_invoice_date IS NULL AND %(scope)s
               AND debtor.company_id = split_part(first.parent_path, '/', 1)::integer
            """,
            scope=scope,
        )

    def _sql_refresh_amounts(self, Decision, scope):
        parts = Decision._decision_parts()
        return SQL(
            """
            WITH company_root AS (%(company_root)s), open_line AS (%(open_line)s), fresh AS (%(fresh)s)
            UPDATE collection_debtor debtor
               SET (%(columns)s, figures_date) = (%(values)s, now() at time zone 'UTC')
              FROM fresh
             WHERE fresh.debtor_id = debtor.id
               -- A row written for nothing is one more for which a transaction that sends has to begin again.
               AND ((%(known)s) IS DISTINCT FROM (%(values)s)
                    OR debtor.figures_date IS NULL OR debtor.figures_date < now() at time zone 'UTC' - %(stamp_age)s)
            """,
            company_root=parts["company_root"],
            open_line=parts["open_line"],
            fresh=self._sql_fresh_figures(Decision, scope),
            columns=SQL(", ").join(SQL.identifier(name) for name in FIGURES),
            values=SQL(", ").join(SQL.identifier("fresh", name) for name in FIGURES),
            known=SQL(", ").join(SQL.identifier("debtor", name) for name in FIGURES),
            stamp_age=STAMP_AGE,
        )

    def _sql_fresh_figures(self, Decision, scope):
        """Figures of the debtors by what ``open_line`` holds: (debtor_id, and the columns of FIGURES)."""
        return SQL(
            """
            SELECT debtor.id AS debtor_id, COALESCE(figure.balance, 0) AS balance,
                   COALESCE(figure.overdue, 0) AS overdue, COALESCE(figure.not_due, 0) AS not_due,
                   COALESCE(figure.credit, 0) AS credit, COALESCE(figure.old_credit, 0) AS old_credit,
                   figure.oldest_due_date, COALESCE(%(day)s - figure.oldest_due_date, 0) AS days_overdue,
                   COALESCE(figure.item_count, 0) AS open_item_count, reached.level_id
              FROM collection_debtor debtor
              LEFT JOIN (
                    SELECT partner_id, root_id, SUM(residual_company) AS balance,
                           SUM(residual_company) FILTER (WHERE residual > 0 AND payable_on < %(day)s) AS overdue,
                           SUM(residual_company) FILTER (WHERE residual > 0 AND payable_on >= %(day)s) AS not_due,
                           -SUM(residual_company) FILTER (WHERE residual < 0) AS credit,
                           -SUM(residual_company) FILTER (
                               WHERE residual < 0 AND date < %(day)s - %(old)s) AS old_credit,
                           MIN(payable_on) FILTER (WHERE residual > 0 AND payable_on < %(day)s) AS oldest_due_date,
                           COUNT(*) FILTER (WHERE residual > 0) AS item_count
                      FROM (SELECT line.*, %(payable_on)s AS payable_on
                              FROM open_line line
                              JOIN account_account account
                                ON account.id = line.account_id AND account.collection_role IS NOT NULL
                              LEFT JOIN collection_debtor debtor
                                ON debtor.partner_id = line.partner_id AND debtor.company_id = line.root_id
                               AND debtor.customer_kind = 'public'
                              LEFT JOIN collection_item item
                                ON item.move_line_id = line.line_id
                               AND (account.collection_role = 'retention' OR item.receipt_date IS NOT NULL)) line
                     GROUP BY partner_id, root_id
                   ) figure ON figure.partner_id = debtor.partner_id AND figure.root_id = debtor.company_id
              LEFT JOIN (
                    SELECT DISTINCT ON (item.debtor_id) item.debtor_id, item.level_id
                      FROM collection_item item
                      JOIN collection_level level ON level.id = item.level_id
                      JOIN account_move_line line ON line.id = item.move_line_id AND line.reconciled IS NOT TRUE
                     ORDER BY item.debtor_id, level.counted_from, level.day DESC, item.level_id
                   ) reached ON reached.debtor_id = debtor.id
             WHERE %(scope)s
            """,
            payable_on=Decision._sql_payable_on(),
            day=Decision._get_collection_date(),
            old=timedelta(days=OLD_CREDIT_DAYS),
            scope=scope,
        )

    def _sql_close_items(self, scope):
        # An item closed and open again tells of a payment that came back: see the verdict.
        return SQL(
            """
            UPDATE collection_item item SET closed_on = %(day)s
              FROM collection_debtor debtor
             WHERE debtor.id = item.debtor_id AND item.closed_on IS NULL AND %(scope)s
               AND NOT EXISTS (SELECT FROM account_move_line line
                                WHERE line.id = item.move_line_id AND line.reconciled IS NOT TRUE)
               AND item.move_line_id IS NOT NULL
            """,
            day=self.env["collection.decision"]._get_today(),
            scope=scope,
        )
