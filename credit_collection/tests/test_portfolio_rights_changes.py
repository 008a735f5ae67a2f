"""A collector limited to his portfolio changes nothing else: tried button by button, dialog by dialog."""

import inspect
from contextlib import suppress

from psycopg2 import IntegrityError

from odoo import Command, api
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import TODAY, day
from .portfolio_rights_case import LOGGERS, REFUSALS, SECRET, PortfolioRightsCase


@tagged("post_install", "-at_install")
class TestNothingOfTheOthersIsChanged(PortfolioRightsCase):
    """Neither by writing, nor by buttons, nor by dialogs, nor under the name of her own customer."""

    # Where a table keeps what is of a debtor.
    WATCHED = {
        "collection_debtor": SQL("id"),
        "collection_item": SQL("debtor_id"),
        "collection_reminder": SQL("debtor_id"),
        "collection_reminder_line": SQL("(SELECT debtor_id FROM collection_item WHERE id = item_id)"),
        "collection_delivery": SQL("debtor_id"),
    }

    def read_all(self):
        """All that is stored of Karim's customer, as the tables hold it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT to_jsonb(it) - '{write_date,write_uid}'::text[] FROM %s it WHERE %s = %s ORDER BY id",
                    SQL.identifier(table),
                    debtor,
                    self.theirs.id,
                )
            )
            for table, debtor in self.WATCHED.items()
        }

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
