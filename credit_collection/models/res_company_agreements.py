from odoo import fields, models


class ResCompany(models.Model):
    """How long payment agreements hold, and who ends them."""

    _inherit = "res.company"

    collection_agreement_validity_days = fields.Integer(
        string="Days to answer",
        default=10,
        help="A proposed agreement keeps reminders back for so many days, though the customer has not signed yet.",
    )
    collection_agreement_grace_days = fields.Integer(
        string="Days of grace", default=5, help="Days after its date before an instalment counts as missed."
    )
    collection_agreement_regularise_days = fields.Integer(
        string="Days to regularise", default=8, help="Given by the letter of warning to pay a missed instalment."
    )
    collection_agreement_end_by = fields.Selection(
        [("manager", "A collection manager"), ("collector", "A collector")],
        string="Agreements are revoked by",
        default="manager",
        required=True,
    )
    collection_agreement_resume = fields.Selection(
        [("reached", "Reminders go on at the level reached"), ("notice", "A formal notice is proposed")],
        string="After a revocation",
        default="reached",
        required=True,
    )

    _collection_agreement_days = models.Constraint(
        "CHECK (collection_agreement_validity_days >= 0 AND collection_agreement_grace_days >= 0"
        " AND collection_agreement_regularise_days >= 0)",
        "Days of an agreement are not negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_agreement_validity_days = fields.Integer(
        related="company_id.root_id.collection_agreement_validity_days", readonly=False
    )
    collection_agreement_grace_days = fields.Integer(
        related="company_id.root_id.collection_agreement_grace_days", readonly=False
    )
    collection_agreement_regularise_days = fields.Integer(
        related="company_id.root_id.collection_agreement_regularise_days", readonly=False
    )
    collection_agreement_end_by = fields.Selection(
        related="company_id.root_id.collection_agreement_end_by", readonly=False
    )
    collection_agreement_resume = fields.Selection(
        related="company_id.root_id.collection_agreement_resume", readonly=False
    )
