"""What keeps an item from being paid without being contested: noted on it, resolved in a click."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .dispute_case import DisputeCase


@tagged("post_install", "-at_install")
class TestIncidents(DisputeCase):
    """While an incident is looked into, the reminders of its item wait; nothing is taken out of the claim."""

    def nature(self, name):
        return self.env.ref(f"credit_collection.incident_nature_{name}")

    def note(self, nature="order_number", items=None, user=None, note="Order 4500128"):
        """An incident noted as the dialog does; returns (what is noted now, the action that follows)."""
        items = self.item_of(self.invoice) if items is None else items
        incidents = self.env["collection.incident"]
        if user:
            incidents, items = incidents.with_user(user), items.with_user(user)
        action = incidents._action_new(items.debtor_id, items)
        wizard = incidents.env[action["res_model"]].with_context(**action["context"])
        following = wizard.create({"nature_id": self.nature(nature).id, "note": note}).action_note()
        return incidents.search([("item_id", "in", items.ids)], order="id"), following

    def test_the_four_asked_for_are_there(self):
        natures = self.env["collection.incident.nature"].with_context(lang="en_US").search([])
        self.assertEqual(
            natures.mapped(lambda nature: (nature.name, nature.effect, nature.hold_days)),
            [
                ("Order number missing", "hold", 5),
                ("Invoice not received", "copy", 5),
                ("Wrong address", "address", 5),
                ("Already paid", "said_paid", 0),
            ],
        )

    def test_its_reminders_wait_some_working_days(self):
        incident, _following = self.note()
        # Five working days from Tuesday: Tuesday included, chased again on Wednesday.
        self.assertEqual(incident.hold_until, day(7))
        self.assert_decided(self.invoice, "paused", claim=0, next_date=day(8))
        self.set_today(day(8))
        self.assert_decided(self.invoice, "level", "Rappel", 1000)

    def test_the_reason_names_the_incident(self):
        self.note()
        self.assertEqual(
            self.decision_of(self.invoice).summary,
            "Not reminded: its reminders wait for an incident to be resolved: Order number missing.",
        )

    def test_other_items_of_the_customer_are_chased(self):
        other = self.make_invoice(self.partner, 500, due=day(-10))
        self.note()
        self.assert_decided(other, "level", "Rappel", 500)

    def test_resolved_in_a_click_it_is_chased_again(self):
        incident, _following = self.note()
        incident.action_resolve()
        self.assertEqual((incident.resolved_on, incident.resolved_by_id), (TODAY, self.env.user))
        self.assert_decided(self.invoice, "level", "Rappel", 1000)

    def test_a_reminder_in_preparation_drops_it(self):
        reminder = self.plan_run().reminder_ids
        self.note()
        self.assertEqual(reminder.state, "cancelled")

    def test_in_the_past_it_waited_as_long_as_it_did(self):
        incident, _following = self.note()
        self.set_today(day(3))
        incident.action_resolve()
        self.set_today(day(20))
        for on, decision in ((day(-1), "level"), (TODAY, "paused"), (day(2), "paused"), (day(3), "level")):
            self.assert_decided(self.invoice, decision, on=on)

    def test_another_stop_goes_first(self):
        self.note()
        self.invoice.action_toggle_block_payment()
        self.assert_decided(self.invoice, "blocked")

    def test_a_credit_goes_to_what_is_chased(self):
        other = self.make_invoice(self.partner, 500, due=day(-5))
        self.make_credit_note(self.partner, 500)
        self.assert_decided(self.invoice, "level", claim=500)
        self.note()
        self.assert_decided(other, "covered", claim=0)

    def test_already_paid_the_money_is_looked_for(self):
        incident, _following = self.note("already_paid")
        self.assertEqual((incident.hold_until, incident.item_id.said_paid_on), (False, TODAY))
        self.assert_decided(self.invoice, "settling", claim=0, next_date=day(5))
        incident.action_resolve()
        self.assert_decided(self.invoice, "level", "Rappel", 1000)

    def test_a_wrong_address_is_somebodys_work(self):
        collector = self.make_collector()
        debtor = self.debtor_of(self.partner)
        debtor.user_id = collector
        self.partner.collection_verified_on = day(-10)
        self.note("wrong_address", note="Moved to Lyon")
        self.assertFalse(self.partner.collection_verified_on)
        activity = debtor.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (collector, TODAY))
        self.assertEqual(activity.summary, "Wrong address")
        self.assertIn("Moved to Lyon", activity.note)
        self.assert_decided(self.invoice, "paused")

    def test_not_received_a_copy_is_proposed(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "FAC.pdf",
                "raw": b"%PDF-1.4 copy",
                "res_model": "account.move",
                "res_id": self.invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.invoice.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        self.assertEqual(self.invoice.invoice_pdf_report_id, attachment)
        _incident, action = self.note("not_received")
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertEqual(composer.partner_ids, self.partner)
        files = composer.attachment_ids.mapped(lambda file: (file.name, file.raw))
        self.assertEqual(files, [("FAC.pdf", b"%PDF-1.4 copy")])
        self.assertIn(self.invoice.name, composer.body)
        composer.action_send_mail()
        message = self.debtor_of(self.partner).message_ids[0]
        self.assertEqual(message.attachment_ids.mapped("name"), ["FAC.pdf"])

    def test_an_entry_has_no_copy(self):
        entry = self.make_entry(self.partner, 300, self.account("411"), due=day(-20), no_followup=False)
        incident, following = self.note("not_received", self.item_of(entry))
        self.assertEqual(following, {"type": "ir.actions.act_window_close"})
        with self.assertRaisesRegex(UserError, "No copy can be made"):
            incident.action_send_copy()

    def test_paid_it_is_resolved(self):
        incident, _following = self.note()
        self.pay(self.invoice, 1000)
        self.env["collection.debtor"]._refresh_figures(self.company)
        self.assertEqual(incident.resolved_on, TODAY)

    def test_noted_twice_it_is_refused(self):
        self.note()
        with self.assertRaisesRegex(UserError, "is noted on these items already"):
            self.note()

    def test_it_shows_in_to_do_and_on_the_timeline(self):
        incident, _following = self.note()
        self.env.flush_all()
        entry = (
            self.env["collection.timeline"]
            .with_context(collection_debtor_ids=incident.debtor_id.ids)
            .search([("debtor_id", "=", incident.debtor_id.id), ("kind", "=", "incident")])
        )
        self.assertEqual(entry.name, f"Order number missing – {self.invoice.name} – Order 4500128")
        todo = next(todo for todo in self.env["collection.todo"].search([]) if todo.code == "item_incident")
        self.assertEqual(todo.count, 1)

    def test_hostile_words_stay_words(self):
        hostile = "<script>alert(1)</script>"
        self.debtor_of(self.partner).user_id = self.make_collector()
        self.note("wrong_address", note=hostile)
        self.assertNotIn("<script>", self.debtor_of(self.partner).activity_ids.note)


@tagged("post_install", "-at_install")
class TestRightsOnIncidents(DisputeCase):
    """Collectors note and resolve incidents of their customers; auditors read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls.make_collector()
        cls.nature = cls.env.ref("credit_collection.incident_nature_order_number")
        cls.item = cls.item_of(cls.invoice)

    def assert_forbidden(self, action):
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, action)

    def note(self, user):
        return self.env["collection.incident"].with_user(user)._note(self.item.with_user(user), self.nature)

    def test_a_collector_notes_and_resolves(self):
        incident = self.note(self.collector)
        incident.action_resolve()
        self.assertEqual((incident.noted_by_id, incident.resolved_by_id), (self.collector, self.collector))

    def test_nobody_writes_what_the_program_keeps(self):
        incident = self.note(self.collector)
        for vals in ({"resolved_on": TODAY}, {"noted_on": day(-9)}, {"item_id": self.item.id}):
            self.assert_forbidden(lambda vals=vals: incident.write(vals))
        self.assert_forbidden(incident.unlink)
        made = incident.with_context(default_resolved_on=TODAY).create(
            {"item_id": self.item.id, "nature_id": self.nature.id, "noted_on": day(-9)}
        )
        self.assertEqual((made.noted_on, made.resolved_on), (TODAY, False))

    def test_an_auditor_reads(self):
        auditor = self.make_user("auditor", "base.group_user,credit_collection.group_collection_reader")
        self.assert_forbidden(lambda: self.note(auditor))
        incident = self.note(self.collector).with_user(auditor)
        self.assertEqual(incident.read(["note"])[0]["note"], False)
        self.assert_forbidden(incident.action_resolve)

    def test_a_collector_of_another_portfolio_does_nothing(self):
        self.company.collection_own_debtors_only = True
        self.item.debtor_id.user_id = self.collector
        other = self.make_collector("other")
        self.assert_forbidden(lambda: self.note(other))
        incident = self.note(self.collector).with_user(other)
        for action in (lambda: incident.read(["note"]), incident.action_resolve):
            self.assert_forbidden(action)
