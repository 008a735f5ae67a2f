from odoo import api, fields, models


class CollectionDebtor(models.Model):
    """How many disputes, promises and agreements a debtor has: the numbers on the buttons that open them."""

    _inherit = "collection.debtor"

    dispute_count = fields.Integer(string="Number of disputes", compute="_compute_dispute_count")
    promise_count = fields.Integer(string="Number of promises", compute="_compute_promise_count")
    agreement_count = fields.Integer(string="Number of agreements", compute="_compute_agreement_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_dispute_count(self):
        counts = self._count_linked("collection.dispute")
        for debtor in self:
            debtor.dispute_count = counts.get(debtor, 0)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_promise_count(self):
        counts = self._count_linked("collection.promise")
        for debtor in self:
            debtor.promise_count = counts.get(debtor, 0)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_agreement_count(self):
        counts = self._count_linked("collection.agreement")
        for debtor in self:
            debtor.agreement_count = counts.get(debtor, 0)

    def _count_linked(self, model):
        """{debtor: number of the model's records that the user may read}, as the list behind the button shows them."""
        return dict(self.env[model]._read_group([("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]))
