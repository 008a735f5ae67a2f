from odoo import api, models
from odoo.tools import SQL


class CollectionDecision(models.Model):
    """Disputes in the decision: what is contested is not chased, the rest is."""

    _inherit = "collection.decision"

    def _part_disputed(self):
        """Open disputes: (line_id, amount, next_date).

        What was granted stays until its credit note is posted: money conceded is never chased.
        """
        debtors = self._get_debtors()
        return self._sql_disputed(
            SQL("TRUE") if debtors is None else SQL("item.debtor_id IN %s", tuple(debtors.ids) or (0,))
        )

    def _sql_disputed(self, condition):
        """Amounts in dispute on the day of the decision, a row a dispute and an item that meets the condition."""
        return SQL(
            """
            SELECT item.move_line_id AS line_id,
                   CASE WHEN dispute.decided_on <= %(day)s THEN COALESCE(line.accepted, 0)
                        ELSE line.amount END AS amount,
                   -- Once it has passed, only a person's decision changes anything.
                   CASE WHEN dispute.deadline >= %(day)s THEN dispute.deadline END AS next_date
              FROM collection_dispute_line line
              JOIN collection_dispute dispute ON dispute.id = line.dispute_id
              JOIN collection_item item ON item.id = line.item_id AND item.move_line_id IS NOT NULL
             WHERE %(stands)s AND line.opened_on <= %(day)s AND %(condition)s
               AND NOT (dispute.decided_on <= %(day)s
                        AND EXISTS (SELECT FROM collection_dispute_credit credit
                                      JOIN account_move move ON move.id = credit.move_id AND move.state = 'posted'
                                     WHERE credit.line_id = line.id AND move.date <= %(day)s))
            """,
            day=self._get_collection_date(),
            # To the letter the predicate of the index, where the day allows it.
            stands=(
                SQL("(line.closed_on IS NULL OR line.closed_on > %s)", self._get_collection_date())
                if self._is_past()
                else SQL("line.closed_on IS NULL")
            ),
            condition=condition,
        )

    @api.model
    def _flush_for_decision(self):
        """Disputes change what is decided."""
        result = super()._flush_for_decision()
        for model in ("collection.dispute", "collection.dispute.line", "collection.dispute.credit"):
            self.env[model].flush_model()
        return result
