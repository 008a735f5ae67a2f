"""What forbids a message: one reason an item, the first of the design's order."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestStopsAlone(CollectionCase):
    """Each stop keeps a reminder away by itself, and says until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def test_an_invoice_without_any_stop_is_reminded(self):
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0, day(0))

    def test_a_customer_never_chased_is_off(self):
        self.debtor_of(self.partner).chase = "off"
        self.assertEqual(self.decide()[self.invoice.name], ("off", None, 0.0, None))

    def test_a_pause_lasts_up_to_its_last_day_included(self):
        self.debtor_of(self.partner).write({"pause_until": day(4), "pause_reason": "Fire in the workshop"})
        self.assertEqual(self.decide()[self.invoice.name], ("paused", None, 0.0, day(5)))
        self.assert_decided(self.invoice, "paused", on=day(4))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0, on=day(5))

    def test_a_blocked_payment_is_blocked(self):
        self.invoice.action_toggle_block_payment()
        self.assertEqual(self.decide()[self.invoice.name], ("blocked", None, 0.0, None))

    def test_a_blocked_invoice_paid_in_full_is_not_open_any_more(self):
        self.invoice.action_toggle_block_payment()
        self.receive_payment(self.partner, 1000, allocate=[self.invoice])
        self.assertEqual(self.decide(), {})

    def test_a_person_excludes_an_invoice_from_follow_up(self):
        self.invoice.no_followup = True
        self.assertEqual(self.decide()[self.invoice.name], ("excluded", None, 0.0, None))
        self.assertEqual(self.decision_of(self.invoice).detail, "by_person")

    def test_an_assigned_invoice_is_not_chased(self):
        self.item_of(self.invoice).status = "assigned"
        self.assertEqual(self.decide()[self.invoice.name], ("assigned", None, 0.0, None))

    def test_a_plan_may_chase_for_the_assignee(self):
        self.item_of(self.invoice).write({"status": "assigned", "assignee_id": self.make_assignee().id})
        self.plan.chase_assigned = True
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_nobody_is_asked_to_pay_an_assignee_who_is_not_known(self):
        self.item_of(self.invoice).status = "assigned"
        self.plan.chase_assigned = True
        self.assertEqual(self.decide()[self.invoice.name], ("assigned", None, 0.0, None))
        decision = self.decision_of(self.invoice)
        self.assertEqual(decision.detail, "no_assignee")
        self.assertEqual(decision.summary, "Not reminded: the invoice was assigned, and whom to pay is not known.")

    def test_an_invoice_that_did_not_reach_the_customer_is_not_chased(self):
        self.item_of(self.invoice).status = "undelivered"
        self.assertEqual(self.decide()[self.invoice.name], ("undelivered", None, 0.0, None))

    def test_a_direct_debit_holds_the_reminder_until_its_day(self):
        self.item_of(self.invoice).write({"status": "collecting", "status_date": day(3)})
        self.assertEqual(self.decide()[self.invoice.name], ("collecting", None, 0.0, day(4)))
        self.assert_decided(self.invoice, "collecting", on=day(3))
        self.assert_decided(self.invoice, "level", "Rappel", on=day(4))

    def test_a_direct_debit_without_a_day_holds_the_reminder(self):
        self.item_of(self.invoice).status = "collecting"
        self.assertEqual(self.decide()[self.invoice.name], ("collecting", None, 0.0, None))

    def test_an_account_without_a_role_is_out_of_scope(self):
        self.open_lines(self.invoice).account_id.collection_role = False
        self.assertEqual(self.decide()[self.invoice.name], ("out_of_scope", None, 0.0, None))

    def test_an_entry_without_customer_has_no_debtor(self):
        entry = self.make_entry(None, 300, self.account("411"), due=day(-5))
        self.assertEqual(self.decide()[entry.name], ("no_debtor", None, 0.0, None))


@tagged("post_install", "-at_install")
class TestStopsInTheirOrder(CollectionCase):
    """Where several stops apply, the first of the design is given, with its own date."""

    ORDER = (
        "out_of_scope",
        "no_debtor",
        "lapsed",
        "insolvent",
        "in_case",
        "assigned",
        "undelivered",
        "excluded",
        "blocked",
        "off",
        "paused",
        "collecting",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def setUp(self):
        super().setUp()
        self.rows = {}
        for name in ("lapsed", "insolvent", "in_case"):
            self.patch(self.registry["collection.decision"], f"_part_{name}", self._part(name))

    def _part(self, name):
        """The part that a later add-on would supply: the rows the test noted, if any."""

        def part(_decision):
            next_date = self.rows.get(name)
            return SQL(
                "SELECT %s::integer AS line_id, 0::numeric AS amount, %s::date AS next_date WHERE %s",
                self.open_lines(self.invoice).id,
                next_date,
                name in self.rows,
            )

        return part

    def _apply(self, stop):
        debtor = self.debtor_of(self.partner)
        item = self.item_of(self.invoice)
        match stop:
            case "lapsed" | "insolvent" | "in_case":
                self.rows[stop] = day({"lapsed": 101, "insolvent": 102, "in_case": 103}[stop])
            case "assigned" | "undelivered":
                item.status = stop
            case "excluded":
                self.invoice.no_followup = True
            case "blocked":
                self.invoice.action_toggle_block_payment()
            case "off":
                debtor.chase = "off"
            case "paused":
                debtor.write({"pause_until": day(10), "pause_reason": "Strike"})
            case "collecting":
                item.write({"status": "collecting", "status_date": day(20)})

    def test_each_stop_gives_way_to_those_before_it(self):
        dates = {"lapsed": day(101), "insolvent": day(102), "in_case": day(103), "paused": day(11)}
        for stop in ("paused", "off", "blocked", "excluded", "undelivered", "in_case", "insolvent", "lapsed"):
            self._apply(stop)
            self.assertEqual(self.decide()[self.invoice.name], (stop, None, 0.0, dates.get(stop)))

    def test_a_direct_debit_gives_way_to_a_pause_and_its_date(self):
        self._apply("collecting")
        self._apply("paused")
        self.assertEqual(self.decide()[self.invoice.name], ("paused", None, 0.0, day(11)))

    def test_a_stop_without_date_does_not_borrow_one_from_a_later_stop(self):
        self._apply("lapsed")
        self._apply("in_case")
        self.rows["lapsed"] = None
        self.assertEqual(self.decide()[self.invoice.name], ("lapsed", None, 0.0, None))

    def test_an_assigned_invoice_chased_for_the_assignee_keeps_the_date_of_its_pause(self):
        self._apply("assigned")
        self.item_of(self.invoice).assignee_id = self.make_assignee()
        self._apply("paused")
        self.env["collection.plan"].search([]).chase_assigned = True
        self.assertEqual(self.decide()[self.invoice.name], ("paused", None, 0.0, day(11)))

    def test_an_account_out_of_scope_comes_before_a_missing_customer(self):
        entry = self.make_entry(None, 300, self.account("411"), due=day(-5))
        entry.line_ids.account_id.filtered("collection_role").collection_role = False
        self.assertEqual(self.decide()[entry.name].decision, "out_of_scope")


@tagged("post_install", "-at_install")
class TestOpeningEntries(CollectionCase):
    """Opening balances are debts: what core leaves out by default is shown apart from what a person left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.opening = cls.make_entry(cls.partner, 800, cls.account("411"), on=day(-40))

    def test_a_migrated_opening_balance_is_excluded_by_default(self):
        self.assertEqual(self.decide()[self.opening.name], ("excluded", None, 0.0, None))
        self.assertEqual(self.decision_of(self.opening).detail, "by_default")

    def test_once_included_it_is_chased_from_its_date_as_it_has_no_due_date(self):
        self.open_lines(self.opening).no_followup = False
        decision = self.decision_of(self.opening)
        self.assertEqual((decision.due_date, decision.days_late), (day(-40), 40))
        self.assert_decided(self.opening, "level", "Rappel", 800.0)

    def test_its_reason_says_that_nobody_chose_it(self):
        self.assertEqual(
            self.decision_of(self.opening).summary,
            "Not reminded: entries of general journals have no follow-up by default.",
        )

    def test_a_person_s_exclusion_of_an_invoice_says_so(self):
        invoice = self.make_invoice(self.partner, 100, due=day(-5))
        invoice.no_followup = True
        self.assertEqual(
            self.decision_of(invoice).summary, "Not reminded: a person excluded the invoice from follow-up."
        )
