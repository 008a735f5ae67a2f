from odoo import api, models
from odoo.tools import SQL


class CollectionDecision(models.Model):
    """Until when the reminders to a debtor pause, on the day of the decision."""

    _inherit = "collection.decision"

    def _sql_pause_until(self):
        """Last day of the pause of ``debtor``: 'infinity' where it has no end, NULL where there is none."""
        if self._is_past():
            # Decided or ended since, a pause says nothing about an earlier day.
            return self.env["collection.debtor.event"]._sql_pause_until(self._get_collection_date())
        return SQL("CASE WHEN debtor.pause_without_end THEN 'infinity'::date ELSE debtor.pause_until END")

    @api.model
    def _flush_for_decision(self):
        self.env["collection.debtor.event"].flush_model()
        return super()._flush_for_decision()
