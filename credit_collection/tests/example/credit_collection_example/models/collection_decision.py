from odoo import api, models
from odoo.tools import SQL


class CollectionDecision(models.Model):
    _inherit = "collection.decision"

    def _part_disputed(self):
        return SQL(
            """
            %s
            UNION ALL
            SELECT gesture.move_line_id, gesture.amount, gesture.until
              FROM sale_commercial_gesture gesture
             WHERE gesture.until >= %s
            """,
            super()._part_disputed(),
            self._get_collection_date(),
        )

    @api.model
    def _flush_for_decision(self):
        self.env["sale.commercial.gesture"].flush_model()
        return super()._flush_for_decision()
