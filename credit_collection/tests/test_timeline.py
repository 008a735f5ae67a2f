"""One timeline of all that happened with a debtor, newest first, and of nobody else."""

from markupsafe import Markup

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CollectionCase, day

GROUP = "credit_collection.group_collection_"


class TimelineCase(CollectionCase):
    """A customer who was reminded, answered, paid in part, and whose second reminder came back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.other = cls.make_partner("Autre")
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))
        cls.make_invoice(cls.other, 500, due=day(-5))
        cls.reminders = cls.run_and_send()
        cls.debtor = cls.debtor_of(cls.partner)

    def timeline(self, debtor=None, **options):
        self.env.flush_all()
        self.env.invalidate_all()
        return (debtor or self.debtor).get_timeline(**options)

    def told(self, debtor=None, **options):
        """[(kind, text, amount)] of the timeline."""
        entries = self.timeline(debtor, **options)["entries"]
        return [(entry["kind"], entry["text"], entry["amount"].replace("\N{NO-BREAK SPACE}", " ")) for entry in entries]

    def answer(self, text, debtor=None):
        debtor = debtor or self.debtor
        return debtor.message_post(
            body=text, author_id=debtor.partner_id.id, message_type="comment", subtype_xmlid="mail.mt_note"
        )


@tagged("post_install", "-at_install")
class TestTheTimelineTellsAll(TimelineCase):
    """Sent, answered, noted, paid, came back: each stands once, with its amount."""

    def test_what_was_sent(self):
        self.assertEqual(
            self.told(), [("reminder", "Rappel – E-mail – compta@menuiserie.durand.example", "1,000.00 €")]
        )

    def test_an_answer_and_a_note_of_a_colleague(self):
        self.answer("Payé hier & merci")
        self.debtor.message_post(body="Rappeler lundi", subtype_xmlid="mail.mt_note")
        told = self.told()
        self.assertIn(("answer", "Payé hier & merci", ""), told)
        self.assertIn(("note", "Rappeler lundi", ""), told)

    def test_a_change_of_a_field_has_no_words_and_stays_in_the_discussion(self):
        self.debtor.is_key_account = True
        self.env.flush_all()
        self.assertEqual([kind for kind, _text, _amount in self.told()], ["reminder"])

    def test_money_allocated_or_not(self):
        self.pay(self.invoice, 300)
        self.receive_payment(self.partner, 40)
        self.assertEqual(
            sorted(amount for kind, _text, amount in self.told() if kind == "payment"), ["300.00 €", "40.00 €"]
        )

    def test_a_payment_without_entry(self):
        self.receive_payment_without_entry(self.partner, 70)
        self.assertIn("70.00 €", [amount for kind, _text, amount in self.told() if kind == "payment"])

    def test_a_credit_note_is_no_payment(self):
        self.make_credit_note(self.partner, 100)
        self.assertEqual([kind for kind, _text, _amount in self.told()], ["reminder"])

    def test_what_came_back(self):
        delivery = self.debtor.reminder_ids.delivery_ids
        delivery._record_bounce(delivery.recipients, "no such user")
        kinds = [kind for kind, _text, _amount in self.told()]
        self.assertEqual(kinds.count("bounced"), 1)
        self.assertEqual(kinds.count("reminder"), 1)

    def test_markup_of_a_message_is_left_out(self):
        self.answer(Markup("<p>Bonjour</p><p>Il manque <b>une palette</b></p>"))
        self.assertIn(("answer", "Bonjour Il manque une palette", ""), self.told())


@tagged("post_install", "-at_install")
class TestTheTimelineIsInOrderAndOfOneDebtor(TimelineCase):
    """Newest first, page by page, by kind, and nothing of another debtor."""

    def test_newest_first(self):
        for number in range(5):
            self.set_today(day(number + 1))
            self.answer(f"n°{number}")
            self.pay(self.invoice, 10 + number, on=day(number))
        Timeline = self.env["collection.timeline"].with_context(collection_debtor_ids=self.debtor.ids)
        dates = Timeline.search([]).mapped("date")
        self.assertEqual(dates, sorted(dates, reverse=True))
        self.assertEqual(len(dates), 11)

    def test_page_by_page(self):
        for number in range(7):
            self.answer(f"n°{number}")
        first, second = self.timeline(limit=5), self.timeline(limit=5, offset=5)
        self.assertEqual((len(first["entries"]), first["more"]), (5, True))
        self.assertEqual((len(second["entries"]), second["more"]), (3, False))
        ids = [entry["id"] for entry in first["entries"] + second["entries"]]
        self.assertEqual(len(set(ids)), 8)

    def test_by_kind_with_the_counts_of_all(self):
        self.answer("un")
        page = self.timeline(kinds=["answer"])
        self.assertEqual([entry["kind"] for entry in page["entries"]], ["answer"])
        self.assertEqual({kind["kind"]: kind["count"] for kind in page["kinds"]}, {"answer": 1, "reminder": 1})

    def test_nothing_of_another(self):
        other = self.debtor_of(self.other)
        self.answer("autre", other)
        self.receive_payment(self.other, 77)
        mine = self.env["collection.timeline"].with_context(collection_debtor_ids=self.debtor.ids).search([])
        self.assertEqual(mine.debtor_id, self.debtor)
        self.assertEqual(len(mine), 1)
        self.assertEqual(len(self.told(other)), 3)

    def test_the_same_with_and_without_debtors_in_the_context(self):
        self.answer("un")
        Timeline = self.env["collection.timeline"]
        self.env.flush_all()
        everything = Timeline.search([("debtor_id", "=", self.debtor.id)])
        pruned = Timeline.with_context(collection_debtor_ids=self.debtor.ids).search([])
        self.assertEqual(everything.ids, pruned.ids)

    def test_an_entry_opens_its_record(self):
        entry = self.timeline()["entries"][0]
        action = self.debtor.with_context(timeline_entry_id=entry["id"]).action_open_timeline_entry()
        self.assertEqual((action["res_model"], action["res_id"]), ("collection.reminder", self.debtor.reminder_ids.id))

    def test_nonsense_asked_by_rpc_gives_nothing(self):
        self.assertEqual(self.timeline(kinds=["' OR 1=1"])["entries"], [])
        self.assertEqual(self.debtor.with_context(timeline_entry_id=-1).action_open_timeline_entry(), True)


@tagged("post_install", "-at_install")
class TestWhoReadsTheTimeline(TimelineCase):
    """It is read with the debtor: a portfolio limits it, by the page, by RPC and without any context."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")
        cls.internal = new_test_user(cls.env, "internal", "base.group_user")

    def test_a_collector_reads_his_own(self):
        self.debtor.user_id = self.collector
        self.company.collection_own_debtors_only = True
        self.pay(self.invoice, 300)
        self.assertEqual(len(self.timeline(self.debtor.with_user(self.collector))["entries"]), 2)

    def test_and_no_other(self):
        self.debtor.user_id = self.env.user
        self.company.collection_own_debtors_only = True
        self.env.flush_all()
        Timeline = self.env["collection.timeline"].with_user(self.collector)
        self.assertFalse(Timeline.search([("debtor_id", "=", self.debtor.id)]))
        self.assertFalse(Timeline.with_context(collection_debtor_ids=self.debtor.ids).search([]))
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertRaises(AccessError, self.debtor.with_user(self.collector).get_timeline)

    def test_an_internal_user_reads_nothing(self):
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, self.env["collection.timeline"].with_user(self.internal).search, [])
