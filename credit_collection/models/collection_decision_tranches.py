from odoo import models
from odoo.tools import SQL

TRANCHES_BEFORE_CREDITS = ("settling", "disputed", "promised", "scheduled")


class CollectionDecision(models.Model):
    """Parts of the decision query that take euros out of the claim, each euro once; money in sight apart."""

    _inherit = "collection.decision"

    def _part_disputed(self):
        """Open disputes: (line_id, amount, next_date)."""
        return self._sql_nothing()

    def _part_promised(self):
        """Promises that still hold: (line_id, amount, next_date)."""
        return self._sql_nothing()

    def _part_scheduled(self):
        """Agreements that still hold: (line_id, amount, next_date)."""
        return self._sql_nothing()

    def _part_taken(self):
        """What the tranches before credits take of the items that have any, each limited to what the others left."""
        return SQL(
            """
            SELECT item.line_id, taken.settling, taken.disputed, taken.promised, taken.scheduled,
                   item.residual - taken.settling - taken.disputed - taken.promised - taken.scheduled AS rest,
                   asked.settling_until, asked.disputed_until, asked.promised_until, asked.scheduled_until
              FROM (SELECT line_id, %(columns)s FROM (%(tranches)s) tranche GROUP BY line_id) asked
              JOIN open_item item ON item.line_id = asked.line_id
              CROSS JOIN LATERAL (SELECT LEAST(item.residual, asked.settling) AS settling) s
              CROSS JOIN LATERAL (SELECT LEAST(item.residual - s.settling, asked.disputed) AS disputed) d
              CROSS JOIN LATERAL (SELECT LEAST(item.residual - s.settling - d.disputed, asked.promised) AS promised) p
              CROSS JOIN LATERAL (SELECT s.settling, d.disputed, p.promised,
                                         LEAST(item.residual - s.settling - d.disputed - p.promised, asked.scheduled)
                                         AS scheduled) taken
            """,
            columns=SQL(", ").join(
                SQL(
                    "COALESCE(SUM(amount) FILTER (WHERE kind = %(kind)s), 0) AS %(amount)s, "
                    "MIN(next_date) FILTER (WHERE kind = %(kind)s) AS %(until)s",
                    kind=kind,
                    amount=SQL.identifier(kind),
                    until=SQL.identifier(f"{kind}_until"),
                )
                for kind in TRANCHES_BEFORE_CREDITS
            ),
            tranches=SQL(" UNION ALL ").join(
                SQL("SELECT %s AS kind, line_id, amount, next_date FROM %s", kind, SQL.identifier(kind))
                for kind in TRANCHES_BEFORE_CREDITS
            ),
        )

    def _part_remaining(self):
        """One row an item, with its stop and what the tranches before credits take and leave of it."""
        return SQL(
            """
            SELECT item.*, stop.stop, stop.next_date AS stop_until, stop.detail AS stop_detail,
                   COALESCE(taken.settling, 0) AS settling, COALESCE(taken.disputed, 0) AS disputed,
                   COALESCE(taken.promised, 0) AS promised, COALESCE(taken.scheduled, 0) AS scheduled,
                   taken.settling_until, taken.disputed_until, taken.promised_until, taken.scheduled_until,
                   COALESCE(taken.rest, item.residual) AS rest
              FROM open_item item
              LEFT JOIN stop ON stop.line_id = item.line_id
              LEFT JOIN taken ON taken.line_id = item.line_id
            """
        )

    def _part_credit(self):
        """Open credits, whatever their follow-up flag, with the invoice that each reverses."""
        return SQL(
            """
            SELECT line.line_id, line.partner_id, line.root_id, line.account_id, line.currency_id,
                   -- Not a join: it would be with every entry of the ledger, for the few that are credits.
                   (SELECT move.reversed_entry_id FROM account_move move WHERE move.id = line.move_id)
                   AS reversed_entry_id,
                   -line.residual AS amount
              FROM open_line line
             WHERE line.residual < 0 AND line.partner_id IS NOT NULL
            """
        )

    def _part_reversed(self):
        """What credit notes take of the very invoice they reverse: (line_id, whose purse, amount)."""
        return SQL(
            """
            SELECT line_id, partner_id, root_id, account_id, currency_id, amount
              FROM (SELECT item.line_id, item.partner_id, item.root_id, item.account_id, item.currency_id,
                           LEAST(item.rest, GREATEST(0, credit.amount - SUM(item.rest) OVER before + item.rest))
                           AS amount
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
                SELECT partner_id, root_id, account_id, currency_id, SUM(amount) AS amount
                  FROM reversed GROUP BY partner_id, root_id, account_id, currency_id
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
        """What remains to be claimed of each item, also at par, and the largest tranche where nothing does."""
        return SQL(
            """
            SELECT item.*, COALESCE(covered.amount, 0) AS covered, left_over.claim,
                   -- For thresholds only: in the company's currency, at the day's rate.
                   left_over.claim / COALESCE(rate.rate, 1) AS at_par,
                   CASE GREATEST(item.settling, item.disputed, item.promised, item.scheduled, covered.amount)
                        WHEN item.settling THEN 'settling'
                        WHEN item.disputed THEN 'disputed'
                        WHEN item.promised THEN 'promised'
                        WHEN item.scheduled THEN 'scheduled'
                        ELSE 'covered'
                   END AS largest
              FROM remaining item
              LEFT JOIN covered ON covered.line_id = item.line_id
              LEFT JOIN rate ON rate.currency_id = item.currency_id AND rate.root_id = item.root_id
              CROSS JOIN LATERAL (SELECT item.rest - COALESCE(covered.amount, 0) AS claim) left_over
            """
        )
