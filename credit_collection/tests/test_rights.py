"""Who may read and change what: auditor, collector, manager, and those who see nothing of collection."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CollectionCase, day

GROUP = "credit_collection.group_collection_"
OPERATIONS = ("read", "write", "create", "unlink")

# What each may do: r(ead), w(rite), c(reate), d(elete).
RIGHTS = """
    model                        auditor  collector  manager
    collection.plan              r        r          rwcd
    collection.level             r        r          rwcd
    collection.level.channel     r        r          rwcd
    collection.letter.template   r        r          rwcd
    collection.assignee          r        r          rwcd
    collection.debtor            r        rwc        rwcd
    collection.item              r        rwc        rwc
    collection.decision          r        r          r
    collection.run               r        rwc        rwc
    collection.run.count         r        r          r
    collection.snapshot          r        r          r
    collection.reminder          r        rwc        rwc
    collection.reminder.line     r        rwc        rwc
    collection.delivery          r        rwcd       rwcd
    collection.interest.rule     r        r          rwcd
    collection.interest.lump.sum r        r          rwcd
    collection.interest.reference r       r          rwcd
    collection.interest.rate     r        r          rwcd
    collection.interest.charge   r        r          r
    collection.interest.waiver   r        r          r
    collection.interest.fact     r        r          r
    collection.document          r        r          r
    collection.deposit           r        rwcd       rwcd
    collection.todo              r        r          r
    collection.portfolio         r        r          rwcd
    collection.portfolio.member  r        r          rwcd
    collection.absence           r        rwcd       rwcd
    collection.debtor.event      r        r          r
    collection.snooze            r        r          r
    collection.promise           r        rwc        rwc
    collection.receipt           r        r          r
    collection.dispute           r        rwcd       rwcd
    collection.dispute.line      r        rwcd       rwcd
    collection.dispute.step      r        rwcd       rwcd
    collection.dispute.credit    r        r          r
    collection.dispute.nature    r        r          rwcd
    collection.dispute.report    r        r          r
    collection.dispute.rate      r        r          r
    collection.incident          r        rwc        rwc
    collection.incident.nature   r        r          rwcd
    collection.payment.history   r        r          r
    collection.score             r        r          r
    collection.score.model       r        r          r
    collection.planner           -        -          r
    account.move                 r        r          r
    account.move.line            r        r          r
    account.bank.statement.line  -        -          -
    account.payment              -        -          -
    account.journal              -        -          -
"""


class RightsCase(CollectionCase):
    """One user of each kind, and a debtor with a reminder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(cls.env, "auditor", f"base.group_user,{GROUP}reader")
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")
        cls.manager = new_test_user(cls.env, "manager", f"base.group_user,{GROUP}manager")
        cls.internal = new_test_user(cls.env, "internal", "base.group_user")
        cls.portal = new_test_user(cls.env, "portal", "base.group_portal")
        cls.plan = cls.make_plan()
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def assert_forbidden(self, action):
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, action)


@tagged("post_install", "-at_install")
class TestRightsByModel(RightsCase):
    """The table of rights is the one that applies."""

    def test_the_table(self):
        rows = [row.split() for row in RIGHTS.strip().splitlines()[1:]]
        letters = dict(zip(OPERATIONS, "rwcd", strict=True))
        for model, *expected in rows:
            for user, rights in zip((self.auditor, self.collector, self.manager), expected, strict=True):
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user)
                    found = "".join(letters[operation] for operation in OPERATIONS if records.has_access(operation))
                    self.assertEqual(found or "-", rights)

    def test_internal_and_portal_users_see_nothing_of_collection(self):
        models = [name for name in self.env if name.startswith("collection.") and not self.env[name]._abstract]
        self.assertGreater(len(models), 15)
        for user in (self.internal, self.portal):
            for model in models:
                allowed = [name for name in OPERATIONS if self.env[model].with_user(user).has_access(name)]
                self.assertEqual((user.login, model, allowed), (user.login, model, []))

    def test_internal_users_see_no_field_of_collection_on_a_contact(self):
        fields = self.env["res.partner"].with_user(self.internal).fields_get()
        self.assertEqual([name for name in fields if name.startswith("collection_")], [])

    def test_no_group_of_collection_implies_one_of_accounting(self):
        for name in ("reader", "collector", "manager"):
            implied = self.env.ref(f"{GROUP}{name}").all_implied_ids
            self.assertFalse(implied.filtered(lambda group: group.get_external_id()[group.id].startswith("account.")))


@tagged("post_install", "-at_install")
class TestCustomerDocuments(RightsCase):
    """Without any accounting group, a collector reads what customers owe and nothing else of the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit_note = cls.make_credit_note(cls.partner, 100)
        cls.opening = cls.make_entry(cls.partner, 300, cls.account("411"), due=day(-20))
        cls.draft = cls.make_invoice(cls.partner, 50, post=False)
        cls.bill = cls._make_document("in_invoice", cls.partner, 700, day(-3), day(-30))
        cls.salary = cls.make_entry(cls.partner, 2000, cls.account("641"), on=day(-10))
        cls.payment = cls.receive_payment(cls.partner, 40)

    def _read(self, moves):
        return moves.with_user(self.collector).read(["name", "amount_total", "state"])

    def test_customers_invoices_and_credit_notes_are_read(self):
        self.assertEqual(
            {values["name"] for values in self._read(self.invoice | self.credit_note)},
            {self.invoice.name, self.credit_note.name},
        )

    def test_entries_on_customers_accounts_are_read(self):
        self.assertEqual(self._read(self.opening)[0]["name"], self.opening.name)

    def test_of_such_an_entry_only_the_customer_s_line_is_read(self):
        lines = self.env["account.move.line"].with_user(self.collector).search([("move_id", "=", self.opening.id)])
        self.assertEqual(lines.mapped("balance"), [300.0])

    def test_of_a_payment_the_bank_s_side_is_not_read(self):
        lines = (
            self.env["account.move.line"].with_user(self.collector).search([("move_id", "=", self.payment.move_id.id)])
        )
        self.assertEqual(lines.mapped("balance"), [-40.0])

    def test_vendor_bills_salaries_and_drafts_are_not(self):
        for move in (self.bill, self.salary, self.draft):
            self.assert_forbidden(lambda move=move: self._read(move))

    def test_a_search_finds_nothing_else(self):
        found = self.env["account.move"].with_user(self.collector).search([("company_id", "=", self.company.id)])
        ours = self.invoice | self.credit_note | self.opening | self.payment.move_id
        self.assertEqual(found & (ours | self.bill | self.salary | self.draft), ours)
        self.assertEqual(set(found.mapped("state")), {"posted"})
        self.assertNotIn("in_invoice", found.mapped("move_type"))

    def test_nothing_of_the_ledger_is_changed(self):
        move = self.invoice.with_user(self.collector)
        for action in (
            lambda: move.write({"ref": "x"}),
            lambda: move.line_ids.write({"name": "x"}),
            lambda: move.unlink(),
            lambda: move.button_draft(),
            lambda: self.env["account.move"].with_user(self.collector).create({"move_type": "out_invoice"}),
        ):
            self.assert_forbidden(action)

    def test_an_accountant_keeps_what_he_reads(self):
        accountant = new_test_user(
            self.env, "accountant", f"base.group_user,account.group_account_user,{GROUP}collector"
        )
        self.assertEqual(self.bill.with_user(accountant).read(["name"])[0]["name"], self.bill.name)


@tagged("post_install", "-at_install")
class TestPortfolios(RightsCase):
    """Where the company says so, a collector sees his own debtors and those of nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "colleague", f"base.group_user,{GROUP}collector")
        cls.partners = [cls.make_partner(name) for name in ("Mine", "Theirs", "Nobody's")]
        for partner in cls.partners:
            cls.make_invoice(partner, 100, due=day(-5))
        cls.invoice.line_ids.no_followup = True
        cls.env["collection.debtor"]._ensure_debtors(cls.company)
        mine, theirs, nobodys = (partner.collection_debtor_ids for partner in cls.partners)
        mine.user_id, theirs.user_id = cls.collector, cls.colleague
        cls.mine, cls.theirs, cls.nobodys = mine, theirs, nobodys

    def _seen_by(self, user):
        return (
            self.env["collection.debtor"]
            .with_user(user)
            .search([("id", "in", (self.mine | self.theirs | self.nobodys).ids)])
        )

    def test_by_default_every_collector_sees_all(self):
        self.assertEqual(self._seen_by(self.collector), self.mine | self.theirs | self.nobodys)

    def test_set_so_he_sees_his_own_and_those_of_nobody(self):
        self.company.collection_own_debtors_only = True
        self.assertEqual(self._seen_by(self.collector), self.mine | self.nobodys)
        self.assert_forbidden(lambda: self.theirs.with_user(self.collector).read(["overdue"]))
        self.assert_forbidden(lambda: self.theirs.with_user(self.collector).write({"note": "x"}))

    def test_auditor_and_manager_see_all_the_same(self):
        self.company.collection_own_debtors_only = True
        for user in (self.auditor, self.manager):
            self.assertEqual(self._seen_by(user), self.mine | self.theirs | self.nobodys)

    def test_what_hangs_on_a_debtor_is_seen_with_it(self):
        run = self.plan_run()
        self.hand_over(run.reminder_ids)
        self.company.collection_own_debtors_only = True
        self.env.flush_all()
        for model in ("reminder", "reminder.line", "delivery", "item", "snapshot", "decision"):
            found = self.env[f"collection.{model}"].with_user(self.collector).search([])
            debtors = (found.item_id if model == "reminder.line" else found).debtor_id.sudo()
            self.assertEqual((model, debtors & self.theirs), (model, self.theirs.browse()))
            self.assertEqual((model, debtors & (self.mine | self.nobodys)), (model, self.mine | self.nobodys))


@tagged("post_install", "-at_install")
class TestCompanies(RightsCase):
    """Nobody sees another company's collection, whatever else he may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_company("Seconde SAS")
        cls.theirs = cls.make_invoice(cls.partner, 200, due=day(-5), company=cls.other)

    def test_a_manager_of_one_company_sees_nothing_of_the_other(self):
        for company in (self.company, self.other):
            self.hand_over(self.plan_run(company).reminder_ids)
        plan = self.make_plan(company_id=self.other.id, name="Theirs")
        self.env.flush_all()
        for model in ("debtor", "item", "run", "run.count", "snapshot", "reminder", "reminder.line", "delivery"):
            everything = self.env[f"collection.{model}"].search([])
            records = self.env[f"collection.{model}"].with_user(self.manager)
            seen = records.with_context(allowed_company_ids=self.company.ids).search([])
            self.assertEqual((model, len(everything) > len(seen) > 0), (model, True))
        plans = self.env["collection.plan"].with_user(self.manager).with_context(allowed_company_ids=self.company.ids)
        self.assertIn(self.plan, plans.search([]))
        self.assertNotIn(plan, plans.search([]))

    def test_a_decision_of_another_company_is_not_read(self):
        decisions = self.env["collection.decision"].with_user(self.manager)
        forged = decisions.with_context(allowed_company_ids=self.other.ids)
        self.assert_forbidden(lambda: forged.search([]))
        self.assertEqual(decisions.with_context(allowed_company_ids=self.company.ids).search([]).move_id, self.invoice)

    def test_debtors_named_in_the_context_open_no_door(self):
        theirs = self.debtor_of(self.partner, self.other)
        decisions = (
            self.env["collection.decision"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.company.ids, collection_debtor_ids=theirs.ids)
        )
        self.assertFalse(decisions.search([]))


@tagged("post_install", "-at_install")
class TestWorkingAsACollector(RightsCase):
    """A collector without accounting rights does his work from planning to explaining; formal notices are not his."""

    def _run(self, user):
        run = self.env["collection.run"].with_user(user).create({})
        run.action_plan()
        return run

    def test_he_plans_approves_and_sends(self):
        self.plan.level_ids.approval = "batch"
        run = self._run(self.collector)
        self.assertEqual(run.reminder_ids.mapped("state"), ["proposed"])
        run.action_approve()
        run.action_send()
        self.assertEqual((run.state, run.reminder_ids.mapped("state")), ("done", ["outbox"]))

    def test_he_asks_why(self):
        action = self.invoice.with_user(self.collector).action_collection_explain()
        decision = self.env["collection.decision"].with_user(self.collector).with_context(**action["context"])
        found = decision.browse(action["res_id"])
        self.assertEqual(found.summary, "To remind: Rappel, 1,000.00\N{NO-BREAK SPACE}€.")

    def test_an_auditor_asks_why_and_changes_nothing(self):
        self.decide()
        action = self.invoice.with_user(self.auditor).action_collection_explain()
        self.assertEqual(action["res_model"], "collection.decision")
        self.assert_forbidden(lambda: self._run(self.auditor))
        reminder = self.plan_run().reminder_ids.with_user(self.auditor)
        for method in ("action_send", "action_cancel", "action_unapprove"):
            with self.subTest(method=method):
                self.assert_forbidden(getattr(reminder, method))

    def test_of_a_mixed_run_he_approves_what_he_may(self):
        self.plan.level_ids[0].approval = "batch"
        self.plan.level_ids[1].approval = "manager"
        run = self._run(self.collector)
        run.action_approve()
        run.action_send()
        run.reminder_ids.delivery_ids.sudo()._record_handed_over()
        self.set_today(day(7))
        self.make_invoice(self.make_partner("Autre"), 300, due=day(0))
        mixed = self._run(self.collector)
        mixed.action_approve()
        self.assertEqual(
            {reminder.level_id.name: reminder.state for reminder in mixed.reminder_ids},
            {"Rappel": "approved", "Relance": "proposed"},
        )

    def test_what_asks_for_a_manager_is_approved_by_one(self):
        self.plan.level_ids.approval = "manager"
        run = self._run(self.collector)
        self.assert_forbidden(run.action_approve)
        run.with_user(self.manager).action_approve()
        self.assertEqual(run.reminder_ids.mapped("state"), ["approved"])
        run.action_send()
        self.assertEqual(run.reminder_ids.mapped("state"), ["outbox"])

    def test_no_direct_write_stands_in_for_the_approval(self):
        self.plan.level_ids.approval = "manager"
        reminder = self._run(self.collector).reminder_ids
        for state in ("approved", "outbox", "sent"):
            self.assert_forbidden(lambda state=state: reminder.write({"state": state}))
        self.plan.level_ids[1].approval = "batch"
        reminder.sudo().write({"level_id": self.plan.level_ids[1].id, "state": "approved"})
        self.assert_forbidden(lambda: reminder.write({"level_id": self.plan.level_ids[0].id}))
        self.assert_forbidden(
            lambda: reminder.create(
                {
                    "debtor_id": reminder.debtor_id.id,
                    "level_id": self.plan.level_ids[0].id,
                    "date": day(0),
                    "state": "approved",
                }
            )
        )

    def test_he_pauses_a_debtor_and_sets_no_plan_up(self):
        debtor = self.debtor_of(self.partner).with_user(self.collector)
        debtor.write({"pause_until": day(5), "pause_reason": "Audit"})
        self.assert_forbidden(lambda: self.plan.with_user(self.collector).write({"rest_days": 1}))
