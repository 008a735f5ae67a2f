"""What reminders claim for being late: computed when they are decided, frozen when they leave."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .interest_case import LATE, InterestCase

DUE = date(2026, 5, 31)
CLAIMING = {"claim_interest": "amount"}


class ReminderCase(InterestCase):
    """A plan whose last level is a formal notice that claims interest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(
            [
                ("Rappel", 3),
                ("Dernier rappel", 30, {"claim_interest": "mention"}),
                ("Mise en demeure", 45, {**CLAIMING, "is_formal_notice": True}),
            ]
        )
        cls.notice = cls.plan.level_ids.filtered("is_formal_notice")
        cls.mentioning = cls.plan.level_ids.filtered(lambda level: level.claim_interest == "mention")

    @classmethod
    def notice_of(cls, *moves, reached=None):
        """The formal notice about the moves, proposed by a run of today."""
        for move in moves:
            cls.item_of(move).write({"level_id": (reached or cls.mentioning).id, "level_date": date(2026, 7, 15)})
        return cls.plan_run().reminder_ids

    def claims(self, reminder):
        """[(interest, lump sum, its currency, until)] of the lines, by due date."""
        return [
            (line.interest, line.lump_sum, line.lump_sum_currency_id.name, line.interest_until)
            for line in reminder.line_ids.sorted("due_date")
        ]


@tagged("post_install", "-at_install")
class TestWhatANoticeClaims(ReminderCase):
    """A level that claims penalties says them with their amounts, another one does not."""

    def test_interest_to_the_day_and_forty_euros(self):
        reminder = self.notice_of(self.make_invoice(self.partner, 10000, due=DUE))
        self.assertEqual(reminder.level_id, self.notice)
        self.assertEqual(self.claims(reminder), [(310.49, 40, "EUR", LATE)])

    def test_a_level_that_names_penalties_claims_no_amount(self):
        reminder = self.notice_of(self.make_invoice(self.partner, 10000, due=DUE), reached=self.plan.level_ids[0])
        self.assertEqual(reminder.level_id, self.mentioning)
        self.assertEqual(self.claims(reminder), [(0, 0, False, False)])

    def test_items_merely_recalled_claim_none(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.make_invoice(self.partner, 500, due=date(2026, 8, 30))
        reminder = self.notice_of(invoice)
        self.assertEqual(self.claims(reminder), [(310.49, 40, "EUR", LATE), (0, 0, False, False)])

    def test_of_a_customer_of_unknown_kind_it_claims_the_principal_alone(self):
        partner, _debtor = self.make_debtor("Inconnu", kind="unknown")
        reminder = self.notice_of(self.make_invoice(partner, 10000, due=DUE))
        self.assertEqual((reminder.line_ids.claim, *self.claims(reminder)[0][:3]), (10000, 0, 0, False))

    def test_of_a_public_body_at_its_own_rate(self):
        partner, _debtor = self.make_debtor("Mairie de Lyon", kind="public")
        reminder = self.notice_of(self.make_invoice(partner, 10000, due=DUE))
        self.assertEqual(self.claims(reminder), [(255.84, 40, "EUR", LATE)])


@tagged("post_install", "-at_install")
class TestDecidedAgain(ReminderCase):
    """Amounts follow what is owed until the reminder leaves, and stay as they were sent after that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.partner, 10000, due=DUE)
        cls.reminder = cls.notice_of(cls.invoice)

    def decide_again_on(self, today):
        self.set_today(today)
        self.reminder._decide_again()

    def test_the_next_day_is_one_day_more(self):
        # 99.863 + 10 000 × 12.40 % × 63 / 365 = 214.027: 313.890.
        self.decide_again_on(date(2026, 9, 1))
        self.assertEqual(self.claims(self.reminder), [(313.89, 40, "EUR", date(2026, 9, 1))])

    def test_a_part_payment_is_counted_from_its_date(self):
        # To 10 June on 10 000 (33.288), then on 6 000: 39.945 + 126.378.
        self.pay(self.invoice, 4000, on=date(2026, 6, 10))
        self.reminder._decide_again()
        self.assertEqual((self.reminder.line_ids.claim, self.claims(self.reminder)[0][0]), (6000, 199.61))

    def test_once_sent_they_stay(self):
        self.hand_over(self.reminder)
        self.decide_again_on(date(2026, 9, 20))
        self.reminder._fill_interest()
        self.assertEqual(self.claims(self.reminder), [(310.49, 40, "EUR", LATE)])

    def test_on_paper_they_stay(self):
        self.notice.channel_ids.channel = "letter"
        self.reminder.write({"state": "approved"})
        self.reminder.action_send()
        self.reminder.delivery_ids.state = "to_post"
        self.decide_again_on(date(2026, 9, 1))
        self.assertEqual(self.claims(self.reminder), [(310.49, 40, "EUR", LATE)])

    def test_at_a_level_that_claims_none_they_go(self):
        self.reminder.action_change_level(self.mentioning)
        self.assertEqual(self.claims(self.reminder), [(0, 0, False, False)])
        self.reminder.action_change_level(self.notice)
        self.assertEqual(self.claims(self.reminder), [(310.49, 40, "EUR", LATE)])

    def test_the_kind_of_customer_corrected_takes_them_off(self):
        self.debtor_of(self.partner).customer_kind = "consumer"
        self.reminder._decide_again()
        self.assertEqual(self.claims(self.reminder)[0][:2], (0, 0))


@tagged("post_install", "-at_install")
class TestConsumer(ReminderCase):
    """A consumer owes the legal rate from the day after the formal notice, and never forty euros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("credit_collection.interest_rate_fr_legal_pro_2026_07_01").verified = True
        partner, _debtor = cls.make_debtor("Jeanne Petit", kind="consumer")
        cls.invoice = cls.make_invoice(partner, 1000, due=DUE)
        cls.reminder = cls.notice_of(cls.invoice)

    def test_the_notice_itself_claims_nothing_on_top(self):
        self.assertEqual(self.claims(self.reminder), [(0, 0, False, LATE)])

    def test_after_it_the_legal_rate_runs(self):
        self.hand_over(self.reminder)
        self.set_today(date(2026, 10, 30))
        # 1 000 × 2.75 % × 60 / 365 = 4.521.
        claim = self.claim_of(self.invoice)
        self.assert_claimed(claim, "4.52", lump_sum=0)
        self.assertEqual(str(claim.statement.lines[0].start), "2026-09-01")


@tagged("post_install", "-at_install")
class TestShippedPlans(InterestCase):
    """Early levels name penalties at most; the formal notice claims them of those who owe them."""

    def test_levels_that_speak_of_penalties(self):
        plans = self.env["collection.plan"].with_context(active_test=False)
        found = {
            (plan, level.name): level.claim_interest
            for plan in ("standard", "no_email", "public", "consumer", "key_account")
            for level in plans.browse(self.env.ref(f"credit_collection.plan_{plan}").id).level_ids
            if level.claim_interest != "none"
        }
        self.assertEqual(
            found,
            {
                ("standard", "Final reminder"): "mention",
                ("standard", "Formal notice"): "amount",
                ("no_email", "Final reminder"): "mention",
                ("no_email", "Formal notice"): "amount",
                ("public", "Final reminder"): "mention",
                ("public", "Formal notice"): "amount",
                ("consumer", "Formal notice"): "mention",
            },
        )


@tagged("post_install", "-at_install")
class TestComputationOnScreen(ReminderCase):
    """A user sees how interest is computed, on the day of his choice."""

    def open_view(self, record, user=None):
        action = record.with_user(user or self.env.user).action_show_interest()
        return self.env[action["res_model"]].with_user(user or self.env.user).browse(action["res_id"])

    def rows(self, view):
        return [
            (line.name, str(line.date_from), str(line.date_to), line.days, line.base, line.percent, line.amount)
            for line in view.line_ids
        ]

    def test_all_that_is_late_from_the_customer_s_page(self):
        invoice = self.make_invoice(self.partner, 10000, due=DUE)
        self.make_invoice(self.partner, 700, due=date(2026, 9, 30))
        view = self.open_view(self.debtor_of(self.partner))
        self.assertEqual(
            self.rows(view),
            [
                (invoice.name, "2026-06-01", "2026-06-30", 30, 10000, 12.15, 99.86),
                (invoice.name, "2026-07-01", "2026-08-31", 62, 10000, 12.40, 210.63),
            ],
        )
        self.assertEqual(
            [text.replace("\N{NO-BREAK SPACE}", " ") for text in (view.total, view.lump_sum_total)],
            ["310.49 €", "40.00 €"],
        )
        self.assertFalse(view.is_incomplete)
        self.assertFalse(view.reasons)

    def test_on_another_day(self):
        self.make_invoice(self.partner, 10000, due=DUE)
        view = self.open_view(self.debtor_of(self.partner))
        view.until = date(2026, 6, 30)
        self.assertEqual([row[3] for row in self.rows(view)], [30])

    def test_a_period_without_a_rate_is_shown_as_such(self):
        self.make_invoice(self.partner, 10000, due=date(2026, 12, 31))
        self.set_today(date(2027, 1, 31))
        view = self.open_view(self.debtor_of(self.partner))
        self.assertTrue(view.is_incomplete)
        self.assertEqual([(line.is_known, line.amount) for line in view.line_ids], [(False, 0)])

    def test_why_nothing_is_claimed_is_said(self):
        partner, debtor = self.make_debtor("Inconnu", kind="unknown")
        invoice = self.make_invoice(partner, 10000, due=DUE)
        view = self.open_view(debtor)
        self.assertEqual(
            view.reasons,
            f"{invoice.name}: The kind of customer is unknown: neither interest nor a lump sum is claimed.",
        )

    def test_an_auditor_reads_it_and_a_stranger_does_not(self):
        item = self.item_of(self.make_invoice(self.partner, 10000, due=DUE))
        auditor = new_test_user(self.env, "auditor2", "base.group_user,credit_collection.group_collection_reader")
        self.assertEqual(len(self.open_view(item, auditor).line_ids), 2)
        stranger = new_test_user(self.env, "stranger2", "base.group_user")
        with self.assertRaises(AccessError):
            item.with_user(stranger).action_show_interest()
        with self.assertRaises(AccessError):
            item.with_user(stranger)._compute_interest()
