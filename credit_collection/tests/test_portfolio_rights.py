"""A collector limited to his portfolio reads, exports and acts on nothing else through collection.

Tried model by model, button by button, dialog by dialog.

The models are those of the registry: one that is added later is tried too, and fails here until it has its rules.
"""

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .portfolio_rights_case import LOGGERS, SECRET, PortfolioRightsCase

# Of no company, and why.
OF_NO_COMPANY = {
    "collection.todo": "counts with the rights of who looks",
    "collection.planner": "a lock, which managers alone see",
    "collection.interest.reference": "published by the law, the same for all",
    "collection.interest.rate": "published by the law, the same for all",
    "collection.lateness.reason": "a list of words, the same for all",
    "collection.incident.nature": "a list of words, the same for all",
    "collection.dispute.nature": "a list of words, the same for all",
    "collection.dispute.nature.step": "a list of words, the same for all",
}


@tagged("post_install", "-at_install")
class TestEveryModelHasItsRules(PortfolioRightsCase):
    """Each model of collection has a rule on companies; each that is about a debtor, one on portfolios."""

    def test_on_companies(self):
        lacking = [
            name
            for name in self.get_models()
            if name not in OF_NO_COMPANY and not self.get_rules(name).filtered(lambda rule: not rule.groups)
        ]
        self.assertEqual(lacking, [])

    def test_on_portfolios(self):
        collector = self.env.ref("credit_collection.group_collection_collector")
        for name in self.get_linked_models():
            rules = self.get_rules(name).filtered(lambda rule: collector in rule.groups)
            with self.subTest(model=name):
                self.assertTrue(rules, "it has no rule for collectors")
                self.assertTrue(
                    all("_get_collection_portfolio()" in rule.domain_force for rule in rules),
                    "its rule knows no absence: use user._get_collection_portfolio()",
                )
                self.assertTrue(all(rule.perm_read and rule.perm_write for rule in rules))

    def test_that_leave_managers_all(self):
        manager = self.env.ref("credit_collection.group_collection_manager")
        for name in self.get_linked_models():
            rules = self.get_rules(name).filtered(lambda rule: manager in rule.groups)
            self.assertEqual((name, set(rules.mapped("domain_force"))), (name, {"[(1, '=', 1)]"}))

    def test_the_models_about_a_debtor_are_found(self):
        linked = set(self.get_linked_models())
        names = ("debtor", "item", "reminder", "reminder.line", "delivery", "decision", "snapshot", "document")
        self.assertLessEqual({f"collection.{name}" for name in names}, linked)
        self.assertGreater(len(linked), 13)


@tagged("post_install", "-at_install")
class TestNothingOfTheOthersIsRead(PortfolioRightsCase):
    """Whatever the way, what is about Karim's customer is not there for Sophie, and her own is."""

    MODELS = (
        "debtor",
        "item",
        "reminder",
        "reminder.line",
        "delivery",
        "snapshot",
        "decision",
        "debtor.event",
        "snooze",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = {name: cls.find_theirs(name) for name in cls.get_linked_models()}
        cls.records = {name: theirs for name, theirs in found.items() if theirs}

    def test_there_is_something_to_find_in_each_model(self):
        self.assertLessEqual({f"collection.{name}" for name in self.MODELS}, set(self.records))

    def test_searched(self):
        for name, theirs in self.records.items():
            model = self.env[name].with_user(self.sophie)
            with self.subTest(model=name):
                self.assertFalse(set(model.search([]).ids) & set(theirs.ids))
                self.assertFalse(set(model.with_context(active_test=False).search([("id", "in", theirs.ids)]).ids))
                self.assertEqual(model.search_count([("id", "in", theirs.ids)]), 0)

    def test_read(self):
        for name, theirs in self.records.items():
            records = theirs.with_user(self.sophie)
            with self.subTest(model=name):
                self.assertTrue(self.refused(lambda records=records: records.read()))
                self.assertTrue(self.refused(lambda records=records: records.web_read({"display_name": {}})))
                self.assertTrue(self.refused(lambda records=records: records.export_data(["id", "display_name"])))

    def test_grouped(self):
        for name, theirs in self.records.items():
            model = self.env[name].with_user(self.sophie)
            with self.subTest(model=name):
                groups = model._read_group([("id", "in", theirs.ids)], [], ["__count"])
                self.assertEqual(groups, [(0,)])

    def test_found_by_name(self):
        for name in self.records:
            model = self.env[name].with_user(self.sophie)
            with self.subTest(model=name):
                self.assertNotIn(SECRET, repr(model.name_search(SECRET)))
                self.assertNotIn(SECRET, repr(model.web_search_read([], {"display_name": {}})))

    def test_decided(self):
        decisions = self.env["collection.decision"].with_user(self.sophie)
        live = decisions.with_context(collection_debtor_ids=(self.mine | self.theirs).ids)
        self.assertEqual(live.search([]).debtor_id, self.mine)
        self.assertTrue(self.refused(lambda: live.browse(self.item.move_line_id.id).read(["claim", "summary"])))

    def test_counted_on_the_first_screen(self):
        for user, count in ((self.sophie, 0), (self.karim, 1)):
            self.theirs._freeze_for_answer()
            card = self.env["collection.todo"].with_user(user).search([("code", "=", "answer")])
            self.assertEqual(card.count, count)

    def test_in_the_totals_of_a_run(self):
        run = self.reminder.run_id.with_user(self.sophie)
        self.assertFalse(run.count_ids)
        self.assertEqual((run.reminder_ids.debtor_id, run.snapshot_ids.debtor_id), (self.mine, self.mine))
        self.env.invalidate_all()
        self.assertTrue(run.with_user(self.helene).count_ids)

    def test_by_the_contact(self):
        partner = self.theirs.partner_id.with_user(self.sophie)
        self.assertFalse(partner.collection_debtor_ids)
        self.assertFalse(partner.collection_level_id)
        self.assertNotIn("Rappel", repr(partner.export_data(["collection_debtor_ids/level_id/name"])))
        by_debt = self.env["res.partner"].with_user(self.sophie)
        self.assertFalse(by_debt.search([("collection_debtor_ids.overdue", ">", 7000)]))
        self.assertTrue(self.refused(partner.action_open_collection_debtor))

    def test_in_the_ledger(self):
        move = self.move.with_user(self.sophie)
        for action in (
            lambda: move.read(["name", "amount_total"]),
            lambda: move.line_ids.read(["balance"]),
            move.action_collection_explain,
            move.action_collection_items,
            lambda: move.export_data(["name"]),
        ):
            self.assertTrue(self.refused(action))
        found = self.env["account.move"].with_user(self.sophie).search([("commercial_partner_id", "!=", False)])
        self.assertEqual(found.commercial_partner_id & (self.mine | self.theirs).partner_id, self.mine.partner_id)
        lines = self.env["account.move.line"].with_user(self.sophie).search([("partner_id", "!=", False)])
        self.assertEqual(lines.partner_id & (self.mine | self.theirs).partner_id, self.mine.partner_id)

    def test_in_the_ledger_entries_of_several_customers_show_her_own_line(self):
        receivable = self.account("411")
        lines = [
            Command.create({"account_id": receivable.id, "partner_id": partner.id, "balance": 10, "name": "x"})
            for partner in (self.mine | self.theirs).partner_id
        ]
        lines.append(Command.create({"account_id": self.account("471").id, "balance": -20, "name": "x"}))
        entry = self.env["account.move"].create({"journal_id": self.miscellaneous.id, "line_ids": lines})
        entry.action_post()
        self.env.invalidate_all()
        seen = self.env["account.move.line"].with_user(self.sophie).search([("move_id", "=", entry.id)])
        self.assertEqual(seen.partner_id, self.mine.partner_id)

    def test_in_the_ledger_auditors_and_managers_read_all(self):
        for user in (self.auditor, self.helene):
            self.assertEqual(self.move.with_user(user).read(["name"])[0]["name"], self.move.name)

    def test_in_messages_and_tasks(self):
        for model, column in (("mail.message", "model"), ("mail.activity", "res_model")):
            found = self.env[model].with_user(self.sophie)
            with self.subTest(model=model):
                self.assertFalse(found.search([(column, "=", "collection.debtor"), ("res_id", "=", self.theirs.id)]))
        self.assertTrue(self.refused(lambda: self.theirs.message_ids.with_user(self.sophie).read(["body"])))
        self.assertTrue(self.refused(lambda: self.activity.with_user(self.sophie).read(["summary"])))

    def test_in_files(self):
        file = self.env["ir.attachment"].create(
            {"name": SECRET, "raw": b"x", "res_model": "collection.debtor", "res_id": self.theirs.id}
        )
        self.assertTrue(self.refused(lambda: file.with_user(self.sophie).read(["raw"])))
        self.assertFalse(self.env["ir.attachment"].with_user(self.sophie).search([("name", "=", SECRET)]))

    def test_in_reports(self):
        reports = self.env["ir.actions.report"].with_user(self.sophie).with_context(force_report_rendering=True)
        for name, record in (
            ("credit_collection.reminder_letter", self.reminder),
            ("credit_collection.account_statement", self.theirs),
            ("credit_collection.score_sheet", self.theirs),
        ):
            self.assertTrue(self.refused(lambda name=name, it=record: reports._render_qweb_pdf(name, it.ids)), name)


@tagged("post_install", "-at_install")
class TestNothingOfTheOthersIsDownloaded(PortfolioRightsCase, HttpCase):
    """By address neither: letters, e-mails, workbooks, reports, files."""

    def fetch(self, login, url):
        self.authenticate(login, login)
        with mute_logger("odoo.http", *LOGGERS):
            return self.url_open(url)

    def test_by_address(self):
        delivery = self.reminder.delivery_ids
        file = self.env["ir.attachment"].create(
            {
                "name": f"{SECRET}.txt",
                "raw": SECRET.encode(),
                "res_model": "collection.debtor",
                "res_id": self.theirs.id,
            }
        )
        delivery.attachment_id = file
        self.env.flush_all()
        for url in (
            f"/collection/letters?ids={delivery.id}",
            f"/collection/message/{delivery.id}",
            f"/collection/interest/collection.reminder/{self.reminder.id}",
            f"/collection/interest/collection.debtor/{self.theirs.id}",
            f"/collection/person/{self.theirs.id}",
            f"/web/content/{file.id}",
            f"/web/content/collection.delivery/{delivery.id}/attachment_id",
        ):
            with self.subTest(url=url):
                answer = self.fetch("sophie", url)
                self.assertNotEqual(answer.status_code, 200, url)
                self.assertNotIn(SECRET, answer.text)
        self.assertEqual(self.fetch("karim", f"/web/content/{file.id}").text, SECRET)
