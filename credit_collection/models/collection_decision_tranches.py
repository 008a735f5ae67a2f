from odoo import models
from odoo.tools import SQL

# Days during which money in sight keeps a reminder back; then a person is asked.
PAYMENT_DAYS = 15
TRANSACTION_DAYS = 7
BANK_DAYS = 10
SAID_PAID_DAYS = 5
# A reference shorter than this would be found in labels by chance.
SHORTEST_REFERENCE = 5


class CollectionDecision(models.Model):
    """Parts of the decision query that take euros out of the claim, each euro once."""

    _inherit = "collection.decision"

    def _part_bank(self):
        """Unreconciled receipts of the bank that no registered payment explains."""
        return SQL(
            """
            SELECT received.*
              FROM (SELECT st_line.id AS st_line_id, partner.commercial_partner_id AS partner_id, root.root_id,
                           COALESCE(st_line.foreign_currency_id, st_line.currency_id) AS currency_id,
                           CASE WHEN st_line.foreign_currency_id IS NULL THEN st_line.amount
                                ELSE st_line.amount_currency END AS amount,
                           move.date, upper(st_line.payment_ref) AS label,
                           ROW_NUMBER() OVER (
                               PARTITION BY partner.commercial_partner_id, root.root_id, st_line.currency_id, st_line.amount
                               ORDER BY move.date, st_line.id) AS rank
                      FROM account_bank_statement_line st_line
                      JOIN account_move move ON move.id = st_line.move_id AND move.state = 'posted'
                      JOIN company_root root ON root.company_id = st_line.company_id
                      LEFT JOIN res_partner partner ON partner.id = st_line.partner_id
                     WHERE st_line.is_reconciled IS NOT TRUE AND st_line.amount > 0
                       AND move.date > %(day)s - %(days)s AND move.date <= %(day)s
                   ) received
              LEFT JOIN (SELECT partner.commercial_partner_id AS partner_id, root.root_id, payment.currency_id,
                                payment.amount, COUNT(*) AS count
                           FROM account_payment payment
                           JOIN company_root root ON root.company_id = payment.company_id
                           JOIN res_partner partner ON partner.id = payment.partner_id
                          WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                            AND (payment.is_matched IS NOT TRUE OR payment.move_id IS NULL)
                            AND payment.date > %(day)s - %(days)s - %(days)s AND payment.date <= %(day)s
                          GROUP BY 1, 2, 3, 4
                        ) explained
                     ON explained.partner_id = received.partner_id AND explained.root_id = received.root_id
                    AND explained.currency_id = received.currency_id AND explained.amount = received.amount
             WHERE received.rank > COALESCE(explained.count, 0)
            """,
            day=self._get_collection_date(),
            days=BANK_DAYS,
        )

    def _part_money(self):
        """Money in sight with the items it is for: (source, amount, until, line_id, due order)."""
        return SQL(" UNION ALL ").join(SQL("(%s)", source) for source in self._money_sources().values())

    def _money_sources(self):
        """Kinds of money in sight, each a query of (source, amount, until, line_id). Override to add one."""
        return {
            "payment": self._sql_payments_without_entry(),
            "transaction": self._sql_online_transactions(),
            "bank": self._sql_bank_matches(),
        }

    def _sql_payments_without_entry(self):
        # Linked to invoices, a payment is for them; else for the debtor's items, the oldest first.
        return SQL(
            """
            SELECT 'payment-' || payment.id AS source, payment.amount, payment.date + %(days)s AS until, item.line_id
              FROM account_payment payment
              JOIN company_root root ON root.company_id = payment.company_id
              JOIN res_partner partner ON partner.id = payment.partner_id
              JOIN open_item item
                ON item.partner_id = partner.commercial_partner_id AND item.root_id = root.root_id
               AND item.currency_id = payment.currency_id
             WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
               AND payment.move_id IS NULL AND payment.date > %(day)s - %(days)s
               AND (EXISTS (SELECT FROM account_move__account_payment link
                             WHERE link.payment_id = payment.id AND link.invoice_id = item.move_id)
                    OR NOT EXISTS (SELECT FROM account_move__account_payment link WHERE link.payment_id = payment.id))
            """,
            day=self._get_collection_date(),
            days=PAYMENT_DAYS,
        )

    def _sql_online_transactions(self):
        # A wire-transfer "transaction" (provider code "custom") is a promise, not money.
        return SQL(
            """
            SELECT 'transaction-' || tx.id, tx.amount, tx.last_state_change::date + %(days)s, item.line_id
              FROM payment_transaction tx
              JOIN payment_provider provider ON provider.id = tx.provider_id AND provider.code <> 'custom'
              JOIN account_invoice_transaction_rel link ON link.transaction_id = tx.id
              JOIN open_item item ON item.move_id = link.invoice_id AND item.currency_id = tx.currency_id
             WHERE tx.state IN ('pending', 'authorized') AND tx.last_state_change::date > %(day)s - %(days)s
               AND tx.payment_id IS NULL
            """,
            day=self._get_collection_date(),
            days=TRANSACTION_DAYS,
        )

    def _sql_bank_matches(self):
        """A receipt is for the items whose number its label holds, else for one of exactly its amount."""
        return SQL(
            """
            WITH word AS (
                SELECT bank.st_line_id, word.position,
                       word.text AS w1,
                       LEAD(word.text, 1) OVER words AS w2,
                       LEAD(word.text, 2) OVER words AS w3,
                       LEAD(word.text, 3) OVER words AS w4
                  FROM bank
                  CROSS JOIN LATERAL regexp_split_to_table(bank.label, '[^[:alnum:]]+') WITH ORDINALITY
                             AS word(text, position)
                 WHERE word.text <> ''
                WINDOW words AS (PARTITION BY bank.st_line_id ORDER BY word.position)
            ), reference AS (
                SELECT DISTINCT word.st_line_id, joined.text
                  FROM word
                  CROSS JOIN LATERAL (VALUES (w1), (w1 || w2), (w1 || w2 || w3), (w1 || w2 || w3 || w4)) AS joined(text)
                 WHERE length(joined.text) >= %(shortest)s AND joined.text ~ '[0-9]'
            ), by_reference AS (
                SELECT DISTINCT bank.st_line_id, item.line_id
                  FROM open_item item
                  CROSS JOIN LATERAL (VALUES (item.move_name), (item.reference)) AS key(text)
                  JOIN reference ON reference.text = upper(translate(key.text, '/-_. #', ''))
                  JOIN bank ON bank.st_line_id = reference.st_line_id
                   AND bank.root_id = item.root_id AND bank.currency_id = item.currency_id
                   AND COALESCE(bank.partner_id, item.partner_id) = item.partner_id
                   AND bank.date >= COALESCE(item.invoice_date, item.date)
            ), amount_asked AS (
                SELECT bank.st_line_id, bank.partner_id, bank.root_id, bank.currency_id, bank.amount, bank.date,
                       ROW_NUMBER() OVER same_amount AS rank
                  FROM bank
                 WHERE bank.partner_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM by_reference found WHERE found.st_line_id = bank.st_line_id)
                WINDOW same_amount AS (PARTITION BY partner_id, root_id, currency_id, amount ORDER BY date, st_line_id)
            ), amount_open AS (
                SELECT item.line_id, item.partner_id, item.root_id, item.currency_id, item.residual,
                       COALESCE(item.invoice_date, item.date) AS invoice_date,
                       ROW_NUMBER() OVER (PARTITION BY item.partner_id, item.root_id, item.currency_id, item.residual
                                          ORDER BY item.due_date, item.line_id) AS rank
                  FROM open_item item
                 WHERE item.partner_id IN (SELECT partner_id FROM amount_asked)
                   AND item.line_id NOT IN (SELECT line_id FROM by_reference)
            ), matched AS (
                SELECT st_line_id, line_id FROM by_reference
                 UNION ALL
                SELECT asked.st_line_id, item.line_id
                  FROM amount_asked asked
                  JOIN amount_open item ON item.partner_id = asked.partner_id AND item.root_id = asked.root_id
                   AND item.currency_id = asked.currency_id AND item.residual = asked.amount
                   AND item.rank = asked.rank AND asked.date >= item.invoice_date
            )
            SELECT 'bank-' || bank.st_line_id, bank.amount, bank.date + %(days)s, matched.line_id
              FROM matched JOIN bank ON bank.st_line_id = matched.st_line_id
            """,
            days=BANK_DAYS,
            shortest=SHORTEST_REFERENCE,
        )

    def _part_settling(self):
        """What money in sight takes of each item: (line_id, amount, next_date)."""
        return SQL(
            """
            WITH source AS (
                -- Sources for the same items are one purse, so that the second begins where the first ends.
                SELECT SUM(amount) AS amount, MIN(until) AS until, line_ids
                  FROM (SELECT source, MAX(amount) AS amount, MAX(until) AS until,
                               array_agg(DISTINCT line_id ORDER BY line_id) AS line_ids
                          FROM money GROUP BY source) each_source
                 GROUP BY line_ids
            ), share AS (
                SELECT item.line_id, source.until,
                       LEAST(item.residual, GREATEST(0, source.amount - SUM(item.residual) OVER before + item.residual))
                       AS amount
                  FROM source
                  CROSS JOIN LATERAL unnest(source.line_ids) AS target(line_id)
                  JOIN open_item item ON item.line_id = target.line_id
                WINDOW before AS (PARTITION BY source.line_ids ORDER BY item.payable_on, item.line_id)
            )
            SELECT line_id, SUM(amount) AS amount, MIN(until) AS next_date FROM share WHERE amount > 0 GROUP BY line_id
             UNION ALL
            SELECT line_id, residual, said_paid_on + %(said_days)s FROM open_item
             WHERE said_paid_on > %(day)s - %(said_days)s AND said_paid_on <= %(day)s
            """,
            day=self._get_collection_date(),
            said_days=SAID_PAID_DAYS,
        )

    def _part_disputed(self):
        """Open disputes: (line_id, amount, next_date)."""
        return self._sql_nothing()

    def _part_promised(self):
        """Promises that still hold: (line_id, amount, next_date)."""
        return self._sql_nothing()

    def _part_scheduled(self):
        """Agreements that still hold: (line_id, amount, next_date)."""
        return self._sql_nothing()

    def _part_remaining(self):
        """One row an item, with the tranches that come before credits, each limited to what the others left."""
        return SQL(
            """
            SELECT item.line_id, item.partner_id, item.root_id, item.account_id, item.currency_id, item.move_id,
                   item.payable_on, stop.stop,
                   taken.settling, taken.disputed, taken.promised, taken.scheduled,
                   item.residual - taken.settling - taken.disputed - taken.promised - taken.scheduled AS rest,
                   settling.next_date AS settling_until, disputed.next_date AS disputed_until,
                   promised.next_date AS promised_until, scheduled.next_date AS scheduled_until
              FROM open_item item
              LEFT JOIN stop ON stop.line_id = item.line_id
              LEFT JOIN (%(settling)s) settling ON settling.line_id = item.line_id
              LEFT JOIN (%(disputed)s) disputed ON disputed.line_id = item.line_id
              LEFT JOIN (%(promised)s) promised ON promised.line_id = item.line_id
              LEFT JOIN (%(scheduled)s) scheduled ON scheduled.line_id = item.line_id
              CROSS JOIN LATERAL (SELECT LEAST(item.residual, COALESCE(settling.amount, 0)) AS settling) s
              CROSS JOIN LATERAL (SELECT LEAST(item.residual - s.settling, COALESCE(disputed.amount, 0)) AS disputed) d
              CROSS JOIN LATERAL (SELECT LEAST(item.residual - s.settling - d.disputed,
                                               COALESCE(promised.amount, 0)) AS promised) p
              CROSS JOIN LATERAL (SELECT s.settling, d.disputed, p.promised,
                                         LEAST(item.residual - s.settling - d.disputed - p.promised,
                                               COALESCE(scheduled.amount, 0)) AS scheduled) taken
            """,
            **{
                tranche: SQL(
                    "SELECT line_id, SUM(amount) AS amount, MIN(next_date) AS next_date FROM %s GROUP BY line_id",
                    SQL.identifier(tranche),
                )
                for tranche in ("settling", "disputed", "promised", "scheduled")
            },
        )

    def _part_credit(self):
        """Open credits, whatever their follow-up flag, with the invoice that each reverses."""
        return SQL(
            """
            SELECT line.line_id, line.partner_id, line.root_id, line.account_id, line.currency_id,
                   move.reversed_entry_id, -line.residual AS amount
              FROM open_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.residual < 0 AND line.partner_id IS NOT NULL
            """
        )

    def _part_reversed(self):
        """What credit notes take of the very invoice they reverse: (line_id, amount)."""
        return SQL(
            """
            SELECT line_id, amount
              FROM (SELECT item.line_id,
                           LEAST(item.rest, GREATEST(0, credit.amount - SUM(item.rest) OVER before + item.rest)) AS amount
                      FROM (SELECT reversed_entry_id, partner_id, account_id, currency_id, SUM(amount) AS amount
                              FROM credit WHERE reversed_entry_id IS NOT NULL
                             GROUP BY reversed_entry_id, partner_id, account_id, currency_id) credit
                      JOIN remaining item ON item.move_id = credit.reversed_entry_id
                       AND item.partner_id = credit.partner_id AND item.account_id = credit.account_id
                       AND item.currency_id = credit.currency_id
                    WINDOW before AS (PARTITION BY item.move_id, item.account_id, item.currency_id
                                      ORDER BY item.payable_on, item.line_id)
                   ) share
             WHERE amount > 0
            """
        )

    def _part_covered(self):
        """What open credits take of each item, the reversed invoice first, then the oldest: (line_id, amount)."""
        # Items under a stop leave the other credits to those that would be chased: nobody is asked for
        # money that a credit of theirs already answers.
        return SQL(
            """
            WITH used AS (
                SELECT item.partner_id, item.root_id, item.account_id, item.currency_id, SUM(reversed.amount) AS amount
                  FROM reversed JOIN remaining item ON item.line_id = reversed.line_id
                 GROUP BY item.partner_id, item.root_id, item.account_id, item.currency_id
            ), pool AS (
                SELECT partner_id, root_id, account_id, currency_id,
                       SUM(credit.amount) - COALESCE(MAX(used.amount), 0) AS amount
                  FROM credit LEFT JOIN used USING (partner_id, root_id, account_id, currency_id)
                 GROUP BY partner_id, root_id, account_id, currency_id
            ), item AS (
                SELECT remaining.line_id, pool.amount AS pool, remaining.rest - COALESCE(reversed.amount, 0) AS rest,
                       remaining.partner_id, remaining.root_id, remaining.account_id, remaining.currency_id,
                       remaining.payable_on
                  FROM pool
                  JOIN remaining USING (partner_id, root_id, account_id, currency_id)
                  LEFT JOIN reversed ON reversed.line_id = remaining.line_id
                 WHERE pool.amount > 0 AND remaining.stop IS NULL
            ), share AS (
                SELECT line_id, LEAST(rest, GREATEST(0, pool - SUM(rest) OVER oldest_first + rest)) AS amount
                  FROM item
                WINDOW oldest_first AS (PARTITION BY partner_id, root_id, account_id, currency_id
                                        ORDER BY payable_on, line_id)
            )
            SELECT line_id, SUM(amount) AS amount
              FROM (SELECT line_id, amount FROM share WHERE amount > 0
                     UNION ALL SELECT line_id, amount FROM reversed) taken
             GROUP BY line_id
            """
        )

    def _part_claim(self):
        """What remains to be claimed of each item, and the largest tranche where nothing does."""
        return SQL(
            """
            SELECT item.line_id, item.settling, item.disputed, item.promised, item.scheduled,
                   COALESCE(covered.amount, 0) AS covered,
                   item.rest - COALESCE(covered.amount, 0) AS claim,
                   CASE GREATEST(item.settling, item.disputed, item.promised, item.scheduled, COALESCE(covered.amount, 0))
                        WHEN item.settling THEN 'settling'
                        WHEN item.disputed THEN 'disputed'
                        WHEN item.promised THEN 'promised'
                        WHEN item.scheduled THEN 'scheduled'
                        ELSE 'covered'
                   END AS largest,
                   item.settling_until, item.disputed_until, item.promised_until, item.scheduled_until
              FROM remaining item
              LEFT JOIN covered ON covered.line_id = item.line_id
            """
        )
