from datetime import timedelta

from odoo import models
from odoo.tools import SQL

# Days during which a receipt keeps a reminder back; then a person is asked.
BANK_DAYS = 10
# A reference shorter than this would be found in labels by chance.
SHORTEST_REFERENCE = 5
# Receipts are looked up by their words for so many items at most.
FEW_ITEMS = 40


def sql_words(label):
    """The words of a label in capitals, with spaces between; also what an index of the receipts is made of."""
    # A regular expression takes thrice as long, and few labels need one.
    return SQL(
        """CASE WHEN %(label)s ~ '[^A-Za-z0-9 /.-]'
                THEN regexp_replace(upper(%(label)s), '[^[:alnum:]]+', ' ', 'g')
                ELSE replace(replace(replace(upper(%(label)s), '/', ' '), '.', ' '), '-', ' ') END""",
        # Banks give 140 characters; a longer word than an index takes must not stop a statement from coming in. Not a
        # parameter: the definition of an index has none.
        label=SQL("left(%s, 500)", label),
    )


class CollectionDecision(models.Model):
    """Parts of the decision query about what the bank received and nobody reconciled: whose it is, and for what."""

    _inherit = "collection.decision"

    def _part_receipt(self):
        """Statement lines that nobody has reconciled, a while longer than they count: see ``_part_bank``."""
        return SQL(
            """
            -- Aside, so that it is read once, whatever the planner thinks of the few companies.
            WITH recent AS MATERIALIZED (%(recent)s)
            SELECT st_line.id AS st_line_id, partner.commercial_partner_id AS partner_id, root.root_id,
                   COALESCE(st_line.foreign_currency_id, st_line.currency_id) AS currency_id,
                   CASE WHEN st_line.foreign_currency_id IS NULL THEN st_line.amount
                        ELSE st_line.amount_currency END AS amount,
                   st_line.booked_on AS date, st_line.payment_ref
              FROM recent st_line
              JOIN company_root root ON root.company_id = st_line.company_id
              LEFT JOIN res_partner partner ON partner.id = st_line.partner_id
             WHERE st_line.booked_on > %(day)s - 2 * %(days)s AND st_line.booked_on <= %(day)s
            """,
            day=self._get_collection_date(),
            days=BANK_DAYS,
            recent=SQL(" UNION ALL ").join(map(self._sql_recent_receipts, self._get_receipt_conditions())),
        )

    def _sql_recent_receipts(self, condition):
        return SQL(
            """
            SELECT st_line.*,
                   -- Not a join: it would be with every entry of these days, for the few of the bank.
                   (SELECT move.date FROM account_move move
                     WHERE move.id = st_line.move_id AND move.state = 'posted') AS booked_on
              FROM account_bank_statement_line st_line
             WHERE %(unexplained)s AND %(condition)s
            """,
            unexplained=self._sql_unexplained(2 * BANK_DAYS),
            condition=condition,
        )

    def _get_receipt_conditions(self):
        """Which receipts are read, in sets that do not meet; about few debtors, those that may be theirs."""
        if self._get_debtors() is None:
            return [SQL("TRUE")]
        return [self._sql_pruned(SQL("st_line.partner_id")), self._sql_may_name_an_item()]

    def _sql_unexplained(self, days):
        """Condition that ``st_line`` is a receipt of the last ``days`` that nobody has reconciled."""
        # The columns of core's partial index, in its order; its third begins with the day: where nobody reconciles,
        # the lines of all years are there.
        return SQL(
            """st_line.is_reconciled IS NOT TRUE
               AND st_line.journal_id = ANY (ARRAY(SELECT id FROM account_journal))
               AND st_line.company_id = ANY (ARRAY(SELECT company_id FROM company_root))
               AND st_line.internal_index >= %s AND st_line.amount > 0""",
            (self._get_collection_date() - timedelta(days=days)).strftime("%Y%m%d"),
        )

    def _sql_may_name_an_item(self):
        """Condition that ``st_line`` is nobody's, and that its label holds the number of an item."""
        # A number is told by whole words joined: the last of them ends it. An index has the labels by their words
        # (account_bank_statement_line.py). Then joined as sets: the planner, who knows neither's size, would else try
        # each label on each number.
        return SQL(
            """
            st_line.id IN (
                WITH ending AS MATERIALIZED (
                    SELECT right(item.number, size) AS text, item.number
                      FROM (%(numbers)s) item CROSS JOIN generate_series(1, length(item.number)) AS size
                     WHERE item.number ~ '^[[:alnum:]]+$'
                ), label AS MATERIALIZED (
                    SELECT st_line.id, %(words)s AS words
                      FROM account_bank_statement_line st_line
                     WHERE st_line.partner_id IS NULL AND %(unexplained)s AND %(holds_an_ending)s
                ), spoken AS MATERIALIZED (
                    SELECT label.*, word.text FROM label
                      CROSS JOIN LATERAL unnest(string_to_array(label.words, ' ')) AS word(text)
                )
                SELECT spoken.id
                  FROM spoken
                  JOIN ending ON ending.text = spoken.text
                   AND strpos(replace(spoken.words, ' ', ''), ending.number) > 0)
            """,
            numbers=SQL(
                "SELECT %s AS number FROM open_item UNION SELECT %s FROM open_item",
                self._sql_number(SQL("move_name")),
                self._sql_number(SQL("reference")),
            ),
            words=sql_words(SQL("st_line.payment_ref")),
            unexplained=self._sql_unexplained(BANK_DAYS),
            holds_an_ending=self._sql_holds_an_ending(),
        )

    def _sql_holds_an_ending(self):
        """Condition that a word of ``st_line`` may end the number of an item; of many items, all receipts are read."""
        # Each word of a search in the index meets all others: few are quick, thousands are not. The figure of last
        # night is near enough. Which debtors' rights count is for the records, not for how they are found.
        if sum(self._get_debtors().sudo().mapped("open_item_count")) > FEW_ITEMS:
            return SQL("TRUE")
        return SQL("string_to_array(%s, ' ') && ARRAY(SELECT text FROM ending)", sql_words(SQL("st_line.payment_ref")))

    @staticmethod
    def _sql_number(column):
        """A number as it is looked for in labels: without what people leave out or put in."""
        return SQL("upper(translate(%s, '/-_. #', ''))", column)

    def _part_reference(self):
        """Items whose number stands in the label of a receipt of theirs or of nobody's: (st_line_id, line_id)."""
        # Whole words of the label joined 1 to 4: an equality hashes, where LIKE would try every label on every item.
        # Labels are complete before they meet the items, numbers before they meet the labels: joined in any other
        # order, each receipt would first meet all items of its currency.
        return SQL(
            """
            WITH word AS (
                SELECT receipt.*, word.text AS w1,
                       LEAD(word.text, 1) OVER words AS w2,
                       LEAD(word.text, 2) OVER words AS w3,
                       LEAD(word.text, 3) OVER words AS w4
                  FROM receipt
                  CROSS JOIN LATERAL string_to_table(%(words)s, ' ') WITH ORDINALITY AS word(text, position)
                 WHERE word.text <> '' AND receipt.date > %(day)s - %(days)s
                WINDOW words AS (PARTITION BY receipt.st_line_id ORDER BY word.position)
            ), label AS MATERIALIZED (
                SELECT word.st_line_id, word.root_id, word.currency_id, word.partner_id, word.date, joined.text
                  FROM word
                  CROSS JOIN LATERAL (VALUES (w1), (w1 || w2), (w1 || w2 || w3), (w1 || w2 || w3 || w4)) AS joined(text)
                 WHERE length(joined.text) >= %(shortest)s AND joined.text ~ '[0-9]'
            )
            SELECT DISTINCT label.st_line_id, item.line_id, item.partner_id
              FROM (SELECT %(move_number)s AS number, * FROM open_item
                     UNION ALL
                    SELECT %(reference_number)s, * FROM open_item WHERE reference IS DISTINCT FROM move_name
                   ) item
              JOIN label ON label.text = item.number
               AND label.root_id = item.root_id AND label.currency_id = item.currency_id
               AND (label.partner_id IS NULL OR label.partner_id IN (item.partner_id, item.payer_partner_id))
               AND label.date >= COALESCE(item.invoice_date, item.date)
            """,
            day=self._get_collection_date(),
            days=BANK_DAYS,
            shortest=SHORTEST_REFERENCE,
            words=sql_words(SQL("receipt.payment_ref")),
            move_number=self._sql_number(SQL("move_name")),
            reference_number=self._sql_number(SQL("reference")),
        )

    def _part_bank(self):
        """Receipts that no registered payment explains, while they count.

        Receipts and payments of one amount explain each other in their order. Older ones than those that count are
        ranked too, else the payment of last week would explain the receipt of today.
        """
        return SQL(
            """
            SELECT received.*
              FROM (SELECT receipt.*, owner.partner_id AS owner_id,
                           ROW_NUMBER() OVER (
                               PARTITION BY owner.partner_id, receipt.root_id, receipt.currency_id, receipt.amount
                               ORDER BY receipt.date, receipt.st_line_id) AS rank
                      FROM receipt
                      LEFT JOIN (SELECT st_line_id, MIN(partner_id) AS partner_id
                                   FROM reference GROUP BY st_line_id) named ON named.st_line_id = receipt.st_line_id
                      CROSS JOIN LATERAL (SELECT COALESCE(named.partner_id, receipt.partner_id) AS partner_id) owner
                     WHERE owner.partner_id IS NOT NULL
                   ) received
              LEFT JOIN (SELECT partner.commercial_partner_id AS partner_id, root.root_id, payment.currency_id,
                                payment.amount, COUNT(*) AS count
                           FROM account_payment payment
                           JOIN company_root root ON root.company_id = payment.company_id
                           JOIN res_partner partner ON partner.id = payment.partner_id
                          WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                            AND (payment.is_matched IS NOT TRUE OR payment.move_id IS NULL)
                            AND payment.date > %(day)s - 2 * %(days)s AND payment.date <= %(day)s AND %(pruned)s
                          GROUP BY 1, 2, 3, 4
                        ) explained
                     ON explained.partner_id = received.owner_id AND explained.root_id = received.root_id
                    AND explained.currency_id = received.currency_id AND explained.amount = received.amount
             WHERE received.rank > COALESCE(explained.count, 0) AND received.date > %(day)s - %(days)s
            """,
            day=self._get_collection_date(),
            days=BANK_DAYS,
            pruned=self._sql_pruned(SQL("payment.partner_id")),
        )

    def _sql_bank_matches(self):
        """A receipt is for the items whose number its label holds, else for one of exactly its amount."""
        return SQL(
            """
            WITH named AS (
                SELECT bank.st_line_id, reference.line_id
                  FROM bank JOIN reference ON reference.st_line_id = bank.st_line_id
            ), amount_open AS (
                SELECT item.line_id, item.partner_id, item.root_id, item.currency_id, item.residual AS amount,
                       COALESCE(item.invoice_date, item.date) AS since,
                       ROW_NUMBER() OVER (PARTITION BY item.partner_id, item.root_id, item.currency_id, item.residual
                                          ORDER BY COALESCE(item.invoice_date, item.date), item.due_date, item.line_id)
                       AS rank
                  FROM open_item item
                 WHERE (item.partner_id, item.root_id, item.currency_id, item.residual) IN (
                       SELECT partner_id, root_id, currency_id, amount FROM bank)
                   AND NOT EXISTS (SELECT FROM named WHERE named.line_id = item.line_id)
            ), amount_received AS (
                -- In their order, those older than every invoice of that amount left out.
                SELECT bank.st_line_id, partner_id, root_id, currency_id, amount, bank.date,
                       ROW_NUMBER() OVER (PARTITION BY partner_id, root_id, currency_id, amount
                                          ORDER BY bank.date, bank.st_line_id) AS rank
                  FROM bank
                  JOIN amount_open oldest USING (partner_id, root_id, currency_id, amount)
                 WHERE oldest.rank = 1 AND bank.date >= oldest.since
                   AND NOT EXISTS (SELECT FROM named WHERE named.st_line_id = bank.st_line_id)
            ), matched AS (
                SELECT st_line_id, line_id FROM named
                 UNION ALL
                SELECT received.st_line_id, item.line_id
                  FROM amount_received received
                  JOIN amount_open item USING (partner_id, root_id, currency_id, amount, rank)
                 WHERE received.date >= item.since
            )
            SELECT 'bank-' || bank.st_line_id, bank.amount, bank.date + %(days)s, matched.line_id, FALSE
              FROM matched JOIN bank ON bank.st_line_id = matched.st_line_id
            """,
            days=BANK_DAYS,
        )
