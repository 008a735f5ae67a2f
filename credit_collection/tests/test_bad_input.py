"""A mistake is told at once, in words; what slips through does not stop a run."""

import psycopg2

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CollectionCase, day


class BadInputCase(CollectionCase):
    """Compares the message a user reads with the one expected."""

    def assert_refused(self, message, action):
        """``action`` is refused with these words, whether the ORM or the database says so."""
        told = None
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action()
                self.env.flush_all()
        except ValidationError as error:
            told = error.args[0]
        except psycopg2.IntegrityError as error:
            # As odoo.service.model.retrying words it for the client.
            model = next(model for model in self.env.values() if model._table == error.diag.table_name)
            told = model._sql_error_to_message(error)
        self.assertEqual(told, message)


@tagged("post_install", "-at_install")
class TestPlansAreChecked(BadInputCase):
    """A plan that could not work is refused when it is saved."""

    def test_a_plan_without_level(self):
        self.assert_refused(
            "The plan “Empty” has no level, so it would never remind anybody. "
            "Add a level, or archive the plan until it is ready.",
            lambda: self.make_plan((), name="Empty"),
        )

    def test_a_plan_whose_last_level_is_removed(self):
        plan = self.make_plan((("Rappel", 3),), name="Emptied")
        self.assert_refused(
            "The plan “Emptied” has no level, so it would never remind anybody. "
            "Add a level, or archive the plan until it is ready.",
            lambda: plan.write({"level_ids": [Command.delete(plan.level_ids.id)]}),
        )

    def test_a_plan_whose_last_level_is_deleted_by_itself(self):
        plan = self.make_plan(name="Emptied")
        self.assert_refused(
            "The plan “Emptied” has no level, so it would never remind anybody. "
            "Add a level, or archive the plan until it is ready.",
            plan.level_ids.unlink,
        )
        plan.level_ids[0].unlink()
        self.assertEqual(plan.level_ids.name, "Relance")
        plan.active = False
        plan.level_ids.unlink()
        self.assertEqual(plan.level_count, 0)

    def test_all_levels_may_be_replaced_at_once(self):
        plan = self.make_plan((("Rappel", 3),))
        plan.level_ids = [Command.delete(plan.level_ids.id), Command.create(self.prepare_level("Relance", 3))]
        self.assertEqual(plan.level_ids.mapped("name"), ["Relance"])

    def test_an_archived_plan_may_be_empty_and_a_manual_one_too(self):
        self.assertEqual(self.make_plan((), active=False).level_count, 0)
        self.assertEqual(self.make_plan((), is_manual=True).level_count, 0)

    def test_negative_thresholds(self):
        for field in ("item_threshold", "debtor_threshold"):
            with self.subTest(field=field):
                self.assert_refused(
                    "A threshold cannot be negative: enter 0 to chase every amount.",
                    lambda field=field: self.make_plan(**{field: -1}),
                )

    def test_a_negative_rest(self):
        self.assert_refused("The rest between reminders cannot be negative.", lambda: self.make_plan(rest_days=-1))

    def test_a_filter_that_is_no_filter(self):
        for domain in ("[('partner_id', '=', ", "[('partner_id', '=')]", "42", "[(1, 2, 3, 4)]"):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(ValidationError, "The filter of “Plan” is not valid"),
                self.env.cr.savepoint(),
            ):
                self.make_plan(domain=domain)

    def test_a_filter_that_runs_code_is_no_filter(self):
        with (
            self.assertRaisesRegex(ValidationError, "The filter of “Plan” is not valid"),
            self.env.cr.savepoint(),
        ):
            self.make_plan(domain="[('id', 'in', __import__('os').listdir('/'))]")

    def test_a_filter_on_a_field_that_does_not_exist(self):
        with (
            self.assertRaisesRegex(ValidationError, "The filter of “Plan” is not valid: .*shoe_size"),
            self.env.cr.savepoint(),
        ):
            self.make_plan(domain="[('shoe_size', '=', 42)]")

    def test_a_filter_on_a_field_computed_each_time(self):
        self.assert_refused(
            "The filter of “Plan” uses “Currency”, which cannot be searched fast enough. Choose another field.",
            lambda: self.make_plan(domain="[('currency_id.name', '=', 'EUR')]"),
        )

    def test_a_filter_on_a_field_computed_each_time_further_on_the_path(self):
        self.assert_refused(
            "The filter of “Plan” uses “Total Receivable”, which cannot be searched fast enough. Choose another field.",
            lambda: self.make_plan(domain="[('partner_id.credit', '>', 1000)]"),
        )

    def test_a_plan_in_use_cannot_be_deleted_from_under_its_reminders(self):
        plan = self.make_plan()
        self.make_invoice(self.make_partner(), 1000, due=day(-5))
        self.run_and_send()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            plan.unlink()


@tagged("post_install", "-at_install")
class TestLevelsAreChecked(BadInputCase):
    """A level out of place is refused, with the words to put it right."""

    def test_a_level_before_the_previous_one(self):
        self.assert_refused(
            "The level “Relance” (day 2) stands after “Rappel” (day 3) but would come before it. "
            "Change its day, or its place in the list.",
            lambda: self.make_plan((("Rappel", 3, {"sequence": 1}), ("Relance", 2, {"sequence": 2}))),
        )

    def test_moved_before_the_previous_one_by_an_edit(self):
        plan = self.make_plan()
        self.assert_refused(
            "The level “Relance” (day 1) stands after “Rappel” (day 3) but would come before it. "
            "Change its day, or its place in the list.",
            lambda: plan.level_ids[1].write({"day": 1}),
        )

    def test_two_levels_on_the_same_day(self):
        self.assert_refused(
            "Two levels of a plan cannot stand on the same day.",
            lambda: self.make_plan((("Rappel", 3, {"sequence": 1}), ("Relance", 3, {"sequence": 2}))),
        )

    def test_moved_onto_the_day_of_another_by_an_edit(self):
        plan = self.make_plan()
        self.assert_refused(
            "Two levels of a plan cannot stand on the same day.", lambda: plan.level_ids[1].write({"day": 3})
        )

    def test_two_levels_swap_their_days_in_one_save_of_the_plan(self):
        plan = self.make_plan()
        first, second = plan.level_ids
        plan.level_ids = [
            Command.update(first.id, {"day": 12, "sequence": 20}),
            Command.update(second.id, {"day": 3, "sequence": 10}),
        ]
        self.env.flush_all()
        plan.invalidate_recordset(["level_ids"])
        self.assertEqual([(level.name, level.day) for level in plan.level_ids], [("Relance", 3), ("Rappel", 12)])

    def test_saved_with_their_plan_two_levels_on_the_same_day(self):
        plan = self.make_plan()
        self.assert_refused(
            "Two levels of a plan cannot stand on the same day.",
            lambda: plan.write({"level_ids": [Command.update(plan.level_ids[0].id, {"day": 12, "sequence": 2000})]}),
        )

    def test_a_formal_notice_before_the_due_date(self):
        self.assert_refused(
            "The formal notice “Mise en demeure” would leave before the due date: nobody is in default then. "
            "Enter a number of days after the due date.",
            lambda: self.make_plan((("Mise en demeure", 0, {"is_formal_notice": True}),)),
        )

    def test_a_level_that_counts_from_a_deadline_no_level_grants(self):
        self.assert_refused(
            "The level “Décision” counts from the deadline of a formal notice, but its plan has none.",
            lambda: self.make_plan((("Rappel", 3), ("Décision", 3, {"counted_from": "deadline"}))),
        )

    def test_a_level_before_the_deadline_it_counts_from(self):
        self.assert_refused(
            "The level “Décision” would come before the deadline it counts from.",
            lambda: self.make_plan(
                (
                    ("Mise en demeure", 45, {"is_formal_notice": True}),
                    ("Décision", -3, {"counted_from": "deadline", "sequence": 9000}),
                )
            ),
        )

    def test_negative_amounts_and_delays(self):
        delays = "Rest, hours in the outbox and deadline are numbers of days or hours: they cannot be negative."
        amounts = "A threshold cannot be negative: enter 0 to chase every amount."
        for field, message in (
            ("rest_days", delays),
            ("send_delay", delays),
            ("deadline_days", delays),
            ("debtor_threshold", amounts),
            ("item_minimum", amounts),
        ):
            with self.subTest(field=field):
                self.assert_refused(message, lambda field=field: self.make_plan((("Rappel", 3, {field: -1}),)))

    def test_a_letter_without_text(self):
        self.assert_refused(
            "The level “Rappel” goes out by letter: choose the text of its letter.",
            lambda: self.make_plan((("Rappel", 3, {"channels": ("letter",), "letter_template_id": False}),)),
        )

    def test_a_channel_that_stands_in_for_itself(self):
        plan = self.make_plan()
        self.assert_refused(
            "A channel cannot stand in for itself: choose another fallback.",
            lambda: plan.level_ids[0].channel_ids.write({"fallback": "email"}),
        )


@tagged("post_install", "-at_install")
class TestDebtorsAreChecked(BadInputCase):
    """A debtor is a company, once, of a root company; a pause says why."""

    def test_a_contact_is_no_debtor(self):
        company = self.make_partner("Durand SA")
        contact = self.make_partner("Marie", is_company=False, parent_id=company.id)
        self.assert_refused(
            "Durand SA, Marie is a contact of Durand SA, which is the debtor.",
            lambda: self.env["collection.debtor"].create({"partner_id": contact.id}),
        )

    def test_a_customer_is_a_debtor_once(self):
        partner = self.make_partner()
        self.env["collection.debtor"].create({"partner_id": partner.id})
        self.assert_refused(
            "This customer is already a debtor of the company.",
            lambda: self.env["collection.debtor"].create({"partner_id": partner.id}),
        )

    def test_a_pause_without_reason(self):
        debtor = self.debtor_of(self.make_partner("Durand SA"))
        self.assert_refused("Say why the reminders to Durand SA pause.", lambda: debtor.write({"pause_until": day(10)}))


@tagged("post_install", "-at_install")
class TestRunGoesOnWithoutTheCulprit(CollectionCase):
    """One bad record keeps its own debtors back, not the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(sequence=20)
        cls.good = cls.make_invoice(cls.make_partner("Bon"), 1000, due=day(-5))

    def test_a_debtor_without_any_address_is_told_and_the_others_are_reminded(self):
        nowhere = self.make_partner("Nulle part", email=False, street=False, zip=False, city=False)
        lost = self.make_invoice(nowhere, 700, due=day(-5))
        run = self.plan_run()
        self.assertEqual(run.reminder_ids.line_ids.move_id, self.good)
        self.assertEqual(
            {count.decision: count.claim for count in run.count_ids}, {"level": 1000.0, "no_contact": 700.0}
        )
        self.assertEqual(
            self.decision_of(lost).summary,
            "Not reminded: no address for “Rappel”: neither e-mail nor post can reach the customer.",
        )

    def _break_filter(self, plan):
        """As when the add-on that brought a field of the filter has been uninstalled."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_plan SET domain = %s WHERE id = %s", ["[('x_shoe_size', '=', 42)]", plan.id]
        )
        plan.invalidate_recordset()

    def test_a_filter_broken_since_keeps_nobody_else_back_and_is_reported(self):
        first = self.make_plan((("Premier", 3),), name="First", sequence=10, domain="[('is_key_account', '=', True)]")
        key = self.make_partner("Grand")
        self.debtor_of(key).is_key_account = True
        large = self.make_invoice(key, 5000, due=day(-5))
        own = self.make_invoice(self.make_partner("Son plan"), 300, due=day(-5))
        self.debtor_of(own.partner_id).plan_id = self.plan
        broken = self.make_plan((("Cassé", 3),), name="Broken", sequence=15)
        self._break_filter(broken)
        run = self.plan_run()
        self.assertEqual(
            {line.move_id: line.level_id.name for line in run.reminder_ids.line_ids}, {large: "Premier", own: "Rappel"}
        )
        self.assertEqual(self.decide()[self.good.name].decision, "no_plan")
        self.assertIn(
            "The filter of the plan “Broken” no longer works. Its debtors, and those of the plans after it, "
            "have no plan until it is repaired.",
            " ".join(run.message_ids.mapped("body")),
        )
        self.assertEqual(first.level_ids, run.reminder_ids.level_id & first.level_ids)

    def test_repaired_it_works_again(self):
        broken = self.make_plan((("Cassé", 3),), name="Broken", sequence=15)
        self._break_filter(broken)
        broken.domain = "[('is_key_account', '=', True)]"
        self.assert_decided(self.good, "level", "Rappel")
