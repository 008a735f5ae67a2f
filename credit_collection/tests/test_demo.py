"""The demo company shows each situation it promises, whatever else it holds."""

from collections import Counter
from datetime import timedelta

from stdnum.fr import siret, tva

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, day
from .demo_case import DemoCase


@tagged("post_install", "-at_install")
class TestTheDemoCompany(DemoCase):
    """Loaded once, on Tuesday 10 March 2026 at 10 in Paris."""

    # -- the whole -----------------------------------------------------------------------------------------------------

    def test_loading_complains_of_nothing(self):
        self.assertEqual(self.complaints, [])

    def test_it_is_refused_where_somebody_has_invoiced(self):
        with self.assertRaisesRegex(UserError, "Kerbrise Agencement"):
            self.env["collection.demo"]._load()

    def test_there_are_forty_eight_debtors_and_302_invoices_over_eighteen_months(self):
        self.assertEqual(self.env["collection.debtor"].search_count([("company_id", "=", self.company.id)]), 48)
        invoices = self.find_invoices([("journal_id.code", "!=", "ANT")])
        self.assertEqual(len(invoices), 302)
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(min(invoices.mapped("invoice_date")), day(-550))
        self.assertEqual(max(invoices.mapped("invoice_date")), day(-11))

    def test_the_past_before_is_a_journal_of_its_own_all_of_it_paid_on_working_days(self):
        past = self.find_invoices([("journal_id.code", "=", "ANT")])
        self.assertGreater(len(past), 600)
        self.assertEqual(set(past.mapped("payment_state")), {"paid"})
        days = past.line_ids.matched_credit_ids.mapped("max_date")
        self.assertEqual(len(days), len(past))
        self.assertLess(max(days), TODAY)
        calendar = self.company._get_working_calendar()
        self.assertEqual([paid for paid in set(days) if not calendar.is_working_day(paid)], [])

    def test_scores_tell_good_payers_from_bad_and_new_ones(self):
        debtors = self.env["collection.debtor"].search([("company_id", "=", self.company.id)])
        classes = Counter(debtors.filtered("score_found_class").mapped("score_found_class"))
        self.assertEqual(set(classes), set("ABCDEN"))
        self.assertEqual(classes["N"], 3)
        self.assertLess(classes["E"], 10)
        self.assertLess(max(classes.values()), 24)
        for name, expected in (("Notaires Kermadec et associés", "A"), ("Cuisines Lescop", "E")):
            self.assertEqual(self.debtor(name).score_found_class, expected)

    def test_the_forecast_has_done_better_than_guesses(self):
        forecast = self.env["collection.forecast"]._get_current(self.company)
        verdict = forecast._judge_record(self.company.currency_id, [("breakdown", "=", "total")])
        self.assertTrue(verdict.is_dependable)
        self.assertGreaterEqual(verdict.weeks, 20)
        self.assertLess(verdict.error, 0.4)
        self.assertGreater(min(verdict.error_by_due_date, verdict.error_by_average), 2 * verdict.error)
        self.assertGreater(verdict.coverage, 0.7)

    def test_numbers_of_invoices_follow_their_days(self):
        invoices = self.find_invoices([("journal_id.code", "=", "FAC")]).sorted("name")
        self.assertEqual(invoices[:1].name, "FAC/2024/00001")
        days = invoices.mapped("invoice_date")
        self.assertEqual(days, sorted(days))

    def test_every_decision_of_the_day_is_counted(self):
        counts = Counter()
        for count in self.dry_run.count_ids:
            counts[count.decision] += count.item_count
        self.assertEqual(
            counts,
            {
                "waiting": 23,
                "level": 17,
                "manual": 3,
                "settling": 2,
                "scheduled": 2,
                "covered": 2,
                "undelivered": 1,
                "assigned": 1,
                "excluded": 1,
                "off": 1,
                "paused": 2,
                "disputed": 1,
                "collecting": 1,
                "blocked": 1,
                "small": 1,
            },
        )

    def test_every_level_has_been_sent_and_today_is_planned_but_not_sent(self):
        sent = self.env["collection.reminder"].search([("state", "=", "sent"), ("company_id", "=", self.company.id)])
        reached = set(sent.level_id.get_external_id().values())
        steps = ("preventive", "reminder", "second", "call", "final", "notice", "decision")
        self.assertLessEqual({f"credit_collection.level_standard_{step}" for step in steps}, reached)
        self.assertEqual(set(self.run_today.reminder_ids.mapped("state")), {"approved"})
        self.assertFalse(self.run_today.reminder_ids.delivery_ids)

    def test_everything_is_in_order_with_the_registers(self):
        for partner in self.env["res.partner"].search([("company_registry", "=like", "99991%")]):
            self.assertTrue(siret.is_valid(partner.company_registry), partner.name)
            self.assertTrue(tva.is_valid(partner.vat), partner.name)
        account = self.env["account.journal"].search([("code", "=", "BQ")]).bank_account_id
        self.assertEqual(account.acc_type, "iban")

    def test_nobody_is_really_written_to(self):
        emails = self.env["res.partner"].search([("customer_rank", ">", 0), ("email", "!=", False)]).mapped("email")
        self.assertEqual({email.rpartition(".")[2] for email in emails}, {"example"})
        self.assertFalse(self.env["mail.mail"].search([("state", "=", "outgoing")]))
        self.assertFalse(self.company.collection_active)

    def test_its_people_can_log_in(self):
        for login, group in (("manager", "manager"), ("collector1", "collector"), ("collector2", "collector")):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertTrue(user.has_group(f"credit_collection.group_collection_{group}"))
            self.assertEqual(
                user.with_user(user)._check_credentials(
                    {"type": "password", "login": login, "password": login}, {"interactive": True}
                )["uid"],
                user.id,
            )

    # -- money and credits ---------------------------------------------------------------------------------------------

    def test_paid_yesterday_with_a_bank_line_to_reconcile(self):
        self.assertEqual(self.decided("Menuiserie Le Goff"), [("settling", 0, day(9))])

    def test_a_credit_note_covers_its_own_invoice_and_not_the_older_one(self):
        older, cancelled = self.decisions("Hôtel des Remparts")
        self.assertEqual((older.decision, older.claim), ("waiting", 2400))
        self.assertEqual((cancelled.decision, cancelled.claim, cancelled.covered), ("covered", 0, 1800))

    def test_an_old_payment_on_account_covers_the_oldest_first(self):
        first, second = self.decisions("Brasserie du Trieux")
        self.assertEqual((first.decision, first.covered), ("covered", 1080))
        self.assertEqual((second.decision, second.covered, second.claim), ("waiting", 420, 1380))
        self.assertEqual(self.debtor("Brasserie du Trieux").old_credit, 1500)

    def test_a_rejected_direct_debit_is_an_incident(self):
        (row,) = self.decisions("Boulangerie Corbel")
        self.assertEqual((row.decision, row.detail, row.claim), ("manual", "incident", 1488))

    def test_instalments_have_each_their_day(self):
        self.assertEqual(self.decided("École de voile du Ponant"), [("level", 1440, TODAY), ("waiting", 1440, day(30))])

    def test_currencies_stay_apart(self):
        american = self.decisions("Harborline Interiors LLC")
        self.assertEqual([(row.claim, row.currency_id.name) for row in american], [(9600, "USD"), (2150, "EUR")])
        (swiss,) = self.decisions("Atelier du Léman Sàrl")
        self.assertEqual((swiss.decision, swiss.claim, swiss.currency_id.name), ("waiting", 4300, "CHF"))
        final = self.debtor("Harborline Interiors LLC").reminder_ids.sorted("date")[-1]
        self.assertEqual(final.total_text, "2,150.00\xa0€ and $\xa09,600.00")

    # -- what stops reminders ------------------------------------------------------------------------------------------

    def test_a_bill_is_silent_until_its_term_then_chased(self):
        self.assertEqual(self.decided("Ferronnerie Guillou"), [("level", 6000, TODAY), ("collecting", 0, day(26))])

    def test_a_factored_invoice_is_left_to_the_factor(self):
        (row,) = self.decisions("Carrosserie Vautier")
        self.assertEqual((row.decision, row.detail, row.claim), ("assigned", False, 0))
        assignee = row.item_id.assignee_id
        self.assertEqual((assignee.partner_id.name, row.item_id.assigned_on), ("Armorial Factoring", day(-68)))
        self.assertEqual(assignee.bank_account_id.acc_type, "iban")

    def test_the_hospital_has_one_invoice_suspended_and_one_late(self):
        late, suspended = self.decisions("Centre hospitalier Anne-de-Bretagne")
        self.assertEqual((late.decision, late.claim), ("waiting", 13200))
        self.assertEqual(late.plan_id, self.env.ref("credit_collection.plan_public"))
        self.assertAtLevel("Centre hospitalier Anne-de-Bretagne", "public_call", "public_final")
        self.assertEqual((suspended.decision, suspended.claim), ("undelivered", 0))

    def test_the_hospital_has_fifty_days_from_receipt(self):
        late = self.decisions("Centre hospitalier Anne-de-Bretagne")[0]
        self.assertEqual(self.debtor("Centre hospitalier Anne-de-Bretagne").public_term, "50")
        self.assertEqual((late.item_id.receipt_date, late.due_date), (day(-94), day(-44)))

    def test_retention_money_waits_for_its_release(self):
        late, *retentions = self.decisions("SCCV Les Jardins d'Armorique")
        self.assertEqual((late.decision, late.claim, late.disputed), ("disputed", 0, 25080))
        self.assertEqual(
            [(row.decision, row.claim, row.next_date) for row in retentions],
            [("waiting", 2400, day(163)), ("waiting", 1320, day(163))],
        )

    def test_a_doubtful_debt_is_for_a_person(self):
        (row,) = self.decisions("Transports Morvan")
        self.assertEqual((row.decision, row.detail, row.claim), ("manual", "doubtful", 3840))

    def test_an_opening_entry_is_excluded_by_default(self):
        (row,) = self.decisions("Fonderie de l'Aulne")
        self.assertEqual((row.decision, row.detail, row.residual), ("excluded", "by_default", 8450))

    def test_a_blocked_payment_stops_reminders(self):
        self.assertEqual(self.decided("Imprimerie Kerdoncuff"), [("blocked", 0, False)])

    def test_a_company_of_the_family_is_chased_by_nobody(self):
        self.assertEqual(self.decided("SCI Kerbrise Patrimoine"), [("off", 0, False)])
        self.assertFalse(self.debtor("SCI Kerbrise Patrimoine").user_id)

    def test_a_paused_customer_waits_for_the_end_of_the_pause(self):
        self.assertEqual(self.decided("Camping Les Genêts"), [("paused", 0, day(22))])

    def test_a_key_account_is_followed_by_a_person(self):
        (row,) = self.decisions("Assurances Korrigan")
        self.assertEqual((row.decision, row.claim), ("manual", 11760))
        self.assertEqual(row.plan_id, self.env.ref("credit_collection.plan_key_account"))

    def test_forty_two_euros_are_too_small(self):
        self.assertEqual(self.decided("Fleurs Pivoine"), [("small", 42, False)])

    # -- who was granted time ------------------------------------------------------------------------------------------

    def test_an_agreement_that_is_kept_keeps_reminders_back(self):
        self.assertEqual(self.decided("Cidrerie du Léguer")[0], ("scheduled", 0, day(14)))
        agreement = self.debtor("Cidrerie du Léguer").agreement_ids
        self.assertEqual((agreement.state, agreement.paid, agreement.total), ("accepted", 4200, 8400))

    def test_a_missed_instalment_asks_for_a_warning(self):
        agreement = self.debtor("Clinique vétérinaire de l'Odet").agreement_ids
        self.assertEqual((agreement.to_warn, agreement.missed_amount), (True, 1000))
        self.assertEqual(self.decided("Clinique vétérinaire de l'Odet")[0][0], "scheduled")

    # -- who is written to ---------------------------------------------------------------------------------------------

    def test_the_purchasing_body_receives_the_reminders_of_its_eight_members(self):
        payer = self.partner("Centrale d'achats Cap Santé")
        members = self.env["collection.debtor"].search([("payer_id", "=", payer.id)])
        self.assertEqual(len(members), 8)
        self.assertEqual(self.decided("EHPAD Les Hortensias"), [("level", 936, TODAY)])
        recipients = self.debtor("Clinique du Vallon").reminder_ids.delivery_ids.recipient_ids
        self.assertEqual(recipients, payer)

    def test_la_reunion_owes_no_vat(self):
        (row,) = self.decisions("Hôtel Les Filaos")
        self.assertEqual((row.decision, row.claim, row.move_id.amount_tax), ("waiting", 12400, 0))
        self.assertAtLevel("Hôtel Les Filaos", "standard_final", "standard_notice")

    def test_a_consumer_has_another_plan(self):
        (row,) = self.decisions("Élise Caradec")
        self.assertEqual((row.decision, row.claim), ("waiting", 1176))
        self.assertAtLevel("Élise Caradec", "consumer_call", "consumer_final")

    def test_without_email_a_letter_waits_to_be_posted(self):
        (row,) = self.decisions("Ébénisterie Rolland")
        self.assertEqual((row.decision, row.level_id), ("level", self.level("no_email_reminder")))
        delivery = self.pending("Ébénisterie Rolland").delivery_ids
        self.assertEqual((delivery.channel, delivery.state), ("letter", "to_post"))
        self.assertTrue(delivery.attachment_id.raw.startswith(b"%PDF"))

    def test_the_answer_already_paid_freezes_what_goes_by_itself(self):
        said, other = self.decisions("Garage Perrot")
        self.assertEqual((said.decision, said.claim, said.next_date), ("settling", 0, day(2)))
        self.assertEqual((other.decision, other.claim), ("level", 984))
        debtor = self.debtor("Garage Perrot")
        self.assertEqual(debtor.unread_since, day(-3))
        self.assertIn("est déjà payée", "".join(debtor.message_ids.mapped("body")))
        reminder = self.pending("Garage Perrot")
        reminder._refresh_holds()
        self.assertEqual(reminder.hold_reason, "An answer of the customer waits to be read.")

    def test_a_bounced_email_is_followed_by_a_letter(self):
        deliveries = self.pending("Céramiques du Ménez").delivery_ids
        self.assertEqual(
            {(delivery.channel, delivery.state) for delivery in deliveries},
            {("email", "bounced"), ("letter", "to_post")},
        )

    def test_a_message_cut_short_is_unknown(self):
        (delivery,) = self.pending("Agence immobilière Cap Ouest").delivery_ids
        self.assertEqual((delivery.channel, delivery.state), ("email", "unknown"))
        self.assertEqual(self.decided("Agence immobilière Cap Ouest"), [("level", 2268, TODAY)])

    # -- along the plan ------------------------------------------------------------------------------------------------

    def test_a_large_invoice_due_in_a_week_is_asked_about(self):
        self.assertEqual(self.decided("Thalasso Grand Large"), [("level", 14400, TODAY)])
        self.assertAtLevel("Thalasso Grand Large", None, "standard_preventive")

    def test_three_days_late_is_reminded_today(self):
        self.assertEqual(self.decided("Pharmacie du Port"), [("level", 1776, TODAY)])
        self.assertAtLevel("Pharmacie du Port", None, "standard_reminder")

    def test_two_reminders_so_far(self):
        self.assertEqual([row[:2] for row in self.decided("Coiffure Évidence")], [("waiting", 1512)])
        self.assertAtLevel("Coiffure Évidence", "standard_second", "standard_call")

    def test_disputes_are_under_study_rejected_and_accepted(self):
        disputes = self.env["collection.dispute"].search(
            [("company_id", "=", self.company.id)], order="disputed_amount"
        )
        self.assertEqual(
            [(each.debtor_id.display_name, each.stage, each.disputed_amount) for each in disputes],
            [
                ("Maison de santé des Rives", "accepted", 720),
                ("Clinique du Vallon", "study", 1380),
                ("Centre de rééducation du Menez", "rejected", 3300),
                ("SCCV Les Jardins d'Armorique", "study", 25080),
            ],
        )

    def test_half_disputed_and_a_third_promised_the_rest_is_chased(self):
        (row,) = self.decisions("Clinique du Vallon")
        self.assertEqual((row.residual, row.disputed, row.promised, row.claim), (2760, 1380, 920, 460))

    def test_an_invoice_that_was_not_received_waits(self):
        (row,) = self.decisions("Laboratoire Kermarec")
        self.assertEqual((row.decision, row.detail), ("paused", "item_incident"))

    def test_promises_are_awaited_kept_and_broken(self):
        promises = self.env["collection.promise"].search([("company_id", "=", self.company.id)], order="amount")
        self.assertEqual(
            [(each.debtor_id.display_name, each.state, each.amount) for each in promises],
            [
                ("Clinique du Vallon", "open", 920),
                ("École de voile du Ponant", "kept", 1440),
                ("Architectes Le Bihan et associés", "broken", 4056),
            ],
        )

    def test_a_call_is_to_be_made(self):
        self.assertAtLevel("Architectes Le Bihan et associés", "standard_call", "standard_final")
        activity = self.debtor("Architectes Le Bihan et associés").activity_ids
        self.assertEqual(activity.user_id.login, "collector1")

    def test_a_final_reminder_waits_for_a_collector(self):
        self.assertEqual([row[:2] for row in self.decided("Restaurant La Cotriade")], [("level", 2976)])
        reminder = self.pending("Restaurant La Cotriade")
        self.assertEqual((reminder.state, reminder.level_id), ("proposed", self.level("standard_final")))

    def test_a_formal_notice_waits_for_a_manager(self):
        self.assertEqual([row[:2] for row in self.decided("Meubles Thébault")], [("level", 7020)])
        reminder = self.pending("Meubles Thébault")
        self.assertEqual((reminder.state, reminder.level_id), ("proposed", self.level("standard_notice")))
        self.assertFalse(reminder._get_approval_obstacle())
        (line,) = reminder.line_ids
        # 7 020.00 € for 51 days at 12.15 %
        self.assertEqual((line.interest, line.lump_sum, line.interest_until), (119.18, 40, TODAY))

    def test_the_deadline_of_a_formal_notice_is_running(self):
        (row,) = self.decisions("Cuisines Lescop")
        self.assertEqual((row.decision, row.claim), ("waiting", 4920))
        self.assertAtLevel("Cuisines Lescop", "standard_notice", "standard_decision")
        self.assertGreater(row.item_id.deadline_date, TODAY)
        self.assertEqual(row.next_date, row.item_id.deadline_date + timedelta(days=3))

    def test_the_deadline_of_a_formal_notice_has_passed(self):
        (row,) = self.decisions("Le Comptoir des Abers")
        self.assertEqual((row.decision, row.claim), ("level", 3180))
        self.assertAtLevel("Le Comptoir des Abers", "standard_notice", "standard_decision")
        self.assertLess(row.item_id.deadline_date, TODAY)

    def test_old_debts_imported_yesterday_begin_with_the_first_reminder(self):
        rows = self.decisions("Entreprise générale Tréguier")
        self.assertEqual(
            [(row.decision, row.days_late) for row in rows], [("level", 200), ("level", 170), ("level", 140)]
        )
        self.assertEqual(rows.level_id, self.level("standard_reminder"))

    # -- the second company --------------------------------------------------------------------------------------------

    def test_stale_bank_data_hold_the_run_of_the_second_company(self):
        run = self.env["collection.run"].search([("company_id.name", "=", "Kerbrise Services")])
        self.assertIn(day(-12).strftime("%d/%m/%Y"), run.hold_reason)
        self.assertEqual(run.reminder_count, 2)
        self.assertFalse(self.company._get_bank_hold())
