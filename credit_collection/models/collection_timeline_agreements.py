from odoo import api, models
from odoo.tools import SQL

# Of the sources: see collection_timeline.
GIVEN, ENDED = 9, 10


class CollectionTimeline(models.Model):
    """Agreements on the timeline of their customer: given, then kept or revoked."""

    _inherit = "collection.timeline"
    _depends = {
        "collection.agreement": [
            "accepted_by",
            "accepted_on",
            "create_uid",
            "currency_id",
            "debtor_id",
            "end_reason",
            "ended_by_id",
            "ended_on",
            "name",
            "proposed_on",
            "state",
            "total",
        ],
        "res.users": ["partner_id"],
    }

    @api.model
    def _get_sources(self):
        """Add the agreements that customers were given, and their ends."""
        return [*super()._get_sources(), self._sql_agreements(), self._sql_agreements_ended()]

    def _sql_agreements(self):
        return SQL(
            """
            SELECT %(id)s, agreement.debtor_id, %(noon)s, 'agreement'::varchar,
                   CONCAT_WS(' – ', agreement.name,
                             CASE WHEN agreement.accepted_on IS NULL THEN %(proposed)s ELSE %(accepted)s END,
                             agreement.accepted_by)::varchar,
                   agreement.total, agreement.currency_id, maker.partner_id,
                   'collection.agreement'::varchar, agreement.id
              FROM collection_agreement agreement
              LEFT JOIN res_users maker ON maker.id = agreement.create_uid
             WHERE agreement.proposed_on IS NOT NULL AND %(pruned)s
            """,
            id=self._sql_id(SQL("agreement.id"), GIVEN),
            noon=self._sql_noon(SQL("COALESCE(agreement.accepted_on, agreement.proposed_on)")),
            proposed=self.env._("Proposed"),
            accepted=self.env._("Accepted"),
            pruned=self._sql_of_debtors(SQL("agreement.debtor_id")),
        )

    def _sql_agreements_ended(self):
        """Those kept to the end, and those revoked or cancelled once the customer had them."""
        return SQL(
            """
            SELECT %(id)s, agreement.debtor_id, %(noon)s,
                   CASE agreement.state WHEN 'kept' THEN 'agreement_kept' ELSE 'agreement_revoked' END::varchar,
                   CONCAT_WS(' – ', agreement.name, agreement.end_reason)::varchar,
                   agreement.total, agreement.currency_id, ender.partner_id,
                   'collection.agreement'::varchar, agreement.id
              FROM collection_agreement agreement
              LEFT JOIN res_users ender ON ender.id = agreement.ended_by_id
             WHERE agreement.proposed_on IS NOT NULL AND agreement.state IN ('kept', 'revoked', 'cancelled')
               AND %(pruned)s
            """,
            id=self._sql_id(SQL("agreement.id"), ENDED),
            noon=self._sql_noon(SQL("agreement.ended_on")),
            pruned=self._sql_of_debtors(SQL("agreement.debtor_id")),
        )
