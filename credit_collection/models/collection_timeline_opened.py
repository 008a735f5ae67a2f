from odoo import api, models
from odoo.tools import SQL


class CollectionTimeline(models.Model):
    """Reminders whose page the customer opened."""

    _inherit = "collection.timeline"
    _depends = {"collection.reminder": ["debtor_id", "level_id", "opened_at"]}

    @api.model
    def _get_sources(self):
        """Add the first opening of each reminder's page."""
        return [*super()._get_sources(), self._sql_openings()]

    def _sql_openings(self):
        return SQL(
            """
            SELECT %(id)s, reminder.debtor_id, reminder.opened_at, 'opened'::varchar, %(level)s::varchar,
                   NULL::numeric, NULL::integer, NULL::integer, 'collection.reminder'::varchar, reminder.id
              FROM collection_reminder reminder
              LEFT JOIN collection_level level ON level.id = reminder.level_id
             WHERE reminder.opened_at IS NOT NULL AND %(pruned)s
            """,
            id=self._sql_id(SQL("reminder.id"), 13),
            level=self._sql_translated(SQL("level.name")),
            pruned=self._sql_of_debtors(SQL("reminder.debtor_id")),
        )
