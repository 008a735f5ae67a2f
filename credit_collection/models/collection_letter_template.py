from odoo import fields, models


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
    level_ids = fields.One2many("collection.level", "letter_template_id")
    render_model = fields.Char(default="collection.reminder", store=False)

    def _compute_render_model(self):
        self.render_model = "collection.reminder"
