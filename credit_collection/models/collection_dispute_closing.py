from odoo import api, models
from odoo.tools import SQL

from ..calc.dispute_stages import CONCEDED, OPEN


class CollectionDispute(models.Model):
    """Disputes that the ledger has settled: their credit note is posted, or their invoice is paid."""

    _inherit = "collection.dispute"

    @api.model
    def _close_settled(self, scope):
        """Close what the ledger has settled among the disputes of debtors in ``scope``, a condition on ``debtor``.

        An item paid while it was contested is no longer: its dispute is withdrawn, unless credit notes settled it.
        """
        for model in ("collection.dispute", "collection.dispute.line", "collection.dispute.credit", "collection.item"):
            self.env[model].flush_model()
        self.env["account.move.line"].flush_model(["reconciled"])
        self.env["account.move"].flush_model(["state"])
        rows = self.env.execute_query(self._sql_settled_lines(scope))
        # What the ledger has settled is settled, whoever asks for the figures.
        lines = self.env["collection.dispute.line"].sudo().browse(line_id for line_id, _credited in rows)
        credited = dict(rows)
        for dispute, settled in lines.grouped("dispute_id").items():
            settled.credit_ids._keep_document()
            dispute._settle_lines(settled, credited)

    def _sql_settled_lines(self, scope):
        """Open lines that the ledger has settled, with what credit notes took of them: (line id, amount)."""
        return SQL(
            """
            SELECT line.id, COALESCE(credited.amount, 0)
              FROM collection_dispute_line line
              JOIN collection_dispute dispute ON dispute.id = line.dispute_id
              JOIN collection_debtor debtor ON debtor.id = dispute.debtor_id
              JOIN collection_item item ON item.id = line.item_id
              LEFT JOIN account_move_line owed ON owed.id = item.move_line_id
              LEFT JOIN LATERAL (
                    SELECT SUM(part.debit_amount_currency) AS amount
                      FROM account_partial_reconcile part
                      JOIN account_move_line credit ON credit.id = part.credit_move_id
                      JOIN account_move move ON move.id = credit.move_id AND move.move_type = 'out_refund'
                     WHERE part.debit_move_id = owed.id AND part.max_date >= line.opened_on
                   ) credited ON TRUE
             WHERE line.closed_on IS NULL AND %(scope)s
               AND (owed.id IS NULL OR owed.reconciled
                    OR dispute.stage IN %(conceded)s
                       AND EXISTS (SELECT FROM collection_dispute_credit made
                                     JOIN account_move move ON move.id = made.move_id AND move.state = 'posted'
                                    WHERE made.line_id = line.id)
                       AND NOT EXISTS (SELECT FROM collection_dispute_credit made
                                         JOIN account_move move ON move.id = made.move_id AND move.state = 'draft'
                                        WHERE made.line_id = line.id))
            """,
            scope=scope,
            conceded=tuple(CONCEDED),
        )

    def _settle_lines(self, lines, credited):
        """Close lines of one dispute; without any other it ends as the ledger says, ``credited`` {line id: amount}."""
        self.ensure_one()
        if self.stage in OPEN:
            for line in lines:
                line.accepted = min(line.amount, credited[line.id])
        self._close_lines(lambda line: line in lines)
        if self.stage in OPEN and self.closed_on:
            self._record_stage(self._get_stage_of_amounts(), self.closed_on)
            self._follow_owner()

    def _get_stage_of_amounts(self):
        """The stage that the amounts granted say by themselves."""
        if self.currency_id.is_zero(self.accepted_amount):
            return "withdrawn"
        is_part = self.currency_id.compare_amounts(self.accepted_amount, self.disputed_amount) < 0
        return "partly" if is_part else "accepted"


class CollectionDebtor(models.Model):
    """Disputes follow the ledger with the figures, and the debtor with its items."""

    _inherit = "collection.debtor"

    def _refresh_figures(self, companies=None):
        """Close the disputes and incidents that the ledger has settled."""
        result = super()._refresh_figures(companies)
        companies = companies or self.company_id
        if companies:
            scope = (
                SQL("debtor.id IN %s", tuple(self.ids))
                if self
                else SQL("debtor.company_id IN %s", tuple(companies.ids))
            )
            self.env["collection.dispute"]._close_settled(scope)
            self.env["collection.incident"]._resolve_settled(scope)
        return result

    def _reattach_items(self, scope=None):
        """A dispute goes with its items when they have all gone to another customer of the company."""
        result = super()._reattach_items(scope)
        self.env["collection.dispute"].flush_model(["debtor_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_dispute dispute SET debtor_id = moved.debtor_id
                  FROM (SELECT line.dispute_id, MIN(item.debtor_id) AS debtor_id
                          FROM collection_dispute_line line
                          JOIN collection_item item ON item.id = line.item_id
                         WHERE line.dispute_id IN (SELECT dispute_id FROM collection_dispute_line
                                                    WHERE closed_on IS NULL)
                         GROUP BY line.dispute_id
                        HAVING MIN(item.debtor_id) = MAX(item.debtor_id)) moved
                 WHERE dispute.id = moved.dispute_id AND dispute.debtor_id <> moved.debtor_id
                """
            )
        )
        self.env["collection.dispute"].invalidate_model(["debtor_id"])
        return result
