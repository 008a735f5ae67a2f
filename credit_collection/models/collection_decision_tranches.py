from odoo import models
from odoo.tools import SQL


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
                   CASE GREATEST(item.settling, item.disputed, item.promised, item.scheduled, covered.amount)
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
