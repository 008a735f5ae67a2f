from odoo import api, models
from odoo.tools import SQL

# Tells the pause of one item, for an incident, from that of its customer.
DETAIL = "item_incident"


class CollectionDecision(models.Model):
    """Incidents in the decision: the item's reminders wait, as if the customer were paused for it alone."""

    _inherit = "collection.decision"

    def _decision_parts(self):
        """Put the items that wait beside the other stops, which come first."""
        parts = {}
        for name, part in super()._decision_parts().items():
            if name == "stop":
                parts |= {"held": self._part_held(), "other_stop": part, "stop": self._part_stop_with_held()}
            else:
                parts[name] = part
        return parts

    def _part_held(self):
        """Items whose reminders wait for an incident to be resolved: (line_id, next_date)."""
        debtors = self._get_debtors()
        return SQL(
            """
            SELECT item.move_line_id AS line_id, MAX(incident.hold_until) + 1 AS next_date
              FROM collection_incident incident
              JOIN collection_item item ON item.id = incident.item_id AND item.move_line_id IS NOT NULL
             WHERE incident.noted_on <= %(day)s AND incident.hold_until >= %(day)s AND %(stands)s AND %(pruned)s
             GROUP BY item.move_line_id
            """,
            day=self._get_collection_date(),
            # To the letter the predicate of the index, where the day allows it.
            stands=(
                SQL("(incident.resolved_on IS NULL OR incident.resolved_on > %s)", self._get_collection_date())
                if self._is_past()
                else SQL("incident.resolved_on IS NULL")
            ),
            pruned=SQL("TRUE") if debtors is None else SQL("item.debtor_id IN %s", tuple(debtors.ids) or (0,)),
        )

    def _part_stop_with_held(self):
        return SQL(
            """
            SELECT line_id, stop, detail, next_date FROM other_stop
             UNION ALL
            SELECT held.line_id, 'paused', %s, held.next_date
              FROM held
             WHERE held.line_id IN (SELECT line_id FROM open_item)
               AND held.line_id NOT IN (SELECT line_id FROM other_stop)
            """,
            DETAIL,
        )

    def _get_reason_texts(self):
        """Name the incident that keeps the item's reminders back."""
        texts = super()._get_reason_texts()
        if self.detail == DETAIL:
            incidents = self.env["collection.incident"].search(
                [("item_id", "=", self.item_id.id), ("resolved_on", "=", False)]
            )
            texts["paused"] = self.env._(
                "its reminders wait for an incident to be resolved: %s.", ", ".join(incidents.mapped("nature_id.name"))
            )
        return texts

    @api.model
    def _flush_for_decision(self):
        """Incidents change what is decided."""
        result = super()._flush_for_decision()
        self.env["collection.incident"].flush_model()
        return result
