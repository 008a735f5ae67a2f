"""A collector limited to his portfolio reads, exports and acts on nothing else through collection.

Tried model by model, button by button, dialog by dialog.

The models are those of the registry: one that is added later is tried too, and fails here until it has its rules.
"""

import inspect
from contextlib import suppress

from psycopg2 import IntegrityError

from odoo import Command, api
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TODAY, day
from .portfolio_case import PortfolioCase

# Stands in the name and the invoices of the customer that is nobody else's business.
SECRET = "Zyxwvut"
REFUSALS = (AccessError, MissingError, UserError, ValidationError)
LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db")

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


class PortfolioRightsCase(PortfolioCase):
    """Sophie is limited to her own debtors; what she must not see is Karim's, and has a secret in its name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_own_debtors_only = True
        cls.links = {}

    def setUp(self):
        super().setUp()
        self.mine = self.make_debtor("Durand", user=self.sophie)
        self.theirs = self.make_debtor(SECRET, 7777.77, user=self.karim)
        self.move = self.env["account.move"].search([("partner_id", "=", self.theirs.partner_id.id)])
        self.make_history()
        self.env.flush_all()
        self.env.invalidate_all()

    def make_history(self):
        """Something of Karim's in every table that a debtor fills."""
        self.reminder = self.plan_run().reminder_ids.filtered(lambda reminder: reminder.debtor_id == self.theirs)
        self.hand_over(self.reminder)
        self.item = self.reminder.line_ids.item_id
        self.theirs.write({"pause_until": day(5), "pause_reason": SECRET})
        self.theirs.with_user(self.karim)._put_off(day(3))
        self.env["collection.interest.waiver"]._waive(self.item, "both", False, SECRET)
        self.theirs.message_post(body=SECRET)
        self.activity = self.theirs.activity_schedule(
            "mail.mail_activity_data_call", summary=SECRET, user_id=self.karim.id
        )

    # -- models --------------------------------------------------------------------------------------------------------

    def get_models(self, transient=False):
        """Names of collection's own models."""
        return [
            name
            for name in self.env
            if name.startswith("collection.")
            and not self.env[name]._abstract
            and self.env[name]._transient == transient
        ]

    def get_links(self, model, deep=3):
        """Fields of a model that lead to a debtor, by at most so many steps."""
        if (model, deep) not in self.links:
            self.links[model, deep] = self.find_links(model, deep) if deep else []
        return self.links[model, deep]

    def find_links(self, model, deep):
        return [
            name
            for name, field in self.env[model]._fields.items()
            if field.type == "many2one"
            and (
                field.comodel_name == "collection.debtor"
                or (
                    field.comodel_name.startswith("collection.")
                    and field.comodel_name != model
                    and self.get_links(field.comodel_name, deep - 1)
                )
            )
        ]

    def get_linked_models(self):
        """Names of the models whose records are about a debtor."""
        return ["collection.debtor", *(name for name in self.get_models() if self.get_links(name))]

    def get_rules(self, model):
        return self.env["ir.rule"].search([("model_id.model", "=", model)])

    def find_theirs(self, model):
        """Records of a model about Karim's debtor."""
        Model = self.env[model].with_context(collection_debtor_ids=None)
        if model == "collection.debtor":
            return self.theirs
        found = Model.browse()
        for name in self.get_links(model):
            comodel = self.env[model]._fields[name].comodel_name
            owners = self.theirs if comodel == "collection.debtor" else self.find_theirs(comodel)
            if owners:
                with suppress(ValueError, NotImplementedError):
                    found |= Model.search([(name, "in", owners.ids)])
        return found

    def refused(self, action):
        """Whether the action is refused; nothing of it stays."""
        with mute_logger(*LOGGERS):
            try:
                with self.env.cr.savepoint():
                    action()
            except REFUSALS:
                return True
        return False


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

    def setUp(self):
        super().setUp()
        self.records = {}
        for name in self.get_linked_models():
            found = self.find_theirs(name)
            if found:
                self.records[name] = found
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
        ):
            self.assertTrue(self.refused(lambda name=name, it=record: reports._render_qweb_pdf(name, it.ids)), name)


@tagged("post_install", "-at_install")
class TestNothingOfTheOthersIsChanged(PortfolioRightsCase):
    """Neither by writing, nor by buttons, nor by dialogs, nor under the name of her own customer."""

    WATCHED = ("collection.debtor", "collection.item", "collection.reminder", "collection.reminder.line")

    def read_all(self):
        """All that is stored of Karim's customer."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = {}
        for model in (*self.WATCHED, "collection.delivery"):
            records = self.find_theirs(model).sorted("id")
            stored = [name for name, field in records._fields.items() if field.store and field.column_type]
            found[model] = records.read([name for name in stored if name not in ("write_date", "write_uid")])
        return found

    def try_button(self, records, name, before):
        """Press a button as Sophie: refused, or without any effect and without telling anything."""
        answer = None
        with mute_logger(*LOGGERS):
            try:
                with self.env.cr.savepoint() as moment:
                    answer = getattr(records, name)()
                    self.assertEqual(self.read_all(), before, f"{records._name}.{name}")
                    self.assertNotIn(SECRET, repr(answer), f"{records._name}.{name}")
                    moment.rollback()
            except REFUSALS as refusal:
                self.assertNotIn("7,777.77", str(refusal), f"{records._name}.{name}")
        self.env.invalidate_all()

    def get_buttons(self, model):
        """Names of the methods that buttons call, without any argument."""
        kept_out = set() if "active" in self.env[model]._fields else {"action_archive", "action_unarchive"}
        return sorted(
            name
            for name, method in inspect.getmembers(type(self.env[model]), inspect.isfunction)
            if name.startswith("action_") and name not in kept_out and len(inspect.signature(method).parameters) == 1
        )

    def test_written_or_deleted(self):
        for name in self.get_linked_models():
            theirs = self.find_theirs(name).with_user(self.sophie)
            if not theirs or not theirs.browse().has_access("write"):
                continue
            known = ("dropped", "hold_reason", "note", "name", "reason", "error")
            field = next(name for name in known if name in theirs._fields)
            with self.subTest(model=name):
                self.assertTrue(self.refused(lambda theirs=theirs, field=field: theirs.write({field: False})))
                self.assertTrue(self.refused(theirs.unlink))

    def test_by_a_button(self):
        before = self.read_all()
        tried = 0
        for model in self.get_linked_models():
            theirs = self.find_theirs(model)[:1].with_user(self.sophie)
            for name in self.get_buttons(model) if theirs else ():
                with self.subTest(model=model, button=name):
                    self.try_button(theirs, name, before)
                    tried += 1
        self.assertGreater(tried, 50)

    def test_by_a_dialog(self):
        before = self.read_all()
        tried = 0
        for model in self.get_models(transient=True):
            Model = self.env[model].with_user(self.sophie)
            for values in self.get_dialog_values(model) if Model.has_access("create") else ():
                with self.subTest(dialog=model):
                    self.try_dialog(Model, values, before)
                    tried += 1
        self.assertGreater(tried, 6)

    def get_dialog_values(self, model):
        """Values that name Karim's records in each field of a dialog that may."""
        for name, field in self.env[model]._fields.items():
            if field.relational and field.store and field.comodel_name in self.get_linked_models():
                theirs = self.find_theirs(field.comodel_name)
                if theirs:
                    chosen = theirs[:1].id if field.type == "many2one" else [Command.set(theirs.ids)]
                    values = {**self.get_plain_values(model), name: chosen}
                    if all(value is not None for value in values.values()):
                        yield values

    def get_plain_values(self, model):
        """Something in each field that a dialog asks for; None where there is nothing to choose from."""
        plain = {"char": "Why not", "text": "Why not", "date": day(2), "integer": 1, "float": 1.0, "monetary": 1.0}
        values = {}
        for name, field in self.env[model]._fields.items():
            if not (field.required and field.store) or field.default or field.compute:
                continue
            if field.type in plain:
                values[name] = plain[field.type]
            elif field.type == "many2one" and field.comodel_name == "res.users":
                values[name] = self.sophie.id
            elif field.type == "many2one":
                values[name] = self.env[field.comodel_name].search([], limit=1).id or None
            elif field.type == "selection":
                values[name] = next(iter(field.get_values(self.env)), None)
        return values

    def try_dialog(self, Model, values, before):
        # What refuses to open tells nothing.
        with mute_logger(*LOGGERS), suppress(*REFUSALS, IntegrityError), self.env.cr.savepoint() as moment:
            dialog = Model.with_context(active_ids=[], active_model="collection.debtor").create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            with suppress(*REFUSALS):
                shown = dialog.read()[0]
                told = {name: value for name, value in shown.items() if SECRET in repr(value)}
                # The name that a link shows is core's own; what stands behind it is not told.
                fields = dialog._fields
                told = {name for name in told if fields[name].type not in ("many2one", "many2many", "one2many")}
                self.assertEqual(told - {"display_name"}, set(), Model._name)
            for name in self.get_buttons(Model._name):
                self.try_button(dialog, name, before)
            moment.rollback()
        self.env.invalidate_all()

    def test_under_the_name_of_her_own_customer(self):
        line, mine = self.item.move_line_id, self.mine
        forged = self.make_invoice(self.theirs.partner_id, 55, due=day(-3))
        unknown = self.open_lines(forged)
        reminder = self.env["collection.reminder"].search([("debtor_id", "=", mine.id)], limit=1)
        file = self.env["ir.attachment"].create({"name": "Payroll", "raw": b"x"})
        self.env.flush_all()
        for what, action in {
            "an instalment of another": lambda env: env["collection.item"].create(
                {"debtor_id": mine.id, "move_line_id": unknown.id, "currency_id": self.euro.id, "status": "collecting"}
            ),
            "a line with an item of another": lambda env: env["collection.reminder.line"].create(
                {
                    "reminder_id": reminder.id,
                    "item_id": self.item.id,
                    "cycle": 1,
                    "due_date": TODAY,
                    "days_late": 1,
                }
            ),
            "a delivery of the reminder of another": lambda env: env["collection.delivery"].create(
                {"reminder_id": self.reminder.id, "debtor_id": mine.id, "channel": "letter", "recipients": "x"}
            ),
            "a delivery of a file of nobody's": lambda env: env["collection.delivery"].create(
                {
                    "reminder_id": reminder.id,
                    "debtor_id": mine.id,
                    "channel": "letter",
                    "recipients": "x",
                    "attachment_id": file.id,
                }
            ),
            "her own item moved": lambda env: (
                env["collection.item"]
                .search([("debtor_id", "=", mine.id)], limit=1)
                .write({"debtor_id": self.theirs.id})
            ),
            "a debtor made twice": lambda env: env["collection.debtor"].create(
                {"partner_id": self.theirs.partner_id.id, "company_id": self.company.id}
            ),
        }.items():
            env = api.Environment(self.env.cr, self.sophie.id, {})
            with self.subTest(what=what):
                self.assertTrue(line and self.refused_or_unique(lambda action=action, env=env: action(env)))

    def refused_or_unique(self, action):
        """Refused, by a rule or by the unique index of the debtors."""
        try:
            return self.refused(action)
        except IntegrityError:
            return True

    def test_by_a_run_of_the_whole_company(self):
        run = self.env["collection.run"].with_user(self.sophie).create({})
        self.assertTrue(self.refused(run.action_plan))
        self.assertTrue(self.refused(self.reminder.run_id.with_user(self.sophie).action_cancel))
        dry = self.env["collection.run"].with_user(self.sophie).create({"is_dry_run": True})
        dry.action_plan()
        self.assertEqual(dry.snapshot_ids.debtor_id, self.mine)
        run.with_user(self.helene).action_plan()

    def test_by_taking_a_colleague_s_place(self):
        self.assertTrue(
            self.refused(
                lambda: (
                    self.env["collection.absence"]
                    .with_user(self.sophie)
                    .create(
                        {
                            "user_id": self.karim.id,
                            "replacement_id": self.sophie.id,
                            "date_from": TODAY,
                            "date_to": TODAY,
                        }
                    )
                )
            )
        )
        company = self.company.with_user(self.sophie)
        self.assertTrue(self.refused(lambda: company.write({"collection_own_debtors_only": False})))


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
            f"/web/content/{file.id}",
            f"/web/content/collection.delivery/{delivery.id}/attachment_id",
        ):
            with self.subTest(url=url):
                answer = self.fetch("sophie", url)
                self.assertNotEqual(answer.status_code, 200, url)
                self.assertNotIn(SECRET, answer.text)
        self.assertEqual(self.fetch("karim", f"/web/content/{file.id}").text, SECRET)
