from odoo import api, models
from odoo.tools import SQL

from .collection_interest_history import FOR_EVER, TakenDays
from .interest_claim import InterestHistory


class CollectionInterest(models.AbstractModel):
    """Late-payment interest under an agreement: claimed in addition, waived while it is kept, or in its instalments.

    Waived if the agreement is kept, interest and recovery costs are not claimed while it holds; kept to the end, a
    waiver says so for good (``collection.agreement._keep``); revoked or cancelled, they run again from the start.
    Included in the instalments, no other interest is claimed while the agreement holds nor once it was kept;
    recovery costs are.
    """

    _inherit = "collection.interest"

    @api.model
    def _flush_for_interest(self):
        """Write also what is pending on agreements."""
        self.env["collection.agreement"].flush_model()
        return super()._flush_for_interest()

    @api.model
    def _get_history(self, late_items):
        """Take all days of the items whose agreement waives or includes their interest."""
        history = super()._get_history(late_items)
        lines = tuple(late.line_id for late in late_items) or (0,)
        for line_id, name, mode in self.env.execute_query(self._sql_agreements(lines)):
            before = history.get(line_id, InterestHistory())
            note = (
                self.env._("Waived as long as the agreement %s is kept.", name)
                if mode == "waived"
                else self.env._("Included in the instalments of the agreement %s.", name)
            )
            history[line_id] = TakenDays(
                invoiced_until=FOR_EVER,
                invoiced=before.invoiced,
                waived=before.waived,
                has_lump_sum=before.has_lump_sum or mode == "waived",
                note="\n".join(filter(None, (getattr(before, "note", ""), note))),
            )
        return history

    def _sql_agreements(self, lines):
        """(line_id, agreement, mode) of the items whose interest an agreement takes on the day looked at."""
        return SQL(
            """
            SELECT DISTINCT ON (item.move_line_id) item.move_line_id, agreement.name, agreement.interest_mode
              FROM collection_agreement agreement
              JOIN collection_agreement_item_rel link ON link.agreement_id = agreement.id
              JOIN collection_item item ON item.id = link.item_id
             WHERE item.move_line_id IN %(lines)s AND agreement.interest_mode <> 'claimed'
               AND agreement.accepted_on <= %(day)s
               AND (agreement.ended_on IS NULL OR agreement.ended_on > %(day)s
                    OR agreement.interest_mode = 'included' AND agreement.state = 'kept')
             ORDER BY item.move_line_id, agreement.id DESC
            """,
            lines=lines,
            day=self.env.context.get("collection_interest_as_of") or self.env["collection.decision"]._get_today(),
        )
