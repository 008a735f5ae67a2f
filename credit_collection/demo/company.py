"""The demo's own company: letterhead, people, bank, currencies, terms of payment, plans."""

from odoo import Command

from . import identity
from .pictures import draw_logo, draw_signature

# Ranks of the fictional numbers that the customers do not use.
MAIN_RANK, SERVICES_RANK, FACTOR_RANK = 901, 902, 903

PEOPLE = (
    ("manager", "Hélène Marchand", "h.marchand", "02 61 91 10 01", "group_collection_manager"),
    ("collector1", "Sophie Tanguy", "s.tanguy", "02 61 91 10 02", "group_collection_collector"),
    ("collector2", "Karim Bensaïd", "k.bensaid", "02 61 91 10 03", "group_collection_collector"),
)
ADDRESS = {"street": "14 rue des Ajoncs", "zip": "35760", "city": "Saint-Grégoire"}
PLANS = ("plan_standard", "plan_no_email", "plan_public", "plan_consumer", "plan_key_account")

# Units for one euro, the last of each quarter of the past.
RATES = {
    "USD": (1.084, 1.071, 1.093, 1.108, 1.087, 1.102, 1.116),
    "CHF": (0.962, 0.957, 0.949, 0.953, 0.941, 0.938, 0.944),
}
DAYS_BETWEEN_RATES = 90
# A transfer that was ordered on the due date is not late in the scores.
SCORE_THRESHOLD = 5


def set_up_company(env, company):
    """Turn the company into Kerbrise Agencement, with its bank and its letters."""
    env["res.lang"]._activate_lang("fr_FR")
    _describe(company, "Kerbrise Agencement", MAIN_RANK, "SAS au capital de 120 000 €")
    company.write(
        {
            "logo": draw_logo(),
            "primary_color": "#1f3a5f",
            "secondary_color": "#e0a526",
            "collection_signature": draw_signature(),
            "collection_signatory_name": "Hélène Marchand",
            "collection_signatory_capacity": "Responsable du recouvrement",
            "collection_score_threshold": SCORE_THRESHOLD,
        }
    )
    if not company.alias_domain_id:
        # So that answers and messages that come back find their way to the debtor.
        company.alias_domain_id = env["mail.alias.domain"].search([], limit=1) or env["mail.alias.domain"].create(
            {"name": "kerbrise.example"}
        )
    for kind, code in (("sale", "FAC"), ("bank", "BQ"), ("general", "OD")):
        # The numbers of the entries begin so.
        env["account.journal"].search(
            [("type", "=", kind), ("company_id", "=", company.id)], limit=1, order="sequence, id"
        ).code = code
    # Not the shared one, whose time zone follows the browser of whoever logs in first.
    company.resource_calendar_id = company.resource_calendar_id.copy(
        {"name": "Semaine de bureau", "company_id": company.id, "tz": "Europe/Paris"}
    )
    set_up_bank(env, company, "00035", "00012345678")


def _describe(company, name, rank, legal_form):
    company.write(
        {
            "name": name,
            **ADDRESS,
            "phone": "02 61 91 10 00",
            "email": "comptabilite@kerbrise.example",
            "website": "https://www.kerbrise.example",
            "vat": identity.french_vat(rank),
            "company_registry": identity.siret(rank),
            "collection_legal_mentions": f"{legal_form} – RCS Rennes {identity.spaced_siren(rank)}",
        }
    )
    company.partner_id.lang = "fr_FR"
    # "Today" is the date where the company works; a new database works in UTC.
    company.resource_calendar_id.tz = "Europe/Paris"


def set_up_bank(env, company, branch, number):
    """Give the bank journal an account, and enter payments straight into it."""
    bank = env["res.bank"].search([("bic", "=", "BCAAFRP1XXX")]) or env["res.bank"].create(
        {"name": "Banque coopérative des Abers", "bic": "BCAAFRP1XXX"}
    )
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    journal.bank_account_id = env["res.partner.bank"].create(
        {
            "acc_number": identity.french_iban(branch, number),
            "bank_id": bank.id,
            "partner_id": company.partner_id.id,
            "company_id": company.id,
        }
    )
    methods = journal.inbound_payment_method_line_ids | journal.outbound_payment_method_line_ids
    methods.payment_account_id = journal.default_account_id
    # Odoo names it in English, and writes the name in every entry of a payment.
    methods.filtered(lambda method: method.code == "manual").name = "Virement"
    return journal


def create_factor(env, company):
    """The factor to which the company assigns invoices, with the account that alone may be paid into."""
    partner = env["res.partner"].create(
        {
            "name": "Armorial Factoring",
            "is_company": True,
            "street": "48 rue de Châteaudun",
            "zip": "75009",
            "city": "Paris",
            "country_id": env.ref("base.fr").id,
            "lang": "fr_FR",
            "vat": identity.french_vat(FACTOR_RANK),
            "company_registry": identity.siret(FACTOR_RANK),
        }
    )
    bank = env["res.bank"].create({"name": "Crédit de l'Armorial", "bic": "ARMDFRP1XXX"})
    account = env["res.partner.bank"].create(
        {
            "acc_number": identity.french_iban("00051", "00045678901"),
            "bank_id": bank.id,
            "partner_id": partner.id,
        }
    )
    return env["collection.assignee"].create(
        {
            "partner_id": partner.id,
            "company_id": company.id,
            "bank_account_id": account.id,
            "basis": "subrogation",
        }
    )


def create_people(env, companies):
    """A collection manager and two collectors, with known passwords: {login: user}."""
    company = companies[0]
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{mailbox}@kerbrise.example",
                    "phone": phone,
                    "lang": "fr_FR",
                    "tz": "Europe/Paris",
                    "company_id": company.id,
                    "company_ids": [Command.set(companies.ids)],
                    "notification_type": "inbox",
                    "group_ids": [Command.link(env.ref(f"credit_collection.{group}").id)],
                }
                for login, name, mailbox, phone, group in PEOPLE
            ]
        )
    )
    return {user.login: user for user in users}


def create_terms(env):
    """Terms of payment by the name that customers.py uses."""
    line = {"value": "percent", "value_amount": 100}
    terms = env["account.payment.term"].create(
        [
            {"name": "30 jours", "line_ids": [Command.create({**line, "nb_days": 30})]},
            {"name": "60 jours", "line_ids": [Command.create({**line, "nb_days": 60})]},
            {"name": "50 jours (établissement public de santé)", "line_ids": [Command.create({**line, "nb_days": 50})]},
            {
                "name": "45 jours fin de mois",
                "line_ids": [
                    Command.create(
                        {**line, "nb_days": 45, "delay_type": "days_end_of_month_on_the", "days_next_month": "0"}
                    )
                ],
            },
            {
                "name": "Trois échéances à 30, 60 et 90 jours",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((33.333333, 30), (33.333333, 60), (33.333334, 90))
                ],
            },
        ]
    )
    return dict(zip(("30", "60", "50", "45fm", "3x"), terms, strict=True))


def create_rates(ledger):
    """Dollars and Swiss francs, with a rate every quarter."""
    for code, rates in RATES.items():
        currency = ledger.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
        currency.active = True
        for rank, rate in enumerate(rates):
            day = ledger.day((rank + 1 - len(rates)) * DAYS_BETWEEN_RATES - 1)
            ledger.env["res.currency.rate"].create(
                {"currency_id": currency.id, "company_id": ledger.company.id, "name": day, "rate": rate}
            )


def activate_plans(env):
    """As the first set-up screen does."""
    for name in PLANS:
        env.ref(f"credit_collection.{name}").active = True


def create_services_company(env):
    """A second company, Kerbrise Services, with the same chart of accounts."""
    company = env["res.company"].create(
        {
            "name": "Kerbrise Services",
            "country_id": env.ref("base.fr").id,
            "currency_id": env.ref("base.EUR").id,
            # Nothing of this company is known to any directory.
            "iap_enrich_auto_done": True,
        }
    )
    env["account.chart.template"].try_loading("fr", company, install_demo=False)
    _describe(company, "Kerbrise Services", SERVICES_RANK, "SARL au capital de 20 000 €")
    company.logo = draw_logo()
    return company
