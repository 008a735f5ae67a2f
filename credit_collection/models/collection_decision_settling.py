from odoo import models
from odoo.tools import SQL

# Days during which money in sight keeps a reminder back; then a person is asked.
PAYMENT_DAYS = 15
TRANSACTION_DAYS = 7
SAID_PAID_DAYS = 5


class CollectionDecision(models.Model):
    """Parts of the decision query about money in sight: registered, paid online, received or said to be.

    What the bank received is told apart in collection_decision_bank.
    """

    _inherit = "collection.decision"

    def _part_money(self):
        """Money in sight with the items it may be for: (source, amount, until, line_id, is_for_any)."""
        return SQL(" UNION ALL ").join(SQL("(%s)", source) for source in self._money_sources().values())

    def _money_sources(self):
        """Kinds of money in sight, each a query of (source, amount, until, line_id, is_for_any). Override to add one.

        ``is_for_any`` tells money for whatever the customer owes from money for these very items.
        """
        return {
            "payment": self._sql_payments_without_entry(),
            "transaction": self._sql_online_transactions(),
            "bank": self._sql_bank_matches(),
        }

    def _sql_payments_without_entry(self):
        # Linked to invoices, a payment is for them; else for what the customer is chased for, the oldest first.
        return SQL(
            """
            WITH registered AS MATERIALIZED (
                SELECT 'payment-' || payment.id AS source, payment.amount, payment.date + %(days)s AS until, payment.id,
                       partner.commercial_partner_id AS partner_id, root.root_id, payment.currency_id,
                       EXISTS (SELECT FROM account_move__account_payment link
                                WHERE link.payment_id = payment.id) AS is_linked
                  FROM account_payment payment
                  JOIN company_root root ON root.company_id = payment.company_id
                  JOIN res_partner partner ON partner.id = payment.partner_id
                 WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                   AND payment.move_id IS NULL AND payment.date > %(day)s - %(days)s AND payment.date <= %(last_day)s
                   AND %(pruned)s
            )
            SELECT payment.source, payment.amount, payment.until, item.line_id, FALSE AS is_for_any
              FROM registered payment
              JOIN account_move__account_payment link ON link.payment_id = payment.id
              JOIN open_item item ON item.move_id = link.invoice_id AND item.partner_id = payment.partner_id
               AND item.root_id = payment.root_id AND item.currency_id = payment.currency_id
             UNION ALL
            SELECT payment.source, payment.amount, payment.until, item.line_id, TRUE
              FROM registered payment
              JOIN open_item item ON item.partner_id = payment.partner_id
               AND item.root_id = payment.root_id AND item.currency_id = payment.currency_id
             WHERE NOT payment.is_linked AND NOT EXISTS (SELECT FROM stop WHERE stop.line_id = item.line_id)
            """,
            day=self._get_collection_date(),
            days=PAYMENT_DAYS,
            # Read as of a past day, what was registered later was not in sight; today, a post-dated cheque is.
            last_day=self._get_collection_date() if self._is_past() else SQL("'infinity'::date"),
            pruned=self._sql_pruned(SQL("payment.partner_id")),
        )

    def _sql_pruned(self, partner):
        """Condition that a contact is one of the debtors of the context or of those who pay for them."""
        debtors = self._get_debtors()
        if debtors is None:
            return SQL("TRUE")
        # Only the contacts' ids, to prune; which rows are shown is for the record rules.
        partners = debtors.sudo().partner_id | debtors.sudo().payer_id.commercial_partner_id
        return SQL(
            "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)", partner, tuple(partners.ids) or (0,)
        )

    def _sql_online_transactions(self):
        # A wire-transfer "transaction" (provider code "custom") is a promise, not money.
        return SQL(
            """
            SELECT 'transaction-' || tx.id, tx.amount, tx.last_state_change::date + %(days)s, item.line_id, FALSE
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

    def _part_settling(self):
        """What money in sight takes of each item: (line_id, amount, next_date).

        Money for one item goes first, then money for several, then what of that met on the items they share, then
        money for whatever is owed: what is free goes where the rest has not been.
        """
        return SQL(
            """
            WITH target AS (
                SELECT money.*, item.partner_id, item.root_id, item.currency_id, item.residual, item.payable_on
                  FROM money JOIN open_item item ON item.line_id = money.line_id
            ), source AS (
                -- One label may name two customers' invoices: each has it for his own, for neither sees the other's.
                SELECT MAX(amount) AS amount, MAX(until) AS until,
                       array_agg(DISTINCT line_id ORDER BY line_id) AS line_ids,
                       CASE WHEN bool_or(is_for_any) THEN 3 WHEN COUNT(DISTINCT line_id) > 1 THEN 2 ELSE 1 END AS turn
                  FROM target GROUP BY source, partner_id
            ), purse AS (
                -- Sources for the same items are one purse, so that the second begins where the first ends.
                SELECT ROW_NUMBER() OVER () AS purse_id, SUM(amount) AS amount, MIN(until) AS until, line_ids, turn
                  FROM source GROUP BY line_ids, turn
            ), place AS MATERIALIZED (
                SELECT purse.purse_id, purse.amount, purse.until, purse.turn,
                       item.line_id, item.residual, item.payable_on, item.partner_id, item.root_id, item.currency_id
                  FROM purse
                  CROSS JOIN LATERAL unnest(purse.line_ids) AS within(line_id)
                  JOIN (SELECT DISTINCT line_id, residual, payable_on, partner_id, root_id, currency_id
                          FROM target) item ON item.line_id = within.line_id
            ), first_turn AS (%(first)s
            ), second_turn AS (%(second)s
            ), met AS (%(met)s
            ), met_turn AS (%(met_turn)s
            ), third_turn AS (%(third)s)
            SELECT line_id, SUM(amount) AS amount, MIN(until) AS next_date
              FROM (SELECT * FROM first_turn
                     UNION ALL SELECT * FROM second_turn
                     UNION ALL SELECT * FROM met_turn
                     UNION ALL SELECT * FROM third_turn) share
             GROUP BY line_id
             UNION ALL
            SELECT line_id, residual, said_paid_on + %(said_days)s FROM open_item
             WHERE said_paid_on > %(day)s - %(said_days)s AND said_paid_on <= %(day)s
            """,
            first=self._sql_settling_turn(1, self._sql_nothing()),
            second=self._sql_settling_turn(2, SQL("SELECT line_id, amount FROM first_turn")),
            met=self._sql_met_purses(),
            met_turn=self._sql_settling_turn(
                2,
                SQL("SELECT line_id, amount FROM first_turn UNION ALL SELECT line_id, amount FROM second_turn"),
                place=SQL("met"),
            ),
            third=self._sql_settling_turn(
                3,
                SQL(
                    """SELECT line_id, amount FROM first_turn UNION ALL SELECT line_id, amount FROM second_turn
                        UNION ALL SELECT line_id, amount FROM met_turn"""
                ),
            ),
            day=self._get_collection_date(),
            said_days=SAID_PAID_DAYS,
        )

    def _sql_met_purses(self):
        """What money for several items has too much on an item that other money pays too, as a purse a customer.

        It is for the other items of those that met there. Columns of ``place``.
        """
        return SQL(
            """
                WITH shared AS (
                    SELECT item.line_id, item.partner_id, item.root_id, item.currency_id, share.until,
                           share.amount - GREATEST(0, item.residual - COALESCE(taken.amount, 0)) AS amount
                      FROM (SELECT line_id, SUM(amount) AS amount, MIN(until) AS until
                              FROM second_turn GROUP BY line_id HAVING COUNT(*) > 1) share
                      JOIN (SELECT DISTINCT line_id, residual, partner_id, root_id, currency_id
                              FROM place WHERE turn = 2) item ON item.line_id = share.line_id
                      LEFT JOIN (SELECT line_id, SUM(amount) AS amount FROM first_turn GROUP BY line_id) taken
                        ON taken.line_id = share.line_id
                )
                SELECT spare.purse_id, spare.amount, spare.until, 2 AS turn,
                       within.line_id, within.residual, within.payable_on
                  FROM (SELECT ROW_NUMBER() OVER () AS purse_id, partner_id, root_id, currency_id,
                               SUM(amount) AS amount, MIN(until) AS until
                          FROM shared WHERE amount > 0 GROUP BY partner_id, root_id, currency_id) spare
                  JOIN (SELECT DISTINCT other.line_id, other.residual, other.payable_on, other.partner_id,
                               other.root_id, other.currency_id
                          FROM shared
                          JOIN place here ON here.line_id = shared.line_id AND here.turn = 2
                          JOIN place other ON other.purse_id = here.purse_id) within
                 USING (partner_id, root_id, currency_id)"""
        )

    def _sql_settling_turn(self, turn, taken, place=None):
        """What the purses of a turn take of their items, the oldest first, from what those before left."""
        return SQL(
            """
                SELECT line_id, amount, until
                  FROM (SELECT place.line_id, place.until,
                               LEAST(rest, GREATEST(0, place.amount - SUM(rest) OVER oldest + rest)) AS amount
                          FROM %(place)s place
                          LEFT JOIN (SELECT line_id, SUM(amount) AS amount
                                       FROM (%(taken)s) share GROUP BY line_id) taken ON taken.line_id = place.line_id
                          CROSS JOIN LATERAL (
                                SELECT GREATEST(0, place.residual - COALESCE(taken.amount, 0)) AS rest) left_over
                         WHERE place.turn = %(turn)s
                        WINDOW oldest AS (PARTITION BY place.purse_id ORDER BY place.payable_on, place.line_id)
                       ) share
                 WHERE amount > 0""",
            turn=turn,
            taken=taken,
            place=place or SQL("place"),
        )
