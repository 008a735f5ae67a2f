"""Pauses: with an end and a reason; long or endless ones if a manager says so."""

from ast import literal_eval

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import TODAY, day
from .portfolio_case import PortfolioCase


class PauseCase(PortfolioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.make_debtor("Client", user=cls.sophie)
        cls.invoice = cls.env["account.move"].search([("partner_id", "=", cls.debtor.partner_id.id)])

    def pause(self, by, **values):
        wizard = self.env["collection.pause"].with_user(by).with_context(active_ids=self.debtor.ids)
        wizard.create({"reason": "Credit note to come", **values}).action_pause()


@tagged("post_install", "-at_install")
class TestAPauseHasAnEnd(PauseCase):
    """A collector pauses for as long as his company lets him; a manager for longer."""

    def test_up_to_its_last_day(self):
        self.pause(self.sophie, until=day(10))
        self.assertEqual((self.debtor.pause_until, self.debtor.pause_since), (day(10), TODAY))
        self.assertEqual(self.debtor.pause_text, "Until 03/20/2026: Credit note to come")
        self.assert_decided(self.invoice, "paused", next_date=day(11))

    def test_of_thirty_days_at_most_for_a_collector(self):
        self.pause(self.sophie, until=day(30))
        with self.assertRaisesRegex(ValidationError, "for 30 days at most, so until 04/09/2026"):
            self.pause(self.sophie, until=day(31))

    def test_neither_by_writing_it(self):
        with self.assertRaisesRegex(ValidationError, "30 days at most"):
            self.debtor.with_user(self.sophie).write({"pause_until": day(31), "pause_reason": "x"})

    def test_longer_for_a_manager(self):
        self.pause(self.helene, until=day(200))
        self.assertEqual(self.debtor.pause_until, day(200))

    def test_without_limit_where_the_company_sets_none(self):
        self.company.collection_pause_days = 0
        self.pause(self.sophie, until=day(300))
        self.assertEqual(self.debtor.pause_until, day(300))

    def test_without_a_day_it_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "A pause has a last day"):
            self.pause(self.sophie, until=False)


@tagged("post_install", "-at_install")
class TestAPauseWithoutAnEnd(PauseCase):
    """Only a manager decides it, and only a manager ends it; the decision gives no date for it."""

    def test_is_decided_by_a_manager(self):
        self.pause(self.helene, without_end=True, until=False)
        self.assertEqual((self.debtor.pause_without_end, self.debtor.pause_until), (True, False))
        self.assertTrue(self.debtor.is_paused)
        self.assertEqual(self.debtor.pause_text, "Without an end: Credit note to come")
        decided = self.decide()[self.invoice.name]
        self.assertEqual((decided.decision, decided.claim, decided.next_date), ("paused", 0.0, None))
        self.assertIn("Credit note to come", self.decision_of(self.invoice).summary)

    def test_lasts(self):
        self.pause(self.helene, without_end=True, until=False)
        self.assert_decided(self.invoice, "paused", on=day(400))

    def test_is_refused_to_a_collector(self):
        with self.assertRaisesRegex(AccessError, "manager decides a pause without an end"):
            self.pause(self.sophie, without_end=True, until=False)
        with self.assertRaises(AccessError):
            self.debtor.with_user(self.sophie).write({"pause_without_end": True, "pause_reason": "x"})

    def test_is_ended_by_a_manager_alone(self):
        self.pause(self.helene, without_end=True, until=False)
        with self.assertRaisesRegex(AccessError, "and ends it"):
            self.debtor.with_user(self.sophie).action_resume()
        with self.assertRaises(AccessError):
            self.debtor.with_user(self.sophie).write({"pause_until": day(3)})
        self.debtor.with_user(self.helene).action_resume()
        self.assertEqual((self.debtor.is_paused, self.debtor.pause_reason), (False, False))
        self.assert_decided(self.invoice, "level", "Rappel")

    def test_says_why(self):
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self.debtor.with_user(self.helene).write({"pause_without_end": True})

    def test_gives_way_to_one_with_an_end(self):
        self.pause(self.helene, without_end=True, until=False)
        self.pause(self.helene, until=day(5))
        self.assertEqual((self.debtor.pause_without_end, self.debtor.pause_until), (False, day(5)))

    def test_keeps_the_statement_of_account_back(self):
        self.company.collection_statement_scope = "all"
        self.refresh()
        domain = self.env["collection.debtor"]._get_statement_domain(self.company)
        self.assertIn(self.debtor, self.env["collection.debtor"].search(domain))
        self.pause(self.helene, without_end=True, until=False)
        self.assertNotIn(self.debtor, self.env["collection.debtor"].search(domain))


@tagged("post_install", "-at_install")
class TestPausesAreRemembered(PauseCase):
    """Each pause and each end is kept, so that what was decided on a past day can be told."""

    def events(self):
        return [
            (event.kind, event.day, event.until or None, event.ended_on or None)
            for event in self.debtor.event_ids.sorted("id")
        ]

    def test_with_its_end_and_whether_somebody_ended_it(self):
        self.pause(self.sophie, until=day(10))
        self.set_today(day(4))
        self.debtor.with_user(self.sophie).action_resume()
        self.assertEqual(self.events(), [("pause", day(0), day(10), day(4)), ("resume", day(4), None, None)])
        self.assertEqual(self.debtor.event_ids.author_id, self.sophie.partner_id)

    def test_prolonged_it_is_another(self):
        self.pause(self.sophie, until=day(10))
        self.set_today(day(9))
        self.pause(self.sophie, until=day(20))
        self.assertEqual(self.events(), [("pause", day(0), day(10), day(9)), ("pause", day(9), day(20), None)])

    def test_one_that_ran_out_was_ended_by_nobody(self):
        self.pause(self.sophie, until=day(2))
        self.set_today(day(9))
        self.pause(self.sophie, until=day(20))
        self.assertEqual(self.events(), [("pause", day(0), day(2), None), ("pause", day(9), day(20), None)])

    def test_a_past_day_is_decided_by_the_pauses_of_that_day(self):
        self.set_today(day(-10))
        self.pause(self.sophie, until=day(0))
        self.set_today(day(-5))
        self.debtor.action_resume()
        self.set_today(TODAY)
        self.pause(self.helene, without_end=True, until=False)
        decided = {offset: self.decide(on=day(offset))[self.invoice.name] for offset in (-11, -10, -6, -5, -1, 0)}
        self.assertEqual(
            {offset: answer.decision for offset, answer in decided.items()},
            {-11: "level", -10: "paused", -6: "paused", -5: "level", -1: "level", 0: "paused"},
        )
        self.assertEqual(decided[-10].next_date, day(1))

    def test_they_stand_on_the_timeline(self):
        self.pause(self.sophie, until=day(10))
        self.debtor.with_user(self.sophie).action_resume()
        entries = self.env["collection.timeline"].search([("debtor_id", "=", self.debtor.id), ("kind", "=", "pause")])
        self.assertEqual(
            sorted(entries.mapped("name")), ["Paused until 03/20/2026 – Credit note to come", "Reminders go on"]
        )


@tagged("post_install", "-at_install")
class TestPausesThatEnd(PauseCase):
    """Who follows the customer sees it a week before, and resumes several at once."""

    def card(self):
        card = self.env["collection.todo"].with_user(self.sophie).search([("code", "=", "pause_ending")])
        card.invalidate_recordset()
        return card

    def test_within_a_week_today_included(self):
        counts = {}
        for offset in (0, 6, 7):
            self.pause(self.sophie, until=day(offset))
            counts[offset] = self.card().count
        self.assertEqual(counts, {0: 1, 6: 1, 7: 0})

    def test_the_card_opens_them_with_their_reason(self):
        self.pause(self.sophie, until=day(6))
        action = self.card().action_open()
        debtors = self.env["collection.debtor"].with_user(self.sophie).with_context(**action["context"])
        found = debtors.search(action["domain"])
        self.assertEqual(found, self.debtor)
        self.assertEqual(found.work_reason.split(" · ")[0], "Pause: Until 03/16/2026: Credit note to come")

    def test_several_are_resumed_at_once(self):
        other = self.make_debtor("Other", user=self.sophie)
        both = self.debtor | other
        both.write({"pause_until": day(5), "pause_reason": "Fair"})
        both.with_user(self.sophie).action_resume()
        self.assertEqual(both.mapped("pause_until"), [False, False])

    def test_the_list_shows_those_of_today_and_no_others(self):
        other = self.make_debtor("Other")
        self.pause(self.sophie, until=day(0))
        other.write({"pause_until": day(-1), "pause_reason": "Over"})
        action = self.env.ref("credit_collection.action_collection_paused")
        found = self.env["collection.debtor"].search(literal_eval(action.domain))
        self.assertEqual(found, self.debtor)
