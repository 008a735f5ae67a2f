from odoo import api, models
from odoo.tools import SQL

# Of the sources: see collection_timeline.
OPENED, CLOSED, INCIDENT = 7, 8, 11


class CollectionTimeline(models.Model):
    """Disputes and incidents on the timeline of their customer."""

    _inherit = "collection.timeline"
    _depends = {
        "collection.dispute": [
            "closed_on",
            "accepted_amount",
            "currency_id",
            "customer_reference",
            "debtor_id",
            "decided_by_id",
            "decided_on",
            "disputed_amount",
            "name",
            "nature_id",
            "opened_by_id",
            "opened_on",
            "stage",
        ],
        "collection.incident": ["item_id", "nature_id", "note", "noted_by_id", "noted_on"],
        "collection.item": ["debtor_id", "name", "amount", "currency_id"],
    }

    @api.model
    def _get_sources(self):
        """Add disputes opened and decided, and incidents."""
        own = [self._sql_disputes_opened(), self._sql_disputes_decided(), self._sql_incidents()]
        return [*super()._get_sources(), *own]

    def _sql_disputes_opened(self):
        return SQL(
            """
            SELECT %(id)s, dispute.debtor_id, %(noon)s, 'dispute'::varchar,
                   CONCAT_WS(' – ', dispute.name, %(nature)s, dispute.customer_reference)::varchar,
                   dispute.disputed_amount, dispute.currency_id, opener.partner_id,
                   'collection.dispute'::varchar, dispute.id
              FROM collection_dispute dispute
              LEFT JOIN collection_dispute_nature nature ON nature.id = dispute.nature_id
              LEFT JOIN res_users opener ON opener.id = dispute.opened_by_id
             WHERE %(pruned)s
            """,
            id=self._sql_id(SQL("dispute.id"), OPENED),
            noon=self._sql_noon(SQL("dispute.opened_on")),
            nature=self._sql_translated(SQL("nature.name")),
            pruned=self._sql_of_debtors(SQL("dispute.debtor_id")),
        )

    def _sql_disputes_decided(self):
        """What was decided, with what was granted."""
        stages = dict(self.env["collection.dispute"]._fields["stage"]._description_selection(self.env))
        return SQL(
            """
            SELECT %(id)s, dispute.debtor_id, %(noon)s, 'dispute_closed'::varchar,
                   CONCAT_WS(' – ', dispute.name, %(stage)s)::varchar,
                   NULLIF(dispute.accepted_amount, 0), dispute.currency_id, decider.partner_id,
                   'collection.dispute'::varchar, dispute.id
              FROM collection_dispute dispute
              LEFT JOIN res_users decider ON decider.id = dispute.decided_by_id
             WHERE dispute.decided_on IS NOT NULL AND %(pruned)s
            """,
            id=self._sql_id(SQL("dispute.id"), CLOSED),
            noon=self._sql_noon(SQL("dispute.decided_on")),
            stage=self._sql_label(SQL("dispute.stage"), stages),
            pruned=self._sql_of_debtors(SQL("dispute.debtor_id")),
        )

    def _sql_incidents(self):
        return SQL(
            """
            SELECT %(id)s, item.debtor_id, %(noon)s, 'incident'::varchar,
                   CONCAT_WS(' – ', %(nature)s, item.name, incident.note)::varchar,
                   NULL::numeric, NULL::integer, noter.partner_id, 'collection.incident'::varchar, incident.id
              FROM collection_incident incident
              JOIN collection_item item ON item.id = incident.item_id
              JOIN collection_incident_nature nature ON nature.id = incident.nature_id
              LEFT JOIN res_users noter ON noter.id = incident.noted_by_id
             WHERE %(pruned)s
            """,
            id=self._sql_id(SQL("incident.id"), INCIDENT),
            noon=self._sql_noon(SQL("incident.noted_on")),
            nature=self._sql_translated(SQL("nature.name")),
            pruned=self._sql_of_debtors(SQL("item.debtor_id")),
        )
