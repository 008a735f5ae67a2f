from odoo import api, models
from odoo.tools import SQL


class CollectionDecision(models.Model):
    """Part of the decision query about payment agreements: nothing is chased while one holds."""

    _inherit = "collection.decision"

    def _part_scheduled(self):
        """What is open of the items of agreements that hold on the day: (line_id, amount, next_date).

        One that was proposed holds until the customer should have answered; one that was accepted, until the day on
        which it ended. A missed instalment ends nothing by itself: a person revokes.
        """
        debtors = self._get_debtors()
        return SQL(
            """
            SELECT item.move_line_id AS line_id,
                   -- All that is open, whatever it is: the whole entry is the limit. Not a join: it would be with every
                   -- entry of the ledger, for the few that are in an agreement.
                   (SELECT line.amount_currency FROM account_move_line line WHERE line.id = item.move_line_id)
                   AS amount,
                   CASE WHEN agreement.accepted_on <= %(day)s
                        THEN (SELECT MIN(instalment.due_date) + agreement.grace_days
                                FROM collection_agreement_instalment instalment
                               WHERE instalment.agreement_id = agreement.id
                                 AND instalment.due_date + agreement.grace_days >= %(day)s)
                        ELSE agreement.valid_until END AS next_date
              FROM collection_agreement agreement
              JOIN collection_agreement_item_rel link ON link.agreement_id = agreement.id
              JOIN collection_item item ON item.id = link.item_id AND item.move_line_id IS NOT NULL
             WHERE agreement.proposed_on <= %(day)s
               AND (agreement.ended_on IS NULL OR agreement.ended_on > %(day)s)
               AND (agreement.accepted_on <= %(day)s OR agreement.valid_until >= %(day)s)
               AND %(pruned)s
            """,
            day=self._get_collection_date(),
            # By the item's customer: a contact that changed its company takes its items with it.
            pruned=SQL("TRUE") if debtors is None else SQL("item.debtor_id IN %s", tuple(debtors.ids) or (0,)),
        )

    @api.model
    def _flush_for_decision(self):
        """Write also what is pending on agreements."""
        self.env["collection.agreement"].flush_model()
        self.env["collection.agreement.instalment"].flush_model()
        return super()._flush_for_decision()
