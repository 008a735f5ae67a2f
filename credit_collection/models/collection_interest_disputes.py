from odoo import api, models
from odoo.tools import SQL

from .collection_interest import to_amount


class CollectionInterest(models.AbstractModel):
    """Interest on what is contested: it runs, and is claimed once the dispute is rejected."""

    _inherit = "collection.interest"

    @api.model
    def _get_disputed_amounts(self, late_items):
        """{line id: amount in open disputes, conceded amounts without their credit note included}."""
        amounts = super()._get_disputed_amounts(late_items)
        if not late_items:
            return amounts
        decision = self.env["collection.decision"].with_context(collection_date=None)
        decision._flush_for_decision()
        disputed = decision._sql_disputed(SQL("item.move_line_id IN %s", tuple(late.line_id for late in late_items)))
        rows = self.env.execute_query(SQL("SELECT line_id, SUM(amount) FROM (%s) disputed GROUP BY line_id", disputed))
        currencies = {late.line_id: late.currency for late in late_items}
        return {**amounts, **{line_id: to_amount(amount, currencies[line_id]) for line_id, amount in rows}}
