from odoo import api, models
from odoo.tools import SQL


class CollectionTimeline(models.Model):
    """Calls on the timeline of their debtor."""

    _inherit = "collection.timeline"
    _depends = {
        "collection.call": ["date", "debtor_id", "note", "outcome", "partner_id", "user_id"],
        "res.users": ["partner_id"],
    }

    @api.model
    def _get_sources(self):
        """Add the calls that were noted: their outcome, whom they reached and the note."""
        return [*super()._get_sources(), self._sql_calls()]

    def _sql_calls(self):
        outcomes = dict(self.env["collection.call"]._fields["outcome"]._description_selection(self.env))
        return SQL(
            """
            SELECT %(id)s, call.debtor_id, call.date, 'call'::varchar,
                   LEFT(CONCAT_WS(' – ', %(outcome)s, contact.name, NULLIF(call.note, '')), 300)::varchar,
                   NULL::numeric, NULL::integer, caller.partner_id, 'collection.call'::varchar, call.id
              FROM collection_call call
              LEFT JOIN res_partner contact ON contact.id = call.partner_id
              LEFT JOIN res_users caller ON caller.id = call.user_id
             WHERE call.outcome IS NOT NULL AND %(pruned)s
            """,
            id=self._sql_id(SQL("call.id"), 4),
            outcome=self._sql_label(SQL("call.outcome"), outcomes),
            pruned=self._sql_of_debtors(SQL("call.debtor_id")),
        )
