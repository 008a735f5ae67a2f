"""How a promise is noted and confirmed, and by whom."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .promise_case import PromiseCase


@tagged("post_install", "-at_install")
class TestNotingAPromise(PromiseCase):
    """It says who, how much and when; what it says is not changed afterwards."""

    def test_more_than_is_open_is_refused(self):
        with self.assertRaisesRegex(ValidationError, r"Only .?1,000\.00.* can still be promised"):
            self.note(1000.01)

    def test_what_is_promised_already_is_not_promised_twice(self):
        self.assertEqual((self.note(500).state, self.note(100).state), ("open", "open"))
        with self.assertRaisesRegex(ValidationError, r"Only .?400\.00"):
            self.note(500)

    def test_nor_by_a_promise_on_the_whole_account(self):
        self.note_on_account(1000)
        with self.assertRaisesRegex(ValidationError, r"Only .?0\.00"):
            self.note(1)

    def test_yesterday_is_no_promise(self):
        with self.assertRaisesRegex(ValidationError, "a day to come"):
            self.note(on=-1)

    def test_in_two_years_is_no_promise(self):
        with self.assertRaisesRegex(ValidationError, "make an agreement"):
            self.note(on=700)

    def test_invoices_of_two_customers_are_refused(self):
        other = self.make_invoice(self.make_partner("Garage Roux"), 100, due=day(-5))
        with self.assertRaisesRegex(ValidationError, "those of one customer"):
            self.note(1100, items=self.item | self.item_of(other))

    def test_its_terms_are_not_changed(self):
        promise = self.note()
        collector = self.make_collector()
        with self.assertRaisesRegex(UserError, "cancel it, saying why"):
            promise.with_user(collector).date = day(20)
        promise.with_user(collector).note = "The transfer is signed"
        self.assertEqual((promise.date, promise.note), (day(5), "The transfer is signed"))

    def test_nobody_types_what_became_of_it(self):
        promise = self.note().with_user(self.make_collector())
        for values in ({"state": "kept"}, {"paid_amount": 1000}, {"noted_on": day(-9)}, {"confirmed_on": day(0)}):
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, "found in the ledger"):
                promise.write(values)
        with self.assertRaisesRegex(AccessError, "found in the ledger"):
            promise.create(
                {"debtor_id": self.debtor.id, "amount": 1, "currency_id": self.euro.id, "date": day(1), "state": "kept"}
            )

    def test_cancelled_it_needs_a_reason_and_counts_for_nothing(self):
        promise = self.note().with_user(self.make_collector())
        with self.assertRaisesRegex(UserError, "Say why"):
            promise._cancel(" ")
        wizard = self.env["collection.promise.cancel"].with_user(self.make_collector("second"))
        wizard.create({"promise_ids": [(6, 0, promise.ids)], "reason": "Wrong customer"}).action_cancel()
        self.assertEqual(
            (promise.state, promise.cancel_reason, promise.outcome_date, promise.cancelled_by_id.login),
            ("cancelled", "Wrong customer", TODAY, "second"),
        )
        self.assertEqual(self.found(promise, on=9), ("cancelled", 0))
        self.assertEqual(self.env["collection.promise"]._read_promise_record(self.debtor), {self.debtor: (0, 0, 0, 0)})

    def test_the_dialog_proposes_what_is_open(self):
        collector = self.make_collector()
        action = self.env["collection.promise"].with_user(collector)._action_new(self.debtor, self.item, date=day(9))
        promises = self.env["collection.promise"].with_user(collector).with_context(**action["context"])
        with Form(promises, view="credit_collection.view_collection_promise_form_new") as form:
            self.assertEqual((form.debtor_id, form.amount, form.date), (self.debtor, 1000, day(9)))
            self.assertEqual((form.grace_days, form.heard_by), (2, "call"))
        promise = form.record
        self.assertEqual((promise.item_ids, promise.noted_on, promise.noted_by_id), (self.item, TODAY, collector))

    def test_it_proposes_less_where_an_invoice_is_taken_off(self):
        other = self.item_of(self.make_invoice(self.partner, 500, due=day(10)))
        action = self.env["collection.promise"]._action_new(self.debtor, self.item | other)
        self.assertEqual(action["context"]["default_amount"], 1500)
        promises = self.env["collection.promise"].with_context(**action["context"])
        form = Form(promises, view="credit_collection.view_collection_promise_form_new")
        form.item_ids.remove(id=other.id)
        self.assertEqual(form.amount, 1000)

    def test_an_amount_given_stands(self):
        action = self.env["collection.promise"]._action_new(self.debtor, self.item, amount=250)
        promises = self.env["collection.promise"].with_context(**action["context"])
        form = Form(promises, view="credit_collection.view_collection_promise_form_new")
        self.assertEqual(form.amount, 250)

    def test_where_nothing_is_left_to_promise_it_says_so(self):
        self.note()
        with self.assertRaisesRegex(UserError, "Nothing is open here"):
            self.env["collection.promise"]._action_new(self.debtor, self.item)

    def test_two_currencies_are_two_promises(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        other = self.item_of(self.make_invoice(self.partner, 500, due=day(-5), currency=dollar))
        with self.assertRaisesRegex(UserError, "one promise a currency"):
            self.env["collection.promise"]._action_new(self.debtor, self.item | other)

    def test_the_record_of_a_customer(self):
        kept = self.note(400)
        self.set_today(day(2))
        self.pay(self.invoice, 400)
        broken = self.note(300, on=3)
        self.assertEqual((self.found(kept, on=9)[0], self.found(broken)[0]), ("kept", "broken"))
        other = self.debtor_of(self.make_partner("Garage Roux"))
        self.assertEqual(
            self.env["collection.promise"]._read_promise_record(self.debtor | other),
            {self.debtor: (1, 0, 0, 1), other: (0, 0, 0, 0)},
        )

    def make_collector(self, login="promising"):
        return new_test_user(self.env, login, "base.group_user,credit_collection.group_collection_collector")


@tagged("post_install", "-at_install")
class TestConfirmingAPromise(PromiseCase):
    """A message confirms it in the customer's language: a person reads it over and sends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env.ref("base.module_credit_collection")._update_translations("fr_FR")
        cls.collector = new_test_user(
            cls.env, "confirming", "base.group_user,credit_collection.group_collection_collector", email="c@v.example"
        )

    def confirm(self, promise):
        action = promise.with_user(self.collector).action_confirm()
        return (
            self.env["mail.compose.message"]
            .with_user(self.collector)
            .with_context(**action["context"])
            .browse(action["res_id"])
        )

    def test_it_says_how_much_when_and_for_which_invoices(self):
        self.partner.lang = "en_US"
        composer = self.confirm(self.note())
        self.assertEqual(
            composer.subject.replace("\u00a0", " "),
            f"{self.company.name} – your payment of 1,000.00 € by 15 March 2026".replace("1,000.00 €", "1,000.00 €"),
        )
        self.assertIn(self.invoice.name, composer.body)
        self.assertIn("we shall not remind you of it", composer.body)
        self.assertEqual(composer.partner_ids, self.partner)

    def test_in_french_to_a_french_customer(self):
        self.partner.lang = "fr_FR"
        body = self.confirm(self.note()).body
        self.assertIn("15 mars 2026", body)
        self.assertIn("Madame, Monsieur", body)

    def test_to_a_public_body_it_asks_for_the_payment_order(self):
        self.partner.lang = "en_US"
        self.debtor.customer_kind = "public"
        self.assertIn("payment order", self.confirm(self.note()).body)

    def test_sent_it_stands_on_the_customers_page_and_on_the_promise(self):
        promise = self.note()
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.confirm(promise).action_send_mail()
        self.assertEqual(promise.confirmed_on, TODAY)
        self.assertIn("1,000.00", self.debtor.message_ids[:1].body)

    def test_another_customers_promise_is_not_confirmed_by_it(self):
        promise = self.note()
        other = self.debtor_of(self.make_partner("Garage Roux"))
        other.with_context(collection_confirmed_promise_id=promise.id).message_post(
            body="Hello", partner_ids=self.partner.ids
        )
        self.assertFalse(promise.confirmed_on)

    def test_without_an_address_it_says_so(self):
        self.partner.email = False
        with self.assertRaisesRegex(UserError, "No usable e-mail address for Menuiserie Durand"):
            self.confirm(self.note())

    def test_a_promise_that_is_over_is_not_confirmed(self):
        promise = self.note()
        self.found(promise, on=9)
        with self.assertRaisesRegex(UserError, "Only a promise that still holds"):
            self.confirm(promise)


@tagged("post_install", "-at_install")
class TestPromisesAndRights(PromiseCase):
    """Auditors read, collectors note, and a portfolio is closed to the others."""

    def user(self, login, group):
        return new_test_user(self.env, login, f"base.group_user,credit_collection.group_collection_{group}")

    def test_an_auditor_reads_and_notes_nothing(self):
        promise = self.note().with_user(self.user("reading", "reader"))
        self.assertEqual(promise.amount, 1000)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            promise.note = "Hello"
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            promise._cancel("No reason")

    def test_a_collector_notes_and_sees_those_of_his_portfolio_alone(self):
        mine, theirs = (self.user(login, "collector") for login in ("mine", "theirs"))
        self.company.collection_own_debtors_only = True
        self.debtor.user_id = mine
        promise = (
            self.env["collection.promise"]
            .with_user(mine)
            .create({"debtor_id": self.debtor.id, "amount": 10, "currency_id": self.euro.id, "date": day(3)})
        )
        self.assertFalse(self.env["collection.promise"].with_user(theirs).search([]))
        for forbidden in (
            lambda: promise.with_user(theirs).read(["amount"]),
            lambda: promise.with_user(theirs)._cancel("Mine"),
            lambda: promise.with_user(theirs).action_confirm(),
            lambda: (
                self.env["collection.promise"]
                .with_user(theirs)
                .create({"debtor_id": self.debtor.id, "amount": 10, "currency_id": self.euro.id, "date": day(3)})
            ),
        ):
            with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
                forbidden()
        self.assertEqual(self.env["collection.promise"].with_user(self.user("boss", "manager")).search([]), promise)

    def test_nobody_deletes_one(self):
        promise = self.note()
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            promise.with_user(self.user("manager", "manager")).unlink()
