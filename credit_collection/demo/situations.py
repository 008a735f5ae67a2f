"""One small function a situation: what was invoiced, what happened before the reminders of the past, and since.

Each is a generator of three acts with a ``yield`` between them: (1) it drafts invoices, which are then posted in the
order of their days; (2) it tells what was known before the reminders of past months, which are then made; (3) it tells
what has happened since. Days are counted from today. Amounts are before tax; with 20 % VAT unless said otherwise.
"""

from datetime import datetime, time

from . import correspondence
from .company import create_factor

SITUATIONS = []
ASSIGNED_DAY = -68


def situation(function):
    """Enter the function in the list that the demo plays."""
    SITUATIONS.append(function)
    return function


# -- money and credits -------------------------------------------------------------------------------------------------


@situation
def paid_yesterday(ledger):
    """4 860.00 € came in yesterday; the bank line is not reconciled yet."""
    invoice = ledger.invoice("legoff", -46, 4050, "Postes de travail de l'atelier de finition")
    yield
    yield
    ledger.bank_line("legoff", -1, 4860, f"VIR SEPA RECU DE MENUISERIE LE GOFF REF {invoice.name}")


@situation
def credit_note_beside_an_older_invoice(ledger):
    """A credit note covers the invoice that it cancels, not the older one."""
    ledger.invoice("remparts", -53, 2000, "Mobilier du salon bleu")
    cancelled = ledger.invoice("remparts", -37, 1500, "Têtes de lit, deuxième étage")
    yield
    yield
    credit = ledger.credit_note(cancelled, -1, "Têtes de lit reprises : teinte non conforme")
    ledger.receivable(credit).remove_move_reconcile()


@situation
def old_credit_to_reconcile(ledger):
    """1 500.00 € on account, two months old: it covers the first invoice and part of the second."""
    ledger.invoice("trieux", -59, 900, "Tables hautes du bar")
    ledger.invoice("trieux", -45, 1500, "Banquettes, première tranche")
    yield
    ledger.receive("trieux", -62, 1500, "VIR BRASSERIE DU TRIEUX ACOMPTE TERRASSE")
    yield


@situation
def rejected_direct_debit(ledger):
    """Paid by direct debit on the due date, rejected two days ago: a call, never a friendly reminder."""
    invoice = ledger.invoice("corbel", -50, 1240, "Vitrine réfrigérée : habillage et pose")
    yield
    line = ledger.receivable(invoice)
    payment = ledger.pay(invoice, ledger.day(-20))
    item = ledger.track(line)
    ledger.debtor("corbel")._refresh_figures()
    item.closed_on = ledger.day(-20)
    yield
    rejection = ledger.bank_line(
        "corbel", -2, -1488, f"REJET PRLV SEPA {invoice.name} AM04 PROVISION INSUFFISANTE", line.account_id
    )
    line.remove_move_reconcile()
    (payment.move_id.line_ids + rejection.move_id.line_ids).filtered(
        lambda entry: entry.account_id == line.account_id
    ).reconcile()


@situation
def instalments(ledger):
    """Three instalments: the first was paid late, the second is late, the third is to come."""
    invoice = ledger.invoice("ponant", -63, 3600, "Vestiaires et rangement des voiles", terms="3x")
    yield
    ledger.pay(invoice, ledger.day(-28), 1440)
    yield


@situation
def three_currencies(ledger):
    """Dollars, euros and Swiss francs, never added up."""
    dollar, franc = (ledger.env.ref(f"base.{code}") for code in ("USD", "CHF"))
    ledger.invoice("harborline", -100, 9600, "Oak partitions, lot 2", currency_id=dollar.id)
    ledger.invoice("harborline", -95, 2150, "On-site fitting, Nantes showroom")
    ledger.invoice("leman", -45, 4300, "Bibliothèque en noyer", currency_id=franc.id)
    yield
    yield


# -- what stops reminders ----------------------------------------------------------------------------------------------


@situation
def bills_before_and_after_their_term(ledger):
    """Two accepted bills: one fell due three days ago and came back unpaid, the other has three weeks to run."""
    unpaid = ledger.invoice("guillou", -75, 5000, "Escalier et garde-corps")
    running = ledger.invoice("guillou", -40, 3750, "Verrière d'atelier")
    yield
    ledger.transfer(unpaid, "413", -60, f"Lettre de change acceptée {unpaid.name}", due=-3)
    ledger.transfer(running, "413", -30, f"Lettre de change acceptée {running.name}", due=25)
    yield


@situation
def factored(ledger):
    """Assigned to a factor, who collects it into its own account."""
    invoice = ledger.invoice("vautier", -70, 7500, "Aménagement du hall de livraison")
    yield
    factor = create_factor(ledger.env, ledger.company)
    ledger.track(
        ledger.receivable(invoice), status="assigned", assignee_id=factor.id, assigned_on=ledger.day(ASSIGNED_DAY)
    )
    # Noted on the day of the assignment, not on that of the demo.
    ledger.debtor("vautier").message_ids[:1].date = datetime.combine(ledger.day(ASSIGNED_DAY), time(9, 30))
    yield


@situation
def hospital(ledger):
    """One e-invoice is suspended on Chorus Pro; the other is late, fifty days after it was deposited there."""
    late = ledger.invoice("hopital", -95, 11000, "Mobilier du service de pédiatrie")
    suspended = ledger.invoice("hopital", -60, 4600, "Chariots de soins")
    yield
    ledger.debtor("hopital").public_term = "50"
    ledger.track(ledger.receivable(late), receipt_date=ledger.day(-94))
    ledger.track(ledger.receivable(suspended), status="undelivered")
    yield


@situation
def building_works(ledger):
    """5 % of each progress invoice is retention money: silent until it is released."""
    first = ledger.invoice("armorique", -100, 40000, "Agencement des parties communes, situation n° 1")
    second = ledger.invoice("armorique", -48, 22000, "Agencement des parties communes, situation n° 2")
    yield
    for invoice, day, amount in ((first, -98, 2400), (second, -46, 1320)):
        line = ledger.transfer(invoice, "4117", day, f"Retenue de garantie 5 % {invoice.name}", amount, due=160)
        ledger.track(line, release_date=ledger.day(160))
    ledger.pay(first, ledger.day(-66))
    yield


@situation
def moved_to_doubtful(ledger):
    """After a formal notice without effect, moved to account 416: only a person goes on."""
    invoice = ledger.invoice("morvan", -160, 3200, "Bureaux d'exploitation")
    yield
    ledger.transfer(invoice, "416", -12, f"Passage en douteux {invoice.name}")
    yield


@situation
def excluded_opening_entry(ledger):
    """Taken over from the former software: core excludes it, and nobody chose so."""
    yield
    ledger.opening("aulne", -410, 8450, "Reprise du solde client")
    yield


@situation
def blocked_payment(ledger):
    """The accountant has blocked the payment of the invoice."""
    invoice = ledger.invoice("kerdoncuff", -64, 2890, "Plan de travail de l'accueil")
    yield
    yield
    invoice.action_toggle_block_payment()


@situation
def never_chased(ledger):
    """A company of the family: nobody chases it, nobody is in charge of it."""
    ledger.invoice("patrimoine", -200, 6000, "Remise en état des locaux")
    yield
    ledger.debtor("patrimoine").chase = "off"
    yield


@situation
def paused(ledger):
    """Reminders pause until the season begins."""
    ledger.invoice("genets", -58, 5200, "Mobilier du restaurant")
    yield
    yield
    ledger.debtor("genets").write(
        {"pause_until": ledger.day(21), "pause_reason": "Réouverture du camping : point prévu avec la gérante."}
    )


@situation
def key_account(ledger):
    """Followed by a person: nothing goes by itself."""
    ledger.invoice("korrigan", -95, 9800, "Plateau du quatrième étage")
    yield
    yield


@situation
def too_small(ledger):
    """42.00 €: not worth a reminder."""
    ledger.invoice("pivoine", -50, 35, "Embouts de pieds de table")
    yield
    yield


# -- who is written to -------------------------------------------------------------------------------------------------


@situation
def paid_by_the_purchasing_body(ledger):
    """Eight members of a central purchaser: it pays, and receives their reminders."""
    for customer, offset, net in (
        ("embruns", -41, 1650),
        ("vallon", -54, 2300),
        ("hortensias", -33, 780),
        ("closfleuri", -70, 1200),
        ("rives", -20, 3100),
        ("kermarec", -48, 640),
        ("menez", -44, 2750),
        ("tyglaz", -33, 540),
    ):
        ledger.invoice(customer, offset, net, "Renouvellement du mobilier, marché Cap Santé")
    yield
    yield


@situation
def overseas(ledger):
    """La Réunion: exported goods, without VAT."""
    ledger.invoice("filaos", -100, 12400, "Mobilier de douze chambres")
    yield
    yield


@situation
def consumer(ledger):
    """A private person: another plan, other words, no fixed costs."""
    ledger.invoice("caradec", -60, 980, "Bibliothèque sur mesure")
    yield
    yield


@situation
def without_email(ledger):
    """No e-mail address: a letter waits to be posted."""
    ledger.invoice("rolland", -39, 1340, "Établi et rangements")
    yield
    yield


@situation
def said_to_be_paid(ledger):
    """“Déjà payé”: the answer freezes what goes by itself until somebody has read it."""
    invoice = ledger.invoice("perrot", -44, 1950, "Comptoir de réception")
    ledger.invoice("perrot", -33, 820, "Sièges de la salle d'attente")
    yield
    ledger.track(ledger.receivable(invoice), said_paid_on=ledger.day(-3))
    yield
    correspondence.answer(
        ledger,
        "perrot",
        -3,
        f"Bonjour,\n\nLa facture {invoice.name} est déjà payée :\nle virement est parti lundi.\n\n"
        "Cordialement,\nMarc Perrot",
    )


@situation
def bounced_email(ledger):
    """The e-mail came back: the letter takes its place, and somebody looks for another address."""
    ledger.invoice("ceramiques", -38, 1120, "Étagères du magasin")
    yield
    yield
    correspondence.bounce(ledger, "ceramiques", "550 5.1.1 Destinataire inconnu")


@situation
def unknown_delivery(ledger):
    """The server fell silent during the sending: a person finds out whether the message arrived."""
    ledger.invoice("capouest", -37, 1890, "Vitrines de l'agence")
    yield
    ledger.silent_servers |= ledger.debtor("capouest")
    yield


# -- along the plan ----------------------------------------------------------------------------------------------------


@situation
def before_the_due_date(ledger):
    """A large amount falls due in a week: “is everything in order?”."""
    yield from _one_invoice(ledger, "thalasso", -23, 12000, "Transats et mobilier de la piscine")


@situation
def first_reminder_today(ledger):
    """Three days late this morning."""
    yield from _one_invoice(ledger, "port", -33, 1480, "Tiroirs à ordonnances")


@situation
def second_reminder_sent(ledger):
    """Two reminders so far."""
    yield from _one_invoice(ledger, "evidence", -47, 1260, "Bacs et miroirs")


@situation
def to_be_called(ledger):
    """A call stands in the collector's list."""
    yield from _one_invoice(ledger, "lebihan", -54, 3380, "Bibliothèque de matériaux")


@situation
def final_reminder_to_approve(ledger):
    """The final reminder waits for a collector's approval."""
    yield from _one_invoice(ledger, "cotriade", -63, 2480, "Banquettes de la salle")


@situation
def formal_notice_to_approve(ledger):
    """The formal notice waits for a manager's approval."""
    yield from _one_invoice(ledger, "thebault", -81, 5850, "Agencement du magasin de Laval")


@situation
def formal_notice_running(ledger):
    """The deadline of the formal notice is still running."""
    yield from _one_invoice(ledger, "lescop", -88, 4100, "Cuisine d'exposition")


@situation
def deadline_passed(ledger):
    """The deadline of the formal notice has passed: somebody decides what follows."""
    yield from _one_invoice(ledger, "abers", -100, 2650, "Rayonnages et caisse")


@situation
def old_debts_imported_yesterday(ledger):
    """Two hundred days late, unknown until yesterday: they begin with the first reminder."""
    yield
    yield
    journal = ledger.env["account.journal"].create(
        {"name": "Reprise d'encours", "code": "REP", "type": "sale", "company_id": ledger.company.id}
    )
    for offset, net in ((-230, 3100), (-200, 2750), (-170, 1980)):
        ledger.invoice("treguier", offset, net, "Reprise : cloisons de bureaux", journal_id=journal.id)
    ledger.post()


def _one_invoice(ledger, customer, offset, net, label):
    ledger.invoice(customer, offset, net, label)
    yield
    yield
