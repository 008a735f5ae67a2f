from odoo import fields, models


class ResCompany(models.Model):
    """Who is scored, and from how many days on a payment is late."""

    _inherit = "res.company"

    collection_score_threshold = fields.Integer(
        string="A payment is late beyond (days)",
        default=0,
        help="Days after the due date up to which a payment still counts as in time in the scores.",
    )
    collection_scores_persons = fields.Boolean(
        string="Score natural persons",
        help="Consumers, and customers that are not companies. The score of a person is personal data: have a reason "
        "to process it, and tell them.",
    )

    _collection_score_threshold_plausible = models.Constraint(
        "CHECK (COALESCE(collection_score_threshold, 0) BETWEEN 0 AND 90)",
        "The days up to which a payment still counts as in time are a number from 0 to 90.",
    )

    def write(self, vals):
        """Natural persons lose their scores the moment the company no longer scores them."""
        result = super().write(vals)
        if "collection_scores_persons" in vals and not vals["collection_scores_persons"]:
            # Whoever changes the settings need not read the debtors.
            self.env["collection.debtor"].sudo()._erase_scores_of_persons(self.root_id)
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_score_threshold = fields.Integer(related="company_id.root_id.collection_score_threshold", readonly=False)
    collection_scores_persons = fields.Boolean(related="company_id.root_id.collection_scores_persons", readonly=False)
