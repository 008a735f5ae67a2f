"""What the screen of forecasts shows to whom, and what it says of its own worth."""

from io import BytesIO
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .forecast_case import ForecastCase, foretell_yesterday

GROUP = "credit_collection.group_collection_"


class ForecastScreenCase(ForecastCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sophie = cls.make_user("sophie", "collector")
        cls.karim = cls.make_user("karim", "collector")
        cls.helene = cls.make_user("helene", "manager")
        cls.debtor.user_id = cls.sophie
        cls.other = cls.make_partner("Garage Roux")
        cls.make_invoice(cls.other, 4000, due=cls.coming.invoice_date_due)
        cls.debtor_of(cls.other).user_id = cls.karim
        cls.env["collection.debtor"]._refresh_figures(cls.company)
        cls.forecast = foretell_yesterday(cls.company)

    @classmethod
    def make_user(cls, login, right):
        return new_test_user(cls.env, login, f"base.group_user,{GROUP}{right}", name=login.capitalize())

    def screen(self, user=None, **options):
        self.env.flush_all()
        return self.forecasts.with_user(user or self.helene).get_screen(options)


@tagged("post_install", "-at_install")
class TestTheScreenOffersWhatThereIs(ForecastScreenCase):
    """Currencies, collectors and segments with something open; the total of the weeks first."""

    def test_all_customers_by_week_at_first(self):
        screen = self.screen()
        self.assertEqual((screen["scope"], screen["granularity"]), ("total", "week"))
        self.assertEqual(screen["currency_id"], self.euro.id)
        self.assertEqual(screen["periods"][0]["due"], 5000)

    def test_then_each_collector_and_each_segment(self):
        names = [scope["name"] for scope in self.screen()["scopes"]]
        self.assertEqual(names[:3], ["All customers", "Karim", "Sophie"])
        self.assertIn("Business – France", names)

    def test_one_collectors_customers(self):
        screen = self.screen(scope=f"collector-{self.sophie.id}")
        self.assertEqual(screen["periods"][0]["due"], 1000)
        self.assertEqual(screen["plans"], [])

    def test_days_and_months(self):
        self.assertEqual(len(self.screen(granularity="day")["periods"]), 91)
        self.assertEqual(len(self.screen(granularity="month")["periods"]), 4)

    def test_what_is_not_offered_is_replaced(self):
        for wrong in ({"scope": "collector-0-0"}, {"granularity": "year"}, {"currency_id": -1}, {"company_id": "x"}):
            self.assertEqual(self.screen(**wrong)["scope"], "total")
        self.assertEqual(self.forecasts.with_user(self.helene).get_screen("nonsense")["scope"], "total")

    def test_before_the_first_night_there_is_nothing(self):
        company = self.env["res.company"].create({"name": "Neuve"})
        screen = self.forecasts.with_context(allowed_company_ids=company.ids).get_screen()
        self.assertIsNone(screen["forecast"])


@tagged("post_install", "-at_install")
class TestItSaysWhatItIsWorth(ForecastScreenCase):
    """Its error and its coverage beside the two naive forecasts; where it is not better, the naive one is shown."""

    def test_with_too_little_data_it_says_so_and_shows_a_naive_one(self):
        screen = self.screen()
        self.assertEqual(screen["record"]["code"], "too_little_data")
        self.assertIn("Too little is known", screen["record"]["sentence"])
        self.assertIn(screen["shows"], ("due_date", "average_delay"))
        first = screen["periods"][0]
        self.assertEqual(first["shown"], first[f"naive_{screen['shows']}"])
        self.assertEqual((first["low"], first["high"]), (None, None))

    def test_better_than_both_it_is_shown_with_its_bounds(self):
        self.make_record(self.forecast)
        screen = self.screen()
        self.assertEqual((screen["record"]["code"], screen["shows"]), ("trusted", "model"))
        rows = {row["name"]: row for row in screen["record"]["rows"]}
        self.assertEqual(rows["model"]["error"], "0.0%")
        self.assertEqual(rows["due_date"]["error"], "50.0%")
        self.assertEqual(rows["average_delay"]["error"], "40.0%")
        self.assertEqual(rows["model"]["coverage"], "100.0%")
        self.assertTrue(rows["model"]["is_shown"])
        first = screen["periods"][0]
        self.assertEqual(first["shown"], first["expected"])
        self.assertIsNotNone(first["low"])

    def test_worse_than_due_dates_these_are_shown(self):
        self.make_record(self.forecast, expected=160, due_date=110)
        screen = self.screen()
        self.assertEqual((screen["record"]["code"], screen["shows"]), ("due_date_better", "due_date"))
        self.assertIn("off by 10.0% of the cash that came", screen["record"]["sentence"])
        self.assertEqual(screen["periods"][0]["shown"], screen["periods"][0]["naive_due_date"])

    def test_better_than_both_but_far_off_it_says_not_to_plan_upon_it(self):
        self.make_record(self.forecast, expected=160, due_date=200, average=200)
        record = self.screen()["record"]
        self.assertEqual((record["code"], record["is_dependable"]), ("trusted", False))
        self.assertTrue(record["sentence"].endswith("too far from what came to be planned upon yet."))

    def test_worse_than_usual_delays_these_are_shown(self):
        self.make_record(self.forecast, expected=160, due_date=200, average=90)
        screen = self.screen()
        self.assertEqual((screen["record"]["code"], screen["shows"]), ("average_delay_better", "average_delay"))

    def test_past_weeks_stand_beside_what_came_the_latest_first(self):
        self.make_record(self.forecast, weeks=3, expected=130)
        past = self.screen()["past"]
        self.assertEqual(len(past), 3)
        self.assertEqual((past[0]["expected"], past[0]["actual"], past[0]["gap"]), (130, 100, -30))
        self.assertTrue(past[0]["is_within"])
        self.assertGreater(past[0]["first_day"], past[1]["first_day"])

    def test_in_french(self):
        self.make_record(self.forecast)
        self.env["res.lang"]._activate_lang("fr_FR")
        screen = self.forecasts.with_user(self.helene).with_context(lang="fr_FR").get_screen({})
        self.assertEqual(screen["record"]["rows"][1]["error"], "50,0\u00a0%")


@tagged("post_install", "-at_install")
class TestWhoSeesWhichForecast(ForecastScreenCase):
    """Where portfolios limit collectors, each sees the cash of his own customers."""

    def test_limited_to_his_portfolio(self):
        self.company.collection_own_debtors_only = True
        screen = self.screen(self.sophie)
        self.assertEqual([scope["name"] for scope in screen["scopes"]], ["Sophie"])
        self.assertEqual(screen["periods"][0]["due"], 1000)
        self.assertEqual(self.screen(self.sophie, scope="total")["periods"][0]["due"], 1000)
        dates = self.env["collection.payment.date"].with_user(self.sophie).search([])
        self.assertEqual(dates.debtor_id, self.debtor.with_user(self.sophie))

    def test_managers_see_all_of_it(self):
        self.company.collection_own_debtors_only = True
        self.assertEqual(self.screen(self.helene)["periods"][0]["due"], 5000)

    def test_without_a_right_of_collection_nothing(self):
        nobody = new_test_user(self.env, "nobody", "base.group_user")
        with mute_logger("odoo.models", "odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.forecasts.with_user(nobody).get_screen({})

    def test_managers_alone_have_it_made_now(self):
        with self.assertRaisesRegex(AccessError, "Only managers"):
            self.forecasts.with_user(self.sophie).refresh_now(self.company.id)
        self.assertTrue(self.forecasts.with_user(self.helene).refresh_now(self.company.id))

    def test_of_many_customers_the_scheduler_makes_it(self):
        before = self.forecasts._get_current(self.company)
        path = "odoo.addons.credit_collection.models.collection_forecast_screen.MANY_CUSTOMERS"
        asked = [("cron_id", "=", self.env.ref("credit_collection.cron_forecast").id)]
        triggers = self.env["ir.cron.trigger"].search_count(asked)
        with patch(path, 1):
            self.assertFalse(self.forecasts.with_user(self.helene).refresh_now(self.company.id))
        self.assertEqual(self.env["ir.cron.trigger"].search_count(asked), triggers + 1)
        self.assertEqual(self.forecasts._get_current(self.company), before)


@tagged("post_install", "-at_install")
class TestTheWorkbook(ForecastScreenCase):
    """The same figures as on the screen, as numbers and dates."""

    def test_it_has_the_forecast_the_past_and_the_record(self):
        self.make_record(self.forecast)
        self.env.flush_all()
        content, name = self.forecasts.with_user(self.helene)._render_forecast_workbook({})
        self.assertTrue(name.startswith("Cash forecast - "))
        book = load_workbook(BytesIO(content))
        self.assertEqual(book.sheetnames, ["Forecast", "Past weeks", "What it has been worth"])
        sheet = book["Forecast"]
        heads = [cell.value for cell in sheet[5]]
        first = {head: cell.value for head, cell in zip(heads, sheet[6], strict=True)}
        self.assertEqual((first["Falls due"], first["Overdue before"]), (5000, 500))
        self.assertEqual(first["Expected (shown)"], first["This forecast"])
        self.assertEqual(book["Past weeks"]["E4"].value, 100)
        self.assertIn("weekly forecasts", book["What it has been worth"]["A2"].value)


@tagged("post_install", "-at_install")
class TestTheWorkbookIsDownloaded(ForecastScreenCase, HttpCase):
    """By whoever may read the forecast; for others it is not found."""

    def test_by_a_collector(self):
        self.authenticate("sophie", "sophie")
        answer = self.url_open("/collection/forecast/xlsx?granularity=week&scope=total")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])

    def test_not_by_somebody_else(self):
        new_test_user(self.env, "nobody", "base.group_user")
        self.authenticate("nobody", "nobody")
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            self.assertEqual(self.url_open("/collection/forecast/xlsx").status_code, 404)
