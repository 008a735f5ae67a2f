from odoo import api, models
from odoo.tools import SQL


class CollectionTimeline(models.Model):
    """What the customer promised, and what became of it."""

    _inherit = "collection.timeline"
    _depends = {
        "collection.promise": [
            "amount",
            "cancel_reason",
            "currency_id",
            "date",
            "debtor_id",
            "note",
            "noted_by_id",
            "noted_on",
            "outcome_date",
            "paid_amount",
            "state",
        ],
    }

    @api.model
    def _get_sources(self):
        """Add promises and their outcomes."""
        return [*super()._get_sources(), self._sql_promises(), self._sql_promise_outcomes()]

    def _sql_promises(self):
        return SQL(
            """
            SELECT %(id)s, promise.debtor_id, %(noon)s, 'promise'::varchar,
                   CONCAT_WS(' – ', REPLACE(%(words)s, '{date}', TO_CHAR(promise.date, %(pattern)s)), said.name,
                             LEFT(promise.note, 200))::varchar,
                   promise.amount, promise.currency_id, noted.partner_id, 'collection.promise'::varchar, promise.id
              FROM collection_promise promise
              LEFT JOIN res_users noted ON noted.id = promise.noted_by_id
              LEFT JOIN res_partner said ON said.id = promise.contact_id
             WHERE %(pruned)s
            """,
            id=self._sql_id(SQL("promise.id"), 5),
            noon=self._sql_noon(SQL("promise.noted_on")),
            words=self.env._("Promised for {date}"),
            pattern=self._get_day_pattern(),
            pruned=self._sql_of_debtors(SQL("promise.debtor_id")),
        )

    def _sql_promise_outcomes(self):
        labels = {
            "kept": self.env._("Promise kept"),
            "kept_late": self.env._("Promise kept late"),
            "partly": self.env._("Promise kept in part"),
            "broken": self.env._("Promise broken"),
            "cancelled": self.env._("Promise cancelled"),
        }
        return SQL(
            """
            SELECT %(id)s, promise.debtor_id, %(noon)s,
                   CASE promise.state WHEN 'cancelled' THEN 'promise' WHEN 'partly' THEN 'promise_broken'
                        WHEN 'broken' THEN 'promise_broken' ELSE 'promise_kept' END::varchar,
                   CONCAT_WS(' – ', %(label)s, TO_CHAR(promise.date, %(pattern)s), promise.cancel_reason)::varchar,
                   CASE WHEN promise.state IN ('broken', 'cancelled') THEN promise.amount
                        ELSE promise.paid_amount END,
                   promise.currency_id, cancelled.partner_id, 'collection.promise'::varchar, promise.id
              FROM collection_promise promise
              LEFT JOIN res_users cancelled ON cancelled.id = promise.cancelled_by_id
             WHERE promise.outcome_date IS NOT NULL AND promise.state <> 'open' AND %(pruned)s
            """,
            id=self._sql_id(SQL("promise.id"), 6),
            noon=self._sql_noon(SQL("promise.outcome_date")),
            label=self._sql_label(SQL("promise.state"), labels),
            pattern=self._get_day_pattern(),
            pruned=self._sql_of_debtors(SQL("promise.debtor_id")),
        )

    def _get_day_pattern(self):
        """Pattern of a date of PostgreSQL, as the reader's language writes it in figures."""
        order = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format or "%d/%m/%Y"
        return order.replace("%d", "DD").replace("%m", "MM").replace("%Y", "YYYY").replace("%y", "YY")
