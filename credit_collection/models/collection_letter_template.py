from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionLetterTemplate(models.Model):
    """Text of a letter: what stands around the table of items, with the placeholders of mail templates."""

    _name = "collection.letter.template"
    _description = "Letter Template"
    _inherit = ["mail.render.mixin"]
    _order = "name, id"
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    subject = fields.Char(required=True, translate=True, prefetch=True)
    body = fields.Html(
        required=True,
        translate=True,
        render_engine="qweb",
        render_options={"post_process": True},
        prefetch=True,
        sanitize="email_outgoing",
        help="[[items]] stands for the table of invoices, [[payment]] for the means of payment.",
    )
    replaces_id = fields.Many2one(
        "collection.letter.template",
        string="Takes the Place of",
        ondelete="cascade",
        index=True,
        domain="[('replaces_id', '=', False), ('id', '!=', id)]",
        help="For the letters of one company, or for customers abroad, whatever the plan.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="In the Letters of",
        domain="[('parent_id', '=', False)]",
        help="Every company, if it is empty.",
    )
    for_abroad = fields.Boolean(string="For Customers abroad only")
    variant_ids = fields.One2many("collection.letter.template", "replaces_id", string="Other Wordings")
    level_ids = fields.One2many("collection.level", "letter_template_id")
    render_model = fields.Char(default="collection.reminder", store=False)

    def _compute_render_model(self):
        self.render_model = "collection.reminder"

    _variant_unique = models.UniqueIndex(
        "(replaces_id, COALESCE(company_id, 0), for_abroad) WHERE replaces_id IS NOT NULL",
        "Another text already takes the place of this one in the same letters.",
    )

    @api.constrains("replaces_id", "company_id", "for_abroad")
    def _check_variant(self):
        for template in self:
            if template.replaces_id.replaces_id or (template.replaces_id and template.variant_ids):
                raise ValidationError(
                    self.env._("“%s” takes the place of a text that itself takes the place of another.", template.name)
                )
            if (template.company_id or template.for_abroad) and not template.replaces_id:
                raise ValidationError(self.env._("Say which text “%s” takes the place of.", template.name))

    def _get_variant(self, company, abroad):
        """The wording of this text in the letters of ``company``, to a customer ``abroad`` or not: itself, if no other.

        One for abroad comes before one for the company: it speaks of another law.
        """
        self.ensure_one()
        usable = self.variant_ids.filtered(
            lambda variant: variant.company_id in (company, company.browse()) and (abroad or not variant.for_abroad)
        )
        return usable.sorted(lambda variant: (not variant.for_abroad, not variant.company_id))[:1] or self
