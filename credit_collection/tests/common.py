"""A French company with no debt but those a test gives it, on a Tuesday, and words to say what happens to it."""

from datetime import date, datetime, time, timedelta

from odoo import Command
from odoo.tests import TransactionCase
from odoo.tests.common import freeze_time

from .payments import Payments
from .scenarios import Decided, Scenarios

TODAY = date(2026, 3, 10)  # a Tuesday


def day(offset):
    """The day that is ``offset`` days after TODAY."""
    return TODAY + timedelta(days=offset)


class CollectionCase(Payments, Scenarios, TransactionCase):
    """A French company on Tuesday 10 March 2026 at 10 in Paris: no invoice, no plan, no debtor yet.

    ``self.decide()`` tells what is decided of every open item; ``self.run_and_send()`` is a whole night's work.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Not Odoo's class attribute: the clock has to move within a test.
        cls.clock = cls.startClassPatcher(freeze_time(datetime.combine(TODAY, time(9))))
        cls.company = cls.env.ref("base.main_company")
        cls.company.collection_freshness_days = 0
        cls.env["collection.plan"].search([]).active = False
        cls.euro = cls.company.currency_id
        cls.income = cls.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", cls.company.ids)], limit=1
        )
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.miscellaneous = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id), ("code", "=", "MISC")], limit=1
        )
        cls.mail_template = cls.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": cls.env["ir.model"]._get_id("collection.reminder"),
                "subject": "Reminder",
                "body_html": "<p>Please pay.</p>",
            }
        )
        cls.letter_template = cls.env["collection.letter.template"].create(
            {
                "name": "Reminder",
                "subject": "Reminder",
                "body": "<p>Please pay.</p>",
            }
        )

    def setUp(self):
        super().setUp()
        self.set_today(TODAY)

    @classmethod
    def set_today(cls, today):
        """It is 10 in the morning, in Paris, of that day."""
        cls.clock.move_to(datetime.combine(today, time(9)))

    @classmethod
    def make_company(cls, name, parent=None):
        """Another company with the French chart, or a branch; the tests' user sees all of them. For setUpClass."""
        company = cls.env["res.company"].create(
            {
                "name": name,
                "currency_id": cls.euro.id,
                "country_id": cls.env.ref("base.fr").id,
                "parent_id": parent.id if parent else False,
            }
        )
        cls.env["account.chart.template"]._load("fr", company, install_demo=False)
        cls.env.user.company_ids |= company
        allowed = (cls.env.companies | company).ids
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": allowed})
        return company

    # -- customers and plans -------------------------------------------------------------------------------------------

    @classmethod
    def make_partner(cls, name="Menuiserie Durand", **values):
        """A company with an e-mail and a postal address."""
        slug = name.lower().replace(" ", ".")
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"compta@{slug}.example",
                "street": "3 rue des Tilleuls",
                "zip": "69003",
                "city": "Lyon",
                "country_id": cls.env.ref("base.fr").id,
                **values,
            }
        )

    @classmethod
    def make_plan(cls, levels=(("Rappel", 3), ("Relance", 12)), **values):
        """A plan of (name, day) or (name, day, values) levels, sent by e-mail unless values say otherwise.

        No rest between reminders unless asked: a test of levels need not count it.
        """
        return cls.env["collection.plan"].create(
            {
                "name": "Plan",
                "rest_days": 0,
                "currency_id": cls.euro.id,
                "level_ids": [Command.create(cls.prepare_level(*level)) for level in levels],
                **values,
            }
        )

    @classmethod
    def prepare_level(cls, name, on_day, values=None):
        """Values of a level; ``channels`` in ``values`` names its channels."""
        values = dict(values or {})
        channels = values.pop("channels", ("email",))
        return {
            "name": name,
            "day": on_day,
            "sequence": 1000 + on_day if values.get("counted_from") != "deadline" else 9000 + on_day,
            "mail_template_id": cls.mail_template.id,
            "letter_template_id": cls.letter_template.id,
            "channel_ids": [Command.create({"channel": channel}) for channel in channels],
            **values,
        }

    @classmethod
    def make_assignee(cls, name="Factor Affacturage", iban="FR7630006000011234567890189", **values):
        """A factor with its bank account."""
        partner = cls.make_partner(name)
        account = cls.env["res.partner.bank"].create({"acc_number": iban, "partner_id": partner.id})
        return cls.env["collection.assignee"].create(
            {"partner_id": partner.id, "company_id": cls.company.id, "bank_account_id": account.id, **values}
        )

    @classmethod
    def debtor_of(cls, partner, company=None):
        """The partner's debtor, made if a run would make it."""
        company = company or cls.company
        cls.env["collection.debtor"]._ensure_debtors(company)
        return cls.env["collection.debtor"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        ) or cls.env["collection.debtor"].create({"partner_id": partner.id, "company_id": company.id})

    @classmethod
    def item_of(cls, move):
        """What collection knows of the move's only open item, made if it knew nothing."""
        line = cls.open_lines(move)
        item = cls.env["collection.item"].search([("move_line_id", "=", line.id)])
        return item or cls.env["collection.item"].create(
            {
                "debtor_id": cls.debtor_of(line.partner_id, line.company_id.root_id).id,
                "move_line_id": line.id,
                "move_id": move.id,
                "name": move.name,
                "due_date": line.date_maturity,
                "due_rank": 1,
                "amount": line.amount_currency,
                "currency_id": line.currency_id.id,
            }
        )

    # -- the ledger ----------------------------------------------------------------------------------------------------

    @classmethod
    def account(cls, code, company=None):
        """The account whose code begins so."""
        company = company or cls.company
        return (
            cls.env["account.account"]
            .with_company(company)
            .search([("code", "=like", f"{code}%"), ("company_ids", "parent_of", company.ids)], limit=1)
        )

    @classmethod
    def make_invoice(cls, partner, amount, due=TODAY, invoiced=None, **values):
        """A posted invoice without tax; ``instalments`` [(amount, due date)] splits it, ``company`` issues it."""
        return cls._make_document("out_invoice", partner, amount, due, invoiced, **values)

    @classmethod
    def make_credit_note(cls, partner, amount, of=None, issued=TODAY, **values):
        """A posted credit note nobody allocated, of the invoice ``of`` if it reverses one."""
        note = cls._make_document("out_refund", partner, amount, issued, issued, **values)
        if of:
            # Posted as a reversal, core would allocate it at once.
            note.reversed_entry_id = of
        return note

    @classmethod
    def _make_document(
        cls, move_type, partner, amount, due, invoiced, currency=None, instalments=(), company=None, post=True, **values
    ):
        company = company or cls.company
        invoiced = invoiced or min(due, *(day for _share, day in instalments), due) - timedelta(days=30)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": partner.id,
                    "invoice_date": invoiced,
                    "date": invoiced,
                    "currency_id": (currency or company.currency_id).id,
                    **(
                        {"invoice_payment_term_id": cls._make_payment_term(amount, invoiced, instalments).id}
                        if instalments
                        else {"invoice_payment_term_id": False, "invoice_date_due": due}
                    ),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Works",
                                "quantity": 1,
                                "price_unit": amount,
                                "account_id": cls.account("706", company).id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _make_payment_term(cls, amount, invoiced, instalments):
        return cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": share / amount * 100,
                            "delay_type": "days_after",
                            "nb_days": (due - invoiced).days,
                        }
                    )
                    for share, due in instalments
                ],
            }
        )

    @classmethod
    def make_entry(cls, partner, amount, account, due=None, on=None, journal=None, **line_values):
        """A posted journal entry that opens a debt (a credit if negative) on an account."""
        journal = journal or cls.miscellaneous
        company = journal.company_id
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": on or due or TODAY,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": partner and partner.id,
                                "balance": amount,
                                "name": "Opening",
                                "date_maturity": due,
                                **line_values,
                            }
                        ),
                        Command.create(
                            {"account_id": cls.account("471", company).id, "balance": -amount, "name": "Opening"}
                        ),
                    ],
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def open_lines(cls, moves):
        """Lines of collection accounts of the moves that are not reconciled."""
        return moves.line_ids.filtered(lambda line: line.account_id.collection_role and not line.reconciled)

    # -- deciding ------------------------------------------------------------------------------------------------------

    @classmethod
    def decisions(cls, on=None, debtors=None, company=None):
        """Live decisions, of the whole company or of some debtors, after what a run refreshes."""
        company = company or cls.company
        every_debtor = cls.env["collection.debtor"].with_context(active_test=False)
        every_debtor.with_context(collection_date=on)._ensure_debtors(company.root_id)
        every_debtor._refresh_figures(company.root_id)
        live = cls.env["collection.decision"].with_context(
            allowed_company_ids=company.root_id.ids,
            collection_date=on,
            collection_debtor_ids=None if debtors is None else debtors.ids,
        )
        live._flush_for_decision()
        live.invalidate_model()
        return live.search([])

    @classmethod
    def decide(cls, on=None, debtors=None, company=None):
        """{number: (decision, level name or None, claim, next date or None)} of every open item.

        Instalments of one invoice are told apart by (number, due date).
        """
        found = cls.decisions(on, debtors, company)
        numbers = [decision.move_name for decision in found]
        return {
            decision.move_name
            if numbers.count(decision.move_name) == 1
            else (decision.move_name, decision.due_date): Decided(
                decision.decision,
                decision.level_id.name or None,
                decision.currency_id.round(decision.claim),
                decision.next_date or None,
            )
            for decision in found
        }

    @classmethod
    def decision_of(cls, move, on=None):
        """The live decision about the move's only open item."""
        return cls.decisions(on).filtered(lambda decision: decision.move_id == move)

    def assert_decided(self, move, decision, level=None, claim=None, next_date=None, on=None):
        """The move's only open item is decided so; what is None is not looked at."""
        found = self.decide(on)[move.name]
        expected = Decided(decision, level, claim, next_date)
        self.assertEqual(
            Decided(*(mine if wanted is not None else None for mine, wanted in zip(found, expected, strict=True))),
            expected,
        )

    # -- running -------------------------------------------------------------------------------------------------------

    @classmethod
    def plan_run(cls, company=None, **values):
        """A run of today, planned."""
        company = company or cls.company
        run = cls.env["collection.run"].create(
            {
                "company_id": company.id,
                "date": company._get_collection_today(),
                **values,
            }
        )
        run.action_plan()
        return run

    @classmethod
    def run_and_send(cls, company=None):
        """A run of today whose reminders are approved and leave, all of them; returns the reminders."""
        run = cls.plan_run(company)
        cls.hand_over(run.reminder_ids)
        return run.reminder_ids

    @classmethod
    def hand_over(cls, reminders):
        """The reminders leave: what their channels record when they do, without a conversation."""
        reminders.write({"state": "approved"})
        reminders.action_send()
        reminders._set_deadline()
        reminders.delivery_ids._record_handed_over()
