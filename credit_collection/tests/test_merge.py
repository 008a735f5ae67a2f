"""Customers that become one, or change the company they belong to: collection follows, and says so."""

from odoo.tests import tagged

from .common import CollectionCase, day


@tagged("post_install", "-at_install")
class TestMergedPartners(CollectionCase):
    """Merging contacts merges their debtors: nothing is lost, nothing is sent twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan(rest_days=7)
        cls.kept = cls.make_partner("Durand SA")
        cls.double = cls.make_partner("Durand S.A.")
        cls.invoice = cls.make_invoice(cls.double, 1000, due=day(-5))

    def _merge(self, *sources):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({"state": "option"})
        wizard._merge((self.kept.browse().union(*sources) | self.kept).ids, self.kept)

    def test_its_items_reminders_and_deliveries_go_to_the_debtor_that_stays(self):
        self.make_invoice(self.kept, 500, due=day(5))
        kept = self.debtor_of(self.kept)
        reminder = self.run_and_send()
        former = reminder.debtor_id
        self._merge(self.double)
        self.assertFalse(former.exists())
        self.assertEqual(reminder.debtor_id, kept)
        self.assertEqual(reminder.delivery_ids.debtor_id, kept)
        self.assertEqual(reminder.line_ids.item_id.debtor_id, kept)

    def test_its_position_and_rest_are_kept(self):
        self.make_invoice(self.kept, 500, due=day(-5)).line_ids.no_followup = True
        self.debtor_of(self.kept)
        self.run_and_send()
        self._merge(self.double)
        self.assert_decided(self.invoice, "waiting", "Relance", 1000.0, day(7))
        joining = self.make_invoice(self.kept, 300, due=day(-4))
        self.assert_decided(joining, "waiting", "Rappel", 300.0, day(7))

    def test_the_history_says_with_whom_it_was_merged(self):
        kept = self.debtor_of(self.kept)
        former = self.debtor_of(self.double)
        former.message_post(body="Spoke to the accountant")
        self._merge(self.double)
        bodies = " ".join(kept.message_ids.mapped("body"))
        self.assertIn("Merged with Durand S.A.", bodies)
        self.assertIn("Spoke to the accountant", bodies)

    def test_where_only_the_other_was_a_debtor_it_becomes_the_one_that_stays(self):
        reminder = self.run_and_send()
        debtor = reminder.debtor_id
        self._merge(self.double)
        self.assertEqual((debtor.partner_id, reminder.debtor_id), (self.kept, debtor))

    def test_two_debtors_merged_into_a_partner_who_was_none_become_one(self):
        third = self.make_partner("Durand")
        self.make_invoice(third, 200, due=day(-5))
        self.run_and_send()
        self._merge(self.double, third)
        debtors = self.env["collection.debtor"].search([("partner_id", "=", self.kept.id)])
        self.assertEqual(len(debtors), 1)
        self.assertEqual(sorted(debtors.item_ids.mapped("amount")), [200.0, 1000.0])

    def test_two_pending_reminders_do_not_make_two_messages_at_the_next_run(self):
        self.make_invoice(self.kept, 500, due=day(-5))
        self.plan_run()
        self._merge(self.double)
        self.assertFalse(self.plan_run().reminder_ids)


@tagged("post_install", "-at_install")
class TestPartnerMovedUnderAParent(CollectionCase):
    """A customer that becomes part of another company: its open items go there, its past reminders stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.group = cls.make_partner("Groupe Martin")
        cls.partner = cls.make_partner("Martin Lille")
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def _move(self):
        self.partner.write({"is_company": False, "parent_id": self.group.id})
        self.assertEqual(self.open_lines(self.invoice).partner_id, self.group)

    def test_its_open_items_go_to_the_parent_at_their_level(self):
        reminder = self.run_and_send()
        former = reminder.debtor_id
        self._move()
        item = self.env["collection.item"].search([("move_id", "=", self.invoice.id)])
        self.assertEqual((item.debtor_id.partner_id, item.level_id.name), (self.group, "Rappel"))
        self.assertEqual(reminder.debtor_id, former)
        self.assert_decided(self.invoice, "waiting", "Relance", 1000.0)

    def test_paid_items_stay_with_their_past(self):
        reminder = self.run_and_send()
        self.pay(self.invoice, 1000)
        self.decide()
        self._move_paid()
        self.assertEqual(reminder.line_ids.item_id.debtor_id, reminder.debtor_id)

    def _move_paid(self):
        self.partner.write({"is_company": False, "parent_id": self.group.id})

    def test_a_pending_reminder_drops_what_now_belongs_to_another(self):
        reminder = self.plan_run().reminder_ids
        self._move()
        self.assertEqual(
            (reminder.state, reminder.line_ids.drop_reason),
            ("cancelled", f"{self.invoice.name} now belongs to Groupe Martin."),
        )
        self.assertEqual(self.plan_run().reminder_ids.debtor_id.partner_id, self.group)

    def test_a_contact_of_the_parent_can_be_made_a_company_of_its_own_again(self):
        self.run_and_send()
        self._move()
        self.partner.write({"is_company": True, "parent_id": False})
        self.assert_decided(self.invoice, "waiting", "Relance", 1000.0)
