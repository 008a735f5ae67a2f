"""Thanks for a payment: once, when all that the last reminder claimed was paid, where the plan says so."""

from odoo.tests import tagged

from .common import day
from .outbox_case import OutboxCase
from .smtp import plain_spaces, read_html


class ThanksCase(OutboxCase):
    """A reminder of 1 200.00 sent on Tuesday 10 March; today is Thursday 12."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"collection_first_run_seen": True, "collection_active": True})
        cls.plan = cls.make_plan(thank_on_settlement=True)
        cls.partner.lang = "en_US"
        cls.invoice = cls.make_invoice(cls.partner, 1200, due=day(-5))
        [cls.reminder] = cls.run_and_send()
        cls.debtor = cls.debtor_of(cls.partner)

    def setUp(self):
        super().setUp()
        self.set_today(day(2))

    def thank(self):
        """The day's job, then the outbox; returns all thanks so far."""
        self.in_transaction(lambda env: env["res.company"]._cron_thank_for_settlements())
        self.process_outbox()
        return self.thanks()

    def thanks(self):
        return self.env["collection.reminder"].search([("thanks_for_id", "!=", False)])


@tagged("post_install", "-at_install")
class TestThanksForAPayment(ThanksCase):
    """One message thanks the customer, by e-mail, in its language, on a working day."""

    def test_it_says_what_was_settled(self):
        self.pay(self.invoice, 1200)
        [thanks] = self.thank()
        self.assertEqual((thanks.state, thanks.thanks_for_id, thanks.sent_date), ("sent", self.reminder, day(2)))
        message = self.server.message_to(self.address)
        self.assertEqual(plain_spaces(message["Subject"]), f"Vendeur SA – thank you for your payment ({thanks.name})")
        self.assertIn(f"settled: 1,200.00 € ({self.invoice.name})", read_html(message))

    def test_once(self):
        self.pay(self.invoice, 1200)
        self.thank()
        self.assertEqual(len(self.thank()), 1)
        self.assertEqual(len(self.server.messages), 1)

    def test_not_for_a_part(self):
        self.pay(self.invoice, 1000)
        self.assertFalse(self.thank())

    def test_not_for_a_credit_note(self):
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 1200, issued=day(1)))
        self.assertFalse(self.thank())

    def test_nor_where_one_settled_a_part(self):
        self.reconcile(self.invoice, self.make_credit_note(self.partner, 200, issued=day(1)))
        self.pay(self.invoice, 1000)
        self.assertFalse(self.thank())

    def test_not_where_the_plan_does_not_say_so(self):
        self.plan.thank_on_settlement = False
        self.pay(self.invoice, 1200)
        self.assertFalse(self.thank())

    def test_not_while_collection_is_not_automatic(self):
        self.company.collection_active = False
        self.pay(self.invoice, 1200)
        self.assertFalse(self.thank())

    def test_not_during_a_pause_nor_to_whom_nobody_chases(self):
        self.pay(self.invoice, 1200)
        self.debtor.write({"pause_until": day(3), "pause_reason": "Talks"})
        self.assertFalse(self.thank())
        self.debtor.write({"pause_until": False, "pause_reason": False, "chase": "off"})
        self.assertFalse(self.thank())

    def test_not_for_what_was_settled_long_ago(self):
        self.pay(self.invoice, 1200)
        self.set_today(day(17))
        self.assertFalse(self.thank())

    def test_not_for_a_message_before_the_due_date(self):
        self.plan.level_ids.filtered(lambda level: level.name == "Rappel").day = -2
        self.pay(self.invoice, 1200)
        self.assertFalse(self.thank())

    def test_one_in_thirty_days(self):
        self.pay(self.invoice, 1200)
        self.thank()
        again = self.make_invoice(self.partner, 300, due=day(0))
        self.set_today(day(6))
        self.run_and_send()
        self.pay(again, 300)
        self.assertEqual(len(self.thank()), 1)

    def test_a_payment_that_came_back_before_it_left_is_not_thanked_for(self):
        self.pay(self.invoice, 1200)
        self.in_transaction(lambda env: env["res.company"]._cron_thank_for_settlements())
        self.invoice.line_ids.remove_move_reconcile()
        self.process_outbox()
        self.assertEqual((self.thanks().state, self.thanks().cancel_reason), ("cancelled", "The payment came back."))

    def test_a_pause_begun_since_keeps_it_back(self):
        self.pay(self.invoice, 1200)
        self.in_transaction(lambda env: env["res.company"]._cron_thank_for_settlements())
        self.debtor.write({"pause_until": day(9), "pause_reason": "Talks"})
        self.process_outbox()
        self.assertEqual(self.thanks().state, "cancelled")

    def test_on_a_saturday_it_waits_for_monday(self):
        self.pay(self.invoice, 1200)
        self.set_today(day(4))
        [thanks] = self.thank()
        self.assertEqual((thanks.state, thanks.delivery_ids.send_after.date()), ("outbox", day(6)))

    def test_without_an_address_nothing_is_kept_of_it(self):
        self.partner.email = False
        self.pay(self.invoice, 1200)
        self.assertFalse(self.thank())


@tagged("post_install", "-at_install")
class TestThanksRemindOfNothing(ThanksCase):
    """Neither the debtor's rest nor what a run proposes knows of them."""

    def setUp(self):
        super().setUp()
        self.pay(self.invoice, 1200)
        [self.thanked] = self.thank()

    def test_the_debtor_does_not_rest_from_them(self):
        self.assertEqual(self.debtor.last_reminder_date, day(0))

    def test_they_are_not_counted_among_its_reminders(self):
        self.assertEqual(self.debtor.reminder_count, 1)

    def test_while_they_wait_a_run_proposes_all_the_same(self):
        self.thanked.state = "outbox"
        late = self.make_invoice(self.partner, 300, due=day(-2))
        self.assertEqual(self.plan_run().reminder_ids.line_ids.move_id, late)

    def test_the_timeline_calls_them_by_their_name(self):
        timeline = self.env["collection.timeline"].with_context(collection_debtor_ids=self.debtor.ids)
        entries = timeline.search([("res_id", "=", self.thanked.id), ("res_model", "=", "collection.reminder")])
        self.assertEqual([entry.name.split(" – ")[0] for entry in entries], ["Thanks for a payment"])
