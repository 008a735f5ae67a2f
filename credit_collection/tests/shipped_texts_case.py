"""The texts and plans shipped with the add-on, by their external ids."""

from lxml import html

from odoo.tests import TransactionCase

LANGUAGES = ("en_US", "fr_FR")
# What a debtor, or the person who writes to one, reads of each model.
TEXT_FIELDS = {
    "mail.template": ("name", "subject", "body_html"),
    "collection.letter.template": ("name", "subject", "body"),
    "collection.plan": ("name", "description"),
    "collection.level": ("name", "activity_summary", "call_script"),
}


def words_of(text):
    """The words of a text or of its HTML, tags and placeholders taken out."""
    if not text:
        return ""
    return html.fromstring(f"<div>{text}</div>").text_content()


class ShippedTextsCase(TransactionCase):
    """Reads the records of the module by their external ids, in English and in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env.ref("base.module_credit_collection")._update_translations("fr_FR")

    def _shipped(self, model):
        """(external id, record) of the records of the model in the module's data."""
        rows = self.env["ir.model.data"].search(
            [("module", "=", "credit_collection"), ("model", "=", model)], order="name"
        )
        return [(row.name, self.env[model].browse(row.res_id)) for row in rows]

    def _texts(self, lang):
        """(external id, field, text) of every text shipped in the language."""
        for model, names in TEXT_FIELDS.items():
            for xmlid, record in self._shipped(model):
                for name in names:
                    text = record.with_context(lang=lang)[name]
                    if text:
                        yield xmlid, name, text

    def _sent(self, plan_xmlid):
        """{external id of the level: {language: its e-mail and its letter}} of a plan."""
        plan = self._plan(plan_xmlid)
        return {
            level.get_external_id()[level.id].split(".")[1]: {
                lang: "\n".join(
                    words_of(text)
                    for template in (
                        level.mail_template_id.with_context(lang=lang),
                        level.letter_template_id.with_context(lang=lang),
                    )
                    for text in (template.subject, template["body_html" if "body_html" in template else "body"])
                )
                for lang in LANGUAGES
            }
            for level in plan.level_ids
        }

    def _plan(self, xmlid):
        return self.env.ref(f"credit_collection.{xmlid}")

    def _levels(self, suffix):
        """Levels of all the plans whose external id ends that way."""
        return [level for xmlid, level in self._shipped("collection.level") if xmlid.endswith(f"_{suffix}")]
