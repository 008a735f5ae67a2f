from odoo import models
from odoo.tools import SQL


class CollectionDebtor(models.Model):
    """Agreements follow the customer that another one is merged into."""

    _inherit = "collection.debtor"

    def _absorb(self, others):
        """Take over the agreements too: they would hold the customers that go."""
        if others:
            self.env.flush_all()
            for table in ("collection_agreement", "collection_agreement_instalment"):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET debtor_id = %s WHERE debtor_id IN %s",
                        SQL.identifier(table),
                        self.id,
                        tuple(others.ids),
                    )
                )
            self.env.invalidate_all()
        return super()._absorb(others)
