from io import BytesIO

import pdfplumber
from PIL import Image

from odoo import Command
from odoo.exceptions import UserError

from .common import CollectionCase, day


class LetterCase(CollectionCase):
    """A French company that writes letters, and words to read them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.partner_id.write(
            {
                "name": "Atelier Dupont",
                "street": "12 rue de la République",
                "zip": "69002",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
                "lang": "fr_FR",
                "phone": "04 72 00 00 00",
            }
        )
        cls.company.write(
            {
                "company_registry": "552100554",
                "vat": "FR23334175221",
                "collection_signatory_name": "Jeanne Dupont",
                "collection_signatory_capacity": "Directrice financière",
                "collection_legal_mentions": "SAS au capital de 50 000 € – RCS Lyon 552 100 554",
            }
        )
        cls.bank.bank_account_id = cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR76 3000 4000 0312 3456 7890 143",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.letter_template.write(
            {
                "subject": "Relance de {{ object.total_text }}",
                "body": "<p>Madame, Monsieur,</p><p>Avant.</p>[[items]]<p>Entre.</p>[[payment]]<p>Après.</p>",
            }
        )

    @classmethod
    def make_reminder(cls, *invoices, notice=(), **level_values):
        """A reminder of the invoices; those in ``notice``, or all, are put at its level."""
        debtor = cls.debtor_of(invoices[0].partner_id)
        levels = [("Rappel", 3), ("Relance", 12, {"channels": ("letter",), **level_values})]
        level = cls.make_plan(levels).level_ids[-1]
        return cls.env["collection.reminder"].create(
            {
                "debtor_id": debtor.id,
                "level_id": level.id,
                "date": day(0),
                "line_ids": [
                    Command.create(cls.prepare_line(invoice, level if not notice or invoice in notice else None))
                    for invoice in invoices
                ],
            }
        )

    @classmethod
    def prepare_line(cls, invoice, level):
        item = cls.item_of(invoice)
        residual = invoice.amount_residual
        return {
            "item_id": item.id,
            "level_id": level and level.id,
            "cycle": 1,
            "due_date": item.due_date,
            "days_late": (day(0) - item.due_date).days,
            "residual": residual,
            "claim": residual,
        }

    def read_pages(self, data):
        """Lines of each page, with ordinary spaces."""
        with pdfplumber.open(BytesIO(data)) as document:
            pages = [page.extract_text() for page in document.pages]
        return [page.replace("\u00a0", " ").replace("\u202f", " ").splitlines() for page in pages]

    def make_png(self):
        """A picture as a file holds it."""
        image = BytesIO()
        Image.new("RGB", (300, 120), "navy").save(image, "PNG")
        return image.getvalue()

    def obstacle_of(self, reminder):
        """Why its letter cannot be printed, after the name of its debtor."""
        with self.assertRaises(UserError) as caught:
            reminder._render_letter()
        return str(caught.exception).partition(": ")[2]

    def read_letter(self, reminder):
        """Lines of the only page of a letter."""
        (lines,) = self.read_pages(reminder._render_letter())
        return lines
