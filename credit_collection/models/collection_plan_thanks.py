from odoo import fields, models


class CollectionPlan(models.Model):
    """Whether customers who paid what they were reminded of are thanked."""

    _inherit = "collection.plan"

    thank_on_settlement = fields.Boolean(
        string="Thank on Settlement",
        help="When all that the last reminder claimed has been paid, one message thanks the customer: at most one a "
        "month, never during a pause, and not for what a credit note settled.",
    )
    thanks_template_id = fields.Many2one(
        "mail.template",
        string="Text of the Thanks",
        domain="[('model', '=', 'collection.reminder')]",
        ondelete="restrict",
        help="Empty: the text that is shipped.",
    )

    def _get_thanks_template(self):
        """The e-mail that thanks: the plan's own, else the one shipped."""
        # A text of the company, whoever sends it.
        return self.sudo().thanks_template_id or self.env.ref("credit_collection.mail_template_thanks")
