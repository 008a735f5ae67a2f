from odoo import models
from odoo.tools import SQL

# Of the parts that make up a pattern of a date, how PostgreSQL writes each.
DATE_PARTS = {"%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%b": "Mon", "%B": "Month"}
RANK = 12


class CollectionTimeline(models.Model):
    """Pauses, their end, and other collectors."""

    _inherit = "collection.timeline"
    _depends = {
        "collection.debtor.event": [
            "author_id",
            "date",
            "debtor_id",
            "former_user_id",
            "kind",
            "reason",
            "until",
            "user_id",
        ],
        "res.users": ["partner_id"],
    }

    def _get_sources(self):
        return [*super()._get_sources(), self._sql_debtor_events()]

    def _sql_debtor_events(self):
        return SQL(
            """
            SELECT %(id)s AS id, event.debtor_id, event.date,
                   CASE event.kind WHEN 'hand_over' THEN 'hand_over' ELSE 'pause' END::varchar AS kind,
                   CONCAT_WS(' – ', CASE event.kind
                       WHEN 'resume' THEN %(resumed)s
                       WHEN 'pause' THEN CASE WHEN event.until IS NULL THEN %(endless)s
                                              ELSE %(until)s || ' ' || TO_CHAR(event.until, %(pattern)s) END
                       ELSE COALESCE(former.name, %(nobody)s) || ' → ' || COALESCE(present.name, %(nobody)s)
                   END, NULLIF(event.reason, ''))::varchar AS name,
                   NULL::numeric AS amount, NULL::integer AS currency_id, event.author_id,
                   'collection.debtor.event'::varchar AS res_model, event.id AS res_id
              FROM collection_debtor_event event
              LEFT JOIN res_users former_user ON former_user.id = event.former_user_id
              LEFT JOIN res_partner former ON former.id = former_user.partner_id
              LEFT JOIN res_users present_user ON present_user.id = event.user_id
              LEFT JOIN res_partner present ON present.id = present_user.partner_id
             WHERE %(own)s
            """,
            id=self._sql_id(SQL("event.id"), RANK),
            resumed=self.env._("Reminders go on"),
            endless=self.env._("Paused without an end"),
            until=self.env._("Paused until"),
            nobody=self.env._("Nobody"),
            pattern=self._get_date_pattern(),
            own=self._sql_of_debtors(SQL("event.debtor_id")),
        )

    def _get_date_pattern(self):
        """The reader's way of writing a date, as PostgreSQL wants it; day, month, year where it knows no such way."""
        pattern = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format or "%d/%m/%Y"
        for part, written in DATE_PARTS.items():
            pattern = pattern.replace(part, written)
        return "DD/MM/YYYY" if "%" in pattern else pattern
