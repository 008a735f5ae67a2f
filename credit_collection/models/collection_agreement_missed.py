from odoo import models
from odoo.tools import SQL


class CollectionAgreement(models.Model):
    """Which agreements have a missed instalment, found at once: the To do of everybody asks for it.

    The rule is that of ``_allot``, over sets: money pays the instalments in order, and whatever else reduced the debt
    shortens the schedule from its end. Up to an instalment, what is owed is then the sum of those amounts, and at most
    the total less what else reduced it.
    """

    _inherit = "collection.agreement"

    def _search_to_warn(self, operator, value):
        return self._search_missed(operator, value, SQL("missed.last_day >= COALESCE(missed.warned_on, '-infinity')"))

    def _search_to_revoke(self, operator, value):
        time_over = SQL("missed.regularise_until < %s", self.env["collection.decision"]._get_today())
        return self._search_missed(
            operator,
            value,
            SQL("TRUE"),
            SQL("MAX(missed.last_day) < MIN(missed.warned_on) AND bool_and(%s)", time_over),
        )

    def _search_missed(self, operator, value, line, whole=None):
        """Domain of the agreements with a missed instalment that meets ``line``, all of them together ``whole``."""
        if operator not in ("in", "not in"):
            return NotImplemented
        self.env["collection.item"]._flush_for_receipts()
        for model in ("collection.agreement", "collection.agreement.line", "collection.agreement.instalment"):
            self.env[model].flush_model()
        found = SQL(
            "(SELECT agreement_id FROM (%s) missed WHERE %s GROUP BY agreement_id HAVING %s)",
            self._sql_missed(),
            line,
            whole or SQL("TRUE"),
        )
        asked = (operator == "in") == (True in value)
        return [("id", "in" if asked else "not in", found)]

    def _sql_missed(self):
        """Instalments missed today: (agreement_id, last_day, warned_on, regularise_until)."""
        return SQL(
            """
            WITH received AS (
                SELECT line.agreement_id, SUM(part.amount::numeric) AS amount
                  FROM (%(receipts)s) part
                  JOIN collection_item item ON item.move_line_id = part.line_id
                  JOIN collection_agreement_line line ON line.item_id = item.id
                  JOIN collection_agreement agreement ON agreement.id = line.agreement_id
                 WHERE part.kind = 'money' AND part.day >= agreement.proposed_on
                 GROUP BY line.agreement_id
            ), reduced AS (
                SELECT line.agreement_id,
                       SUM(line.amount - GREATEST(0, COALESCE(entry.amount_residual_currency, line.amount))) AS amount
                  FROM collection_agreement_line line
                  JOIN collection_agreement agreement
                    ON agreement.id = line.agreement_id AND agreement.state = 'accepted'
                  LEFT JOIN collection_item item ON item.id = line.item_id
                  LEFT JOIN account_move_line entry ON entry.id = item.move_line_id
                 GROUP BY line.agreement_id
            )
            SELECT turn.agreement_id, turn.last_day, turn.warned_on, turn.regularise_until
              FROM (SELECT agreement.id AS agreement_id, agreement.warned_on, agreement.regularise_until,
                           instalment.due_date + agreement.grace_days AS last_day, instalment.amount,
                           SUM(instalment.amount) OVER in_order AS owed_so_far,
                           SUM(instalment.amount) OVER whole - GREATEST(
                               0, COALESCE(reduced.amount, 0) - COALESCE(received.amount, 0)) AS owed_at_most,
                           COALESCE(received.amount, 0) AS paid
                      FROM collection_agreement agreement
                      JOIN collection_agreement_instalment instalment ON instalment.agreement_id = agreement.id
                      LEFT JOIN reduced ON reduced.agreement_id = agreement.id
                      LEFT JOIN received ON received.agreement_id = agreement.id
                     WHERE agreement.state = 'accepted'
                    WINDOW whole AS (PARTITION BY agreement.id),
                           in_order AS (PARTITION BY agreement.id ORDER BY instalment.due_date, instalment.id)
                   ) turn
             WHERE turn.last_day < %(today)s AND turn.paid < LEAST(turn.owed_so_far, turn.owed_at_most)
               -- Wholly taken away, an instalment is not missed.
               AND turn.owed_so_far - turn.amount < turn.owed_at_most
            """,
            today=self.env["collection.decision"]._get_today(),
            receipts=self.env["collection.item"]._sql_receipts(
                SQL(
                    """part.debit_move_id IN (
                           SELECT item.move_line_id FROM collection_agreement agreement
                             JOIN collection_agreement_line line ON line.agreement_id = agreement.id
                             JOIN collection_item item ON item.id = line.item_id
                            WHERE agreement.state = 'accepted')"""
                )
            ),
        )
