"""What a night foretells of the open items, what it takes from what was said, and what came of it."""

from odoo.tests import tagged

from .agreement_case import AgreementCase
from .common import TODAY, day
from .dispute_case import DisputeCase
from .forecast_case import LAST_SUNDAY, ForecastCase, committed_by_week, foretell_yesterday
from .promise_case import PromiseCase


@tagged("post_install", "-at_install")
class TestTheNightForetellsTheCash(ForecastCase):
    """Of what was known at the end of yesterday, by day, week and month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = foretell_yesterday(cls.company)

    def test_of_yesterdays_end(self):
        self.assertEqual(
            (self.forecast.as_of, self.forecast.state, self.forecast.is_replayed), (day(-1), "current", False)
        )
        self.assertEqual((self.forecast.item_count, self.forecast.payment_count), (2, 3))

    def test_thirteen_weeks_that_end_on_sundays(self):
        weeks = self.lines(self.forecast)
        self.assertEqual((weeks[0].first_day, weeks[0].last_day), (TODAY, day(5)))
        self.assertEqual((weeks[1].first_day, weeks[1].last_day), (day(6), day(12)))
        self.assertEqual(weeks[-1].last_day, day(90))
        self.assertEqual(len(self.lines(self.forecast, "day")), 91)
        self.assertEqual(
            [str(month.first_day) for month in self.lines(self.forecast, "month")],
            ["2026-03-10", "2026-04-01", "2026-05-01", "2026-06-01"],
        )

    def test_what_falls_due_and_what_was_due_already(self):
        weeks = self.lines(self.forecast)
        self.assertEqual([week.due for week in weeks[:3]], [1000, 0, 0])
        self.assertEqual([week.overdue for week in weeks[:3]], [500, 0, 0])

    def test_what_is_expected_lies_within_its_bounds_and_what_is_open(self):
        weeks = self.lines(self.forecast)
        for week in weeks:
            self.assertLessEqual(week.low, week.expected)
            self.assertLessEqual(week.expected, week.high)
        total = sum(weeks.mapped("expected"))
        self.assertGreater(total, 500)
        self.assertLessEqual(total, 1500)

    def test_days_weeks_and_months_foretell_the_same_cash(self):
        sums = [
            sum(self.lines(self.forecast, granularity).mapped("expected")) for granularity in ("day", "week", "month")
        ]
        # Each period is rounded to the cent.
        self.assertAlmostEqual(sums[0], sums[1], delta=0.5)
        self.assertAlmostEqual(sums[1], sums[2], delta=0.1)

    def test_no_money_comes_on_a_weekend(self):
        days = self.lines(self.forecast, "day")
        self.assertEqual(sum(days.filtered(lambda line: line.first_day.weekday() >= 5).mapped("expected")), 0)

    def test_the_naive_forecasts(self):
        weeks = self.lines(self.forecast)
        # What is late is paid tomorrow; or five days after it was due, as usual.
        self.assertEqual([week.naive_due_date for week in weeks[:3]], [1500, 0, 0])
        self.assertEqual([week.naive_average_delay for week in weeks[:3]], [500, 1000, 0])

    def test_collectors_and_segments_add_up_to_the_total(self):
        for breakdown in ("collector", "segment"):
            lines = self.lines(self.forecast, breakdown=breakdown)
            self.assertEqual(sum(lines.mapped("due")), 1000)
            self.assertEqual(sum(lines.mapped("overdue")), 500)
        segment = self.lines(self.forecast, breakdown="segment")[:1]
        self.assertEqual((segment.customer_kind, segment.country_id.code), ("business", "FR"))
        self.assertFalse(self.lines(self.forecast, breakdown="collector").collector_id)

    def test_nothing_was_promised(self):
        self.assertEqual(sum(self.lines(self.forecast).mapped("committed")), 0)

    def test_each_open_item_has_its_dates_in_order(self):
        for invoice in (self.late, self.coming):
            expected = self.expected_date(invoice)
            self.assertEqual((expected.as_of, expected.debtor_id), (day(-1), self.debtor))
            self.assertTrue(TODAY <= expected.p10 <= expected.p50 <= expected.p90)
        self.assertEqual((self.expected_date(self.late).amount, self.expected_date(self.coming).amount), (500, 1000))

    def test_they_stand_on_the_customers_page(self):
        decisions = self.decisions(debtors=self.debtor)
        expected = self.expected_date(self.coming)
        shown = decisions.filtered(lambda decision: decision.move_id == self.coming)
        self.assertEqual(shown.expected_on, expected.p50)
        self.assertIn(" – ", shown.expected_range)
        page = self.debtor.page_figures["expected"]
        self.assertEqual([currency["currency_id"] for currency in page], self.euro.ids)
        self.assertIn("500", page[0]["next"])


@tagged("post_install", "-at_install")
class TestForecastsArePast(ForecastCase):
    """Each night replaces the last one; those of Sundays stay, and are held against what came."""

    def kept(self):
        return self.forecasts.search([("company_id", "=", self.company.id)], order="as_of")

    def test_the_last_eight_sundays_are_worked_out_afterwards(self):
        self.foretell()
        sundays = self.kept().filtered("is_replayed")
        self.assertEqual(sundays.mapped("as_of"), [day(-2 - 7 * rank) for rank in reversed(range(8))])
        self.assertEqual(set(sundays.line_ids.mapped("granularity")), {"week"})
        self.assertEqual(set(sundays.mapped("state")), {"past"})

    def test_the_next_night_takes_the_place_of_the_last(self):
        self.foretell()
        self.set_today(day(1))
        self.foretell()
        current = self.kept().filtered(lambda forecast: forecast.state == "current")
        self.assertEqual(current.as_of, TODAY)
        self.assertNotIn(day(-1), self.kept().mapped("as_of"))
        self.assertIn(LAST_SUNDAY, self.kept().mapped("as_of"))

    def test_made_twice_it_is_there_once(self):
        self.foretell()
        self.foretell()
        self.assertEqual(len(self.kept()), 9)
        self.assertEqual(self.env["collection.payment.date"].search_count([("debtor_id", "=", self.debtor.id)]), 2)

    def test_what_came_is_held_against_it(self):
        self.foretell()
        # The invoice due on 29 January was paid on Tuesday 3 February.
        eve = self.kept().filtered(lambda forecast: forecast.as_of == day(-37))
        weeks = self.lines(eve)
        self.assertEqual([(week.is_over, week.actual) for week in weeks[:2]], [(True, 700), (True, 0)])
        segment = self.lines(eve, breakdown="segment")[:1]
        self.assertEqual(segment.actual, 700)

    def test_a_part_payment_and_no_credit_note_is_what_came(self):
        self.set_today(day(-1))
        self.foretell()
        self.set_today(day(8))
        self.pay(self.coming, 400, on=day(2))
        self.reconcile(self.coming, self.make_credit_note(self.partner, 100, issued=day(3)))
        self.foretell()
        sunday = self.kept().filtered(lambda forecast: forecast.as_of == LAST_SUNDAY)
        self.assertEqual(self.lines(sunday)[0].actual, 400)

    def test_what_was_invoiced_since_does_not_count(self):
        self.set_today(day(-1))
        self.foretell()
        self.set_today(day(8))
        self.pay(self.make_invoice(self.partner, 250, due=day(2), invoiced=day(0)), 250, on=day(2))
        self.foretell()
        sunday = self.kept().filtered(lambda forecast: forecast.as_of == LAST_SUNDAY)
        self.assertEqual(self.lines(sunday)[0].actual, 0)

    def test_changing_the_future_changes_nothing(self):
        def said(forecast):
            return [
                (week.first_day, week.due, week.expected, week.low, week.high, week.naive_average_delay)
                for week in self.lines(forecast)
            ]

        self.env["collection.payment.history"]._refresh(self.company)
        before = said(self.forecasts._make_forecast(self.company, day(-10), is_replayed=True))
        self.forecasts.search([("company_id", "=", self.company.id)]).unlink()
        self.pay(self.late, 500, on=day(-1))
        self.reconcile(self.coming, self.make_credit_note(self.partner, 200, issued=day(-3)))
        self.make_invoice(self.partner, 9000, due=day(20), invoiced=day(-4))
        self.env["collection.payment.history"]._refresh(self.company)
        self.assertEqual(said(self.forecasts._make_forecast(self.company, day(-10), is_replayed=True)), before)

    def test_a_company_without_anything_open_has_an_empty_forecast(self):
        company = self.env["res.company"].create({"name": "Vide"})
        forecast = self.foretell(company)
        self.assertEqual((forecast.item_count, len(forecast.line_ids)), (0, 0))


@tagged("post_install", "-at_install")
class TestPromisesAreCommitted(PromiseCase):
    """What was promised comes on its day, by the chance that such promises are kept."""

    def night(self):
        self.set_today(day(1))
        return committed_by_week(self.company)

    def test_without_a_record_six_in_ten(self):
        self.note(amount=500, on=3)
        self.assertEqual(self.night(), [("2026-03-11", 300)])

    def test_on_the_whole_account(self):
        self.note_on_account(1000, on=8)
        self.assertEqual(self.night(), [("2026-03-16", 600)])

    def test_not_before_it_was_noted(self):
        self.set_today(day(1))
        self.note(amount=500, on=3)
        self.assertEqual(committed_by_week(self.company), [])

    def test_a_cancelled_promise_is_none(self):
        self.note(amount=500, on=3)._cancel("Withdrawn")
        self.assertEqual(self.night(), [])

    def test_more_than_what_is_open_is_cut(self):
        self.pay(self.invoice, 900, on=day(0))
        self.note(amount=100, on=3)
        self.assertEqual(self.night(), [("2026-03-11", 60)])

    def test_the_item_is_marked(self):
        self.note(amount=500, on=3)
        self.night()
        expected = self.env["collection.payment.date"].search([("debtor_id", "=", self.debtor.id)])
        self.assertEqual(expected.mapped("is_committed"), [True])

    def test_a_customer_who_breaks_promises_is_believed_less(self):
        for offset in (1, 6):
            self.note(amount=500, on=offset)
            self.set_today(day(offset + 4))
            self.debtor._refresh_promises()
        self.note(amount=500, on=14)
        self.set_today(day(11))
        # Two of two are broken: 6/12 is everyone's chance then, and 5/12 this customer's.
        self.assertEqual(committed_by_week(self.company), [("2026-03-23", 208.33)])


@tagged("post_install", "-at_install")
class TestBillsAndDebitsAreCommitted(ForecastCase):
    """A bill receivable is collected on its term, and what is to be debited on its day, 97 times in a hundred."""

    def test_a_bill_on_its_term(self):
        self.make_entry(self.partner, 2000, self.account("413"), due=day(8), on=day(-20))
        self.assertEqual(committed_by_week(self.company), [("2026-03-16", 1940)])

    def test_a_bill_past_its_term_came_back(self):
        self.make_entry(self.partner, 2000, self.account("413"), due=day(-8), on=day(-40))
        self.assertEqual(committed_by_week(self.company), [])

    def test_an_item_that_will_be_debited(self):
        self.item_of(self.coming).write({"status": "collecting", "status_date": day(9)})
        self.assertEqual(committed_by_week(self.company), [("2026-03-16", 970)])
        self.assertTrue(self.expected_date(self.coming).is_committed)

    def test_a_payment_registered_without_an_entry(self):
        self.receive_payment_without_entry(self.partner, 500, on=day(-1), invoices=self.late)
        self.env.cr.execute("UPDATE account_payment SET create_date = %s", [day(-1)])
        self.assertEqual(committed_by_week(self.company), [("2026-03-10", 485)])


@tagged("post_install", "-at_install")
class TestMoneyThatIsThereIsNotForetold(ForecastCase):
    """What nobody has allocated yet settles the oldest items: it does not come a second time."""

    def expected(self):
        lines = foretell_yesterday(self.company).line_ids
        return {invoice: round(1 - self.expected_date(invoice).beyond, 2) for invoice in (self.late, self.coming)}, sum(
            lines.filtered(lambda line: line.granularity == "week" and line.breakdown == "total").mapped("expected")
        )

    def test_all_of_it(self):
        self.make_entry(self.partner, -1500, self.account("411"), on=day(-3))
        self.assertEqual(self.expected(), ({self.late: 0, self.coming: 0}, 0))

    def test_the_oldest_first(self):
        before, _cash = self.expected()
        self.make_entry(self.partner, -500, self.account("411"), on=day(-3))
        self.assertEqual(self.expected()[0], {self.late: 0, self.coming: before[self.coming]})

    def test_what_comes_tomorrow_is_not_there_yet(self):
        before = self.expected()
        self.make_entry(self.partner, -1500, self.account("411"), on=TODAY)
        self.assertEqual(self.expected(), before)


@tagged("post_install", "-at_install")
class TestAgreementsAreCommitted(AgreementCase):
    """Each instalment comes on its day, three times in four where nothing else is known."""

    def committed(self):
        self.set_today(day(1))
        return committed_by_week(self.company)

    def test_the_instalments_of_an_accepted_one(self):
        self.accept()
        # 24 March, 24 April, and 24 May, a Sunday followed by Whit Monday.
        self.assertEqual(self.committed(), [("2026-03-23", 300), ("2026-04-20", 300), ("2026-05-25", 300)])

    def test_a_proposal_is_no_commitment(self):
        self.propose()
        self.assertEqual(self.committed(), [])

    def test_what_is_left_falls_to_the_instalments_that_are_left(self):
        self.accept()
        self.pay(self.invoice, 400, on=day(0))
        self.assertEqual(self.committed(), [("2026-04-20", 300), ("2026-05-25", 300)])


@tagged("post_install", "-at_install")
class TestDisputedMoneyWaits(DisputeCase):
    """Nothing comes of what is contested before the dispute should be settled."""

    def test_until_its_deadline(self):
        dispute = self.study()
        self.set_today(day(1))
        days = foretell_yesterday(self.company).line_ids.filtered(
            lambda line: line.granularity == "day" and line.breakdown == "total"
        )
        before = days.filtered(lambda line: line.first_day < dispute.deadline)
        after = days - before
        self.assertTrue(before)
        self.assertEqual(sum(before.mapped("expected")), 0)
        self.assertGreater(sum(after.mapped("expected")), 0)
