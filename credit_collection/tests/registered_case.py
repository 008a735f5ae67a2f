"""Formal notices that leave by registered letter, and words to say what the post did with them."""

from io import BytesIO

from pypdf import PdfReader

from .common import day
from .outbox_case import OutboxCase

PDF = b"%PDF-1.4 scanned"


class RegisteredCase(OutboxCase):
    """A plan with a formal notice by registered letter, then a step that counts from its deadline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"street": "1 rue de la Paix", "zip": "75002", "city": "Paris"})
        cls.company.partner_id.lang = "en_US"
        cls.plan = cls.make_plan(
            [
                ("Mise en demeure", 30, {"channels": ("registered",), "is_formal_notice": True}),
                ("Contentieux", 0, {"counted_from": "deadline", "channels": ("task",)}),
            ]
        )
        cls.letter_template.body = "<p>Please pay.</p>[[items]]"

    def letters_for(self, *partners, amount=1200):
        """Their formal notices, made by the outbox; in the order of ``partners``."""
        for partner in partners or (self.partner,):
            self.make_invoice(partner, amount, due=day(-40))
        reminders = self.prepare()
        self.process_outbox()
        by_partner = {delivery.debtor_id.partner_id: delivery for delivery in reminders.delivery_ids}
        return self.env["collection.delivery"].union(*(by_partner[partner] for partner in partners or (self.partner,)))

    def posted_letter(self):
        """A formal notice posted today."""
        letter = self.letters_for()
        letter.action_mark_posted()
        return letter

    def notes_of(self, letter):
        """Texts of the debtor's timeline, the last one first."""
        return [message.preview for message in letter.debtor_id.message_ids]

    def pages_of(self, content):
        """Text of each page."""
        return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
