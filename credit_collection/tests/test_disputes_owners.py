"""Who a dispute is for: its owner, the collectors of its customer, and auditors who read."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .dispute_case import DisputeCase


@tagged("post_install", "-at_install")
class TestOwners(DisputeCase):
    """The owner of a dispute has an activity until its deadline; nature and steps come along."""

    def activity_of(self, dispute):
        return dispute.activity_ids.mapped(lambda activity: (activity.user_id, activity.date_deadline))

    def test_the_natures_owner_and_delay(self):
        owner = self.make_user("quality")
        self.quality.user_id = owner
        dispute = self.dispute(nature=self.quality)
        # Fifteen working days.
        self.assertEqual((dispute.user_id, dispute.deadline), (owner, day(21)))
        self.assertEqual(self.activity_of(dispute), [(owner, day(21))])

    def test_else_the_customers_collector(self):
        collector = self.make_collector()
        self.debtor_of(self.partner).user_id = collector
        self.assertEqual(self.dispute().user_id, collector)

    def test_an_owner_of_another_company_is_not_taken(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.price.user_id = self.env["res.users"].create(
            {"name": "Far", "login": "far", "company_id": company.id, "company_ids": [Command.set(company.ids)]}
        )
        self.assertEqual(self.dispute().user_id, self.env.user)

    def test_a_portal_user_cannot_own_one(self):
        portal = self.make_user("customer", "base.group_portal")
        dispute = self.dispute()
        with self.assertRaisesRegex(ValidationError, "choose an internal user of that company"):
            dispute.user_id = portal
        self.assertNotIn("dispute_owner", str(portal.all_group_ids.get_external_id()))

    def test_the_activity_follows_owner_and_deadline(self):
        dispute = self.dispute()
        owner = self.make_user("logistics")
        dispute.write({"user_id": owner.id, "deadline": day(30)})
        self.assertEqual(self.activity_of(dispute), [(owner, day(30))])

    def test_and_is_done_with_the_decision(self):
        dispute = self.study()
        self.reject(dispute)
        self.assertFalse(dispute.activity_ids)
        dispute.action_study()
        self.assertEqual(self.activity_of(dispute), [(self.env.user, day(7))])

    def test_the_steps_of_the_nature_are_copied(self):
        dispute = self.dispute()
        self.assertEqual(dispute.step_ids.mapped("name"), self.price.step_ids.mapped("name"))
        dispute.nature_id = self.quality
        self.assertEqual(dispute.step_ids.mapped("name"), self.quality.step_ids.mapped("name"))

    def test_steps_begun_are_not_lost(self):
        dispute = self.dispute()
        dispute.step_ids[0].done = True
        dispute.nature_id = self.quality
        self.assertEqual(dispute.step_ids.mapped("name"), self.price.step_ids.mapped("name"))

    def test_who_ticked_a_step_off_is_kept(self):
        collector = self.make_collector()
        step = self.dispute().step_ids[0]
        step.with_user(collector).done = True
        self.assertEqual((step.done_by_id, step.done_on), (collector, TODAY))
        step.done = False
        self.assertEqual((step.done_by_id.id, step.done_on), (False, False))

    def test_all_natures_asked_for_are_there(self):
        names = self.env["collection.dispute.nature"].with_context(lang="en_US").search([]).mapped("name")
        self.assertEqual(
            names,
            [
                "Price",
                "Quantity",
                "Quality",
                "Delivery of the goods",
                "Double invoice",
                "Wrong entity or VAT",
                "Expected rebate or credit note",
                "Logistics penalties",
                "Unearned discount",
                "Retention",
                "Acceptance report missing",
                "Other",
            ],
        )


@tagged("post_install", "-at_install")
class TestWhoMayDoWhat(DisputeCase):
    """A dispute is worked on by the collectors of its customer and by its owner; auditors read."""

    def assert_forbidden(self, action):
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, action)

    def test_an_owner_who_is_no_collector_works_on_his_dispute(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        own = dispute.with_user(owner)
        own.action_study()
        own.step_ids[0].done = True
        own.line_ids.accepted = 200
        own.answer = "<p>Two pieces were missing.</p>"
        own.message_post(body="Seen with the carrier.")
        own.action_accept_part()
        self.assertEqual((dispute.stage, dispute.accepted_amount, dispute.decided_by_id), ("partly", 200, owner))
        self.assert_tranches(200, 800)

    def test_his_reminders_in_preparation_follow_though_he_reads_none(self):
        reminder = self.plan_run().reminder_ids
        owner = self.make_user("logistics")
        dispute = self.study()
        dispute.user_id = owner
        self.assertEqual(reminder.state, "cancelled")
        dispute.with_user(owner).line_ids.accepted = 200
        dispute.with_user(owner).action_accept_part()
        self.assertEqual(self.plan_run().reminder_ids.line_ids.claim, 800)

    def test_he_sees_it_as_the_form_reads_it(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        own = dispute.with_user(owner)
        view = own.get_view(self.env.ref("credit_collection.view_collection_dispute_form").id, "form")
        self.assertIn("line_ids", view["arch"])
        values = own.web_read(
            {
                "debtor_id": {"fields": {"display_name": {}}},
                "is_collector": {},
                "awaits_credit": {},
                "line_ids": {"fields": {"item_id": {"fields": {"display_name": {}}}, "open_amount": {}, "amount": {}}},
                "credit_ids": {"fields": {"name": {}}},
                "attachment_ids": {"fields": {"name": {}}},
            }
        )[0]
        self.assertEqual(values["debtor_id"]["display_name"], self.partner.display_name)
        self.assertEqual(values["line_ids"][0]["item_id"]["display_name"], self.invoice.name)
        self.assertEqual((values["line_ids"][0]["open_amount"], values["is_collector"]), (1000, False))

    def test_he_does_not_change_what_is_contested(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        own = dispute.with_user(owner)
        other = self.item_of(self.make_invoice(self.partner, 50, due=day(-10)))
        for action in (
            lambda: own.line_ids.write({"amount": 1}),
            lambda: own.line_ids.unlink(),
            lambda: own.write({"line_ids": [Command.create({"item_id": other.id, "amount": 50})]}),
            lambda: own.write({"opened_on": day(-5)}),
            lambda: own.action_close(),
            lambda: own.action_answer(),
            lambda: own.unlink(),
            lambda: own.copy(),
        ):
            self.assert_forbidden(action)

    def test_he_sees_no_other_dispute_and_nothing_else_of_collection(self):
        owner = self.make_user("logistics")
        other = self.dispute(self.make_invoice(self.partner, 50, due=day(-10)))
        dispute = self.dispute()
        dispute.user_id = owner
        self.assertEqual(self.env["collection.dispute"].with_user(owner).search([]), dispute)
        self.assertEqual(self.env["collection.dispute.line"].with_user(owner).search([]), dispute.line_ids)
        self.assert_forbidden(lambda: other.with_user(owner).read(["note"]))
        for model in ("collection.debtor", "collection.item", "collection.reminder", "collection.dispute.report"):
            self.assertFalse(self.env[model].with_user(owner).has_access("read"), model)

    def test_once_another_owns_it_he_sees_it_no_more(self):
        owner = self.make_user("logistics")
        dispute = self.dispute()
        dispute.user_id = owner
        dispute.with_user(owner).read(["note"])
        dispute.user_id = self.env.user
        self.assert_forbidden(lambda: dispute.with_user(owner).read(["note"]))

    def test_an_auditor_reads_and_changes_nothing(self):
        auditor = self.make_user("auditor", "base.group_user,credit_collection.group_collection_reader")
        dispute = self.dispute().with_user(auditor)
        self.assertEqual(dispute.read(["disputed_amount"])[0]["disputed_amount"], 1000)
        for action in (
            lambda: dispute.write({"note": "x"}),
            lambda: dispute.action_study(),
            lambda: dispute.line_ids.write({"accepted": 1}),
            lambda: dispute.unlink(),
            lambda: self.env["collection.dispute"].with_user(auditor)._action_new(dispute.debtor_id, dispute.line_ids),
        ):
            self.assert_forbidden(action)

    def test_an_auditor_who_owns_one_still_reads_them_all(self):
        auditor = self.make_user("auditor", "base.group_user,credit_collection.group_collection_reader")
        other = self.dispute(self.make_invoice(self.partner, 50, due=day(-10)))
        dispute = self.dispute()
        dispute.user_id = auditor
        self.assertEqual(self.env["collection.dispute"].with_user(auditor).search([]), dispute | other)
        dispute.with_user(auditor).action_study()
        self.assert_forbidden(lambda: other.with_user(auditor).action_study())

    def test_a_collector_of_another_portfolio_sees_it_only_as_its_owner(self):
        self.company.collection_own_debtors_only = True
        mine, other = self.make_collector("mine"), self.make_collector("other")
        self.debtor_of(self.partner).user_id = mine
        dispute = self.dispute(user=mine)
        self.assert_forbidden(lambda: dispute.with_user(other).read(["note"]))
        self.assertFalse(self.env["collection.dispute.report"].with_user(other).search([]))
        dispute.user_id = other
        own = dispute.with_user(other)
        own.action_study()
        self.assert_forbidden(lambda: own.line_ids.write({"amount": 5}))

    def test_a_collector_of_another_portfolio_opens_none(self):
        self.company.collection_own_debtors_only = True
        self.debtor_of(self.partner).user_id = self.make_collector("mine")
        other = self.make_collector("other")
        item = self.item_of(self.invoice)
        self.assert_forbidden(
            lambda: (
                self.env["collection.dispute"]
                .with_user(other)
                .create(
                    {
                        "debtor_id": item.debtor_id.id,
                        "user_id": other.id,
                        "line_ids": [Command.create({"item_id": item.id, "amount": 5})],
                    }
                )
            )
        )

    def test_nobody_writes_what_the_program_keeps(self):
        collector = self.make_collector()
        dispute = self.dispute(user=collector)
        for vals in ({"closed_on": TODAY}, {"decided_on": TODAY}, {"answered_on": TODAY}, {"days_taken": 1}):
            with self.subTest(vals=vals):
                self.assert_forbidden(lambda vals=vals: dispute.write(vals))
        self.assert_forbidden(lambda: dispute.line_ids.write({"closed_on": TODAY}))
        self.assert_forbidden(
            lambda: (
                self.env["collection.dispute.credit"]
                .with_user(collector)
                .create({"line_id": dispute.line_ids.id, "amount": 1})
            )
        )
        item = self.item_of(self.make_invoice(self.partner, 50, due=day(-10))).with_user(collector)
        action = self.env["collection.dispute"].with_user(collector)._action_new(item.debtor_id, item)
        made = self.env["collection.dispute"].with_user(collector).with_context(**action["context"])
        self.assertFalse(made.create({"closed_on": TODAY, "decided_on": TODAY}).closed_on)

    def test_nobody_notes_one_as_decided(self):
        collector = self.make_collector()
        item = self.item_of(self.invoice).with_user(collector)
        disputes = self.env["collection.dispute"].with_user(collector)
        context = disputes._action_new(item.debtor_id, item, stage="accepted", closed_on=TODAY)["context"]
        with self.assertRaisesRegex(UserError, "decided after it has been studied"):
            disputes.with_context(**context).create({"stage": "accepted"})
        dispute = disputes.with_context(**context).create({})
        self.assertEqual((dispute.stage, dispute.closed_on, dispute.line_ids.closed_on), ("to_qualify", False, False))
