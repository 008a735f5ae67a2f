from odoo import api, fields, models
from odoo.exceptions import UserError

MODELS = {"reminder": "collection.reminder", "agreement": "collection.agreement"}


class CollectionLetterTemplate(models.Model):
    """What a letter is about: its placeholders are those of a reminder, or of a payment agreement."""

    _inherit = "collection.letter.template"

    usage = fields.Selection(
        [("reminder", "Reminders"), ("agreement", "Payment agreements")],
        string="Used for",
        default="reminder",
        required=True,
        help="Decides which placeholders there are.",
    )

    @api.depends("usage")
    def _compute_render_model(self):
        for template in self:
            template.render_model = MODELS[template.usage or "reminder"]

    def _get_example(self):
        """Letters of agreements are tried on some agreement, one made up in memory where there is none yet."""
        if self.usage != "agreement":
            return super()._get_example()
        # Even one the user may not read: nothing of it is shown.
        agreements = self.env["collection.agreement"].sudo()
        company = self.env.company.root_id
        debtor = agreements.debtor_id.new({"partner_id": self.env.user.partner_id.id, "company_id": company.id})
        return agreements.search([], limit=1) or agreements.new(
            {"debtor_id": debtor, "currency_id": company.currency_id.id}
        )

    def action_preview(self):
        """Print the text of an agreement for the last one there is."""
        self.ensure_one()
        if self.usage != "agreement":
            return super().action_preview()
        agreement = self.env["collection.agreement"].search([], limit=1)
        if not agreement:
            raise UserError(self.env._("There is no agreement yet to show this letter with."))
        report = self.env.ref("credit_collection.action_report_agreement_letter")
        return report.with_context(collection_letter_template_id=self.id).report_action(agreement, config=False)


class CollectionLevel(models.Model):
    _inherit = "collection.level"

    letter_template_id = fields.Many2one(domain=[("usage", "=", "reminder")])
