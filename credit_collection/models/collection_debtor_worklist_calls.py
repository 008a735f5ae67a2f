from odoo import api, models
from odoo.tools import SQL


class CollectionDebtor(models.Model):
    _inherit = "collection.debtor"

    @api.model
    def _get_contact_sources(self, company, scope):
        """Calls in which somebody answered are contacts too."""
        calls = SQL(
            """SELECT debtor.id, (call.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                 FROM collection_call call
                 JOIN collection_debtor debtor ON debtor.id = call.debtor_id
                WHERE call.outcome IS NOT NULL AND call.outcome NOT IN ('no_answer', 'wrong_number') AND %s""",
            company._get_collection_timezone().key,
            scope,
        )
        return [*super()._get_contact_sources(company, scope), calls]

    def _refresh_worth(self, companies):
        self.env["collection.call"].flush_model(["debtor_id", "date", "outcome"])
        return super()._refresh_worth(companies)
