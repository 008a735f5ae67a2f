from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError

from . import identity
from .company import (
    activate_plans,
    create_people,
    create_rates,
    create_services_company,
    create_terms,
    set_up_bank,
    set_up_company,
)
from .customers import CUSTOMERS, PAYERS
from .forecast import foretell
from .history import write_history
from .ledger import Ledger
from .past import write_past
from .portfolios import create_portfolios
from .scores import create_scores
from .situations import SITUATIONS

LETTERS = str.maketrans("àâäçéèêëîïôöùûüÿœ", "aaaceeeeiioouuuyo", "'’.,")


class CollectionDemo(models.AbstractModel):
    """A French company with customers in every situation, at a fixed distance from the day of its creation.

    How to use: ``env["collection.demo"]._load()`` on a fresh database with French accounting; see docs/demo.md.
    """

    _name = "collection.demo"
    _description = "Demo Company of Collection"

    @api.model
    @api.private
    def _load(self):
        """Fill the current company. Raises UserError where somebody has already invoiced."""
        company = self.env.company
        if self.env["account.move"].search_count([("company_id", "=", company.id)], limit=1):
            raise UserError(self.env._("The demo company needs a fresh database: %s has entries.", company.name))
        # The demo is made by and for the administrator of a fresh database.
        demo = self.sudo().with_context(lang="fr_FR", tz="Europe/Paris")
        set_up_company(demo.env, demo.env.company)
        services = create_services_company(demo.env)
        companies = demo.env.company | services
        demo.env.ref("base.user_admin").company_ids = [Command.link(services.id)]
        users = create_people(demo.env, companies)
        activate_plans(demo.env)
        demo._play_main_company(create_terms(demo.env), users)
        demo._play_services_company(services)

    # -- customers -----------------------------------------------------------------------------------------------------

    def _create_partners(self, ledger):
        customers = (*PAYERS, *CUSTOMERS)
        vals_list = [self._prepare_partner(ledger, rank, customer) for rank, customer in enumerate(customers, start=1)]
        partners = ledger.env["res.partner"].create(vals_list)
        ledger.partners = {customer.key: partner for customer, partner in zip(customers, partners, strict=True)}
        ledger.env["res.partner"].create(
            [
                {
                    "parent_id": ledger.partners[customer.key].id,
                    "name": customer.contact,
                    "type": "contact",
                    "lang": "fr_FR",
                }
                for customer in customers
                if customer.contact
            ]
        )

    def _prepare_partner(self, ledger, rank, customer):
        domain = customer.name.lower().translate(LETTERS).replace(" ", "-")
        french = customer.country in ("fr", "re") and customer.kind != "consumer"
        return {
            "name": customer.name,
            "ref": f"C{rank:04d}",
            "is_company": customer.kind != "consumer",
            "street": customer.street,
            "zip": customer.zip,
            "city": customer.city,
            "country_id": self.env.ref(f"base.{customer.country}").id,
            "lang": customer.lang if self.env["res.lang"]._get_data(code=customer.lang) else "fr_FR",
            "email": f"{customer.email}@{domain}.example" if customer.email else False,
            "phone": f"02 61 91 {20 + rank // 100:02d} {rank % 100:02d}" if customer.country == "fr" else False,
            "company_registry": identity.siret(rank) if french else False,
            "vat": identity.french_vat(rank) if french else False,
            "property_payment_term_id": ledger.terms[customer.terms].id,
        }

    def _create_debtors(self, ledger, users):
        ledger.env["collection.debtor"].create(
            [
                {
                    "partner_id": ledger.partners[customer.key].id,
                    "company_id": ledger.company.id,
                    "user_id": users[customer.collector].id if customer.collector else False,
                    "customer_kind": customer.kind,
                    "is_key_account": customer.key_account,
                    "payer_id": ledger.partners[customer.payer].id if customer.payer else False,
                }
                for customer in CUSTOMERS
            ]
        )

    # -- the main company ----------------------------------------------------------------------------------------------

    def _play_main_company(self, terms, users):
        ledger = Ledger(self.env, self.env.company, terms)
        create_rates(ledger)
        self._create_partners(ledger)
        self._create_debtors(ledger, users)
        paid = self._draft_paid_invoices(ledger)
        situations = [situation(ledger) for situation in SITUATIONS]
        self._play_act(situations)
        ledger.post()
        self._pay(ledger, paid)
        self._play_act(situations)
        write_history(ledger, users)
        self._play_act(situations)
        ledger.bank_line(None, 0, 1834.20, "REMISE CARTES BANCAIRES MAGASIN")
        # After the reminders: those of today's situations are what they would be without it.
        write_past(ledger)
        create_portfolios(ledger, users)
        create_scores(ledger, users)
        self._plan_today(ledger)
        foretell(ledger)

    def _play_act(self, situations):
        for situation in situations:
            next(situation, None)

    def _draft_paid_invoices(self, ledger):
        """[(invoice, days from the due date to the payment)] of all customers who have paid so far."""
        vals_list, delays = [], []
        for customer in CUSTOMERS:
            habit = customer.habit
            for rank in range(habit.number if habit else 0):
                offset = habit.last - rank * habit.every
                net = habit.net * (1 + 0.17 * (rank % 4))
                vals_list.append(ledger.prepare_usual_invoice(customer.key, offset, len(vals_list), net))
                delays.append(habit.delays[rank % len(habit.delays)])
        return list(zip(ledger.draft(vals_list), delays, strict=True))

    def _pay(self, ledger, paid):
        """Enter the payments that have come in by yesterday, in the order of their days."""
        payments = [
            (invoice, invoice.invoice_date_due + timedelta(days=delay), invoice.amount_total) for invoice, delay in paid
        ]
        payments.sort(key=lambda payment: (payment[1], payment[0].id))
        ledger.pay_all([payment for payment in payments if payment[1] < ledger.today])

    def _plan_today(self, ledger):
        """Today's run waits to be sent; a dry run shows all that was decided."""
        Run = ledger.env["collection.run"].with_context(tracking_disable=False)
        run = Run.create({"company_id": ledger.company.id})
        run.action_plan()
        run.reminder_ids._refresh_holds()
        Run.create({"company_id": ledger.company.id, "is_dry_run": True}).action_plan()
        # The manager has yet to look at one, before switching automatic collection on.
        ledger.company.collection_first_run_seen = False

    # -- the second company --------------------------------------------------------------------------------------------

    def _play_services_company(self, company):
        """Kerbrise Services has not imported its bank statements for twelve days: its run is held."""
        demo = self.with_company(company)
        set_up_bank(demo.env, company, "00035", "00087654321")
        ledger = Ledger(demo.env, demo.env.company, create_terms(demo.env))
        customers = ("kermadec", "port", "odet")
        ledger.partners = {
            customer.key: demo.env["res.partner"].search([("name", "=", customer.name)], limit=1)
            for customer in CUSTOMERS
            if customer.key in customers
        }
        paid = ledger.draft([ledger.prepare_usual_invoice("kermadec", -42, 7, 390)])
        for customer, offset, net in (("port", -45, 390), ("odet", -52, 780)):
            ledger.invoice(customer, offset, net, "Contrat d'entretien, le trimestre", terms="30")
        ledger.post()
        ledger.pay(paid, ledger.day(-12))
        ledger.env["collection.run"].create({"company_id": company.id}).action_plan()
