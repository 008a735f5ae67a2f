"""What happens in the books of the demo company, in the words of its accountant."""

from datetime import timedelta

from odoo import Command

# What the company sells: name, price, unit of the description.
CATALOGUE = (
    ("Fauteuil de bureau Belle-Île", 312.0, "consu"),
    ("Bureau réglable en hauteur 160 × 80", 489.0, "consu"),
    ("Cloison acoustique vitrée, le mètre", 365.0, "consu"),
    ("Rayonnage mi-lourd, la travée", 148.0, "consu"),
    ("Table de réunion 8 places", 1140.0, "consu"),
    ("Pose et réglage, la journée", 520.0, "service"),
    ("Étude d'aménagement", 850.0, "service"),
    ("Contrat d'entretien, le trimestre", 390.0, "service"),
)
MADE_TO_MEASURE = "Agencement sur mesure, suivant devis"


class Ledger:
    """Entries of one company; days are counted from today, negative in the past."""

    def __init__(self, env, company, terms):
        self.env = env(
            context={
                **env.context,
                "allowed_company_ids": company.ids,
                # Thousands of notes “created”, “posted” and “paid today” would tell nothing.
                "tracking_disable": True,
                "mail_create_nolog": True,
                "mail_auto_subscribe_no_notify": True,
                "mail_activity_quick_update": True,
            }
        )
        self.company = company.with_env(self.env)
        self.today = self.company._get_collection_today()
        self.terms = terms
        self.partners = {}
        self.drafts = self.env["account.move"]
        # Debtors whose next e-mail is cut short: nobody knows whether it arrives.
        self.silent_servers = self.env["collection.debtor"]
        self.sales = self._journal("sale")
        self.bank = self._journal("bank")
        self.miscellaneous = self._journal("general")
        self.products = self._create_products()

    def day(self, offset):
        """The day so many days from today."""
        return self.today + timedelta(days=offset)

    def account(self, code):
        """The account whose code begins so."""
        return self.env["account.account"].search(
            [("code", "=like", f"{code}%"), ("company_ids", "in", self.company.ids)], limit=1, order="code"
        )

    def _journal(self, kind):
        return self.env["account.journal"].search(
            [("type", "=", kind), ("company_id", "=", self.company.id)], limit=1, order="sequence, id"
        )

    def _create_products(self):
        entries = [*CATALOGUE, (MADE_TO_MEASURE, 0.0, "service")]
        products = self.env["product.product"].create(
            [{"name": name, "list_price": price, "type": kind} for name, price, kind in entries]
        )
        return {product.name: product for product in products}

    # -- invoices ------------------------------------------------------------------------------------------------------

    def invoice(self, customer, offset, net, label=MADE_TO_MEASURE, **values):
        """A draft invoice of exactly that amount before tax; ``post()`` posts all drafts in the order of their days."""
        line = {"product_id": self.products[MADE_TO_MEASURE].id, "name": label, "price_unit": net}
        return self.draft([self._prepare_invoice(customer, offset, [line], **values)])

    def prepare_usual_invoice(self, customer, offset, rank, net):
        """Values of an invoice of about that amount, of one or two articles of the catalogue."""
        shares = ((rank % len(CATALOGUE), 0.7), ((rank * 3 + 5) % len(CATALOGUE), 0.3)) if rank % 3 else ((rank, 1),)
        lines = []
        for place, share in shares:
            name, price, _kind = CATALOGUE[place % len(CATALOGUE)]
            lines.append({"product_id": self.products[name].id, "quantity": max(1, round(net * share / price))})
        return self._prepare_invoice(customer, offset, lines)

    def _prepare_invoice(self, customer, offset, lines, terms=None, **values):
        partner = self.partners[customer]
        return {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "journal_id": self.sales.id,
            "invoice_date": self.day(offset),
            "invoice_payment_term_id": (self.terms[terms] if terms else partner.property_payment_term_id).id,
            "invoice_line_ids": [Command.create(line) for line in lines],
            **values,
        }

    def draft(self, vals_list):
        """Draft invoices, together, for speed."""
        invoices = self.env["account.move"].create(vals_list)
        self.drafts |= invoices
        return invoices

    def post(self):
        """Post every draft, so that the numbers follow the days."""
        self.drafts.action_post()
        self._refresh_statistics()
        self.drafts = self.drafts.browse()

    def _refresh_statistics(self):
        """Tell PostgreSQL what the ledger has become: taken for empty, its tables would be looped over for minutes."""
        self.env.flush_all()
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile")

    def credit_note(self, invoice, offset, reason):
        """A credit note of the whole invoice, posted and left unallocated."""
        credit = invoice._reverse_moves([{"invoice_date": self.day(offset), "date": self.day(offset), "ref": reason}])
        credit.action_post()
        return credit

    # -- money ---------------------------------------------------------------------------------------------------------

    def pay(self, invoice, day, amount=None):
        """The customer's payment of the invoice, or of that much of it, entered and reconciled."""
        return self.pay_all([(invoice, day, amount or invoice.amount_residual)])

    def pay_all(self, payments):
        """Payments, each (invoice, day, amount), entered in the order given and reconciled: together, for speed."""
        entered = self.env["account.payment"].create([self._prepare_payment(*payment) for payment in payments])
        entered.action_post()
        self._refresh_statistics()
        lines = [entry.move_id.line_ids.filtered(lambda line: line.account_id.reconcile) for entry in entered]
        self.env["account.move.line"]._reconcile_plan(
            [line + self.receivables(invoice) for line, (invoice, _day, _amount) in zip(lines, payments, strict=True)]
        )
        return entered

    def _prepare_payment(self, invoice, day, amount):
        return {
            **self._prepare_receipt(invoice.commercial_partner_id, day, amount, f"VIR {invoice.name}"),
            "invoice_ids": [Command.set(invoice.ids)],
        }

    def _prepare_receipt(self, partner, day, amount, label):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "journal_id": self.bank.id,
            "date": day,
            "amount": amount,
            "memo": label,
        }

    def receive(self, customer, offset, amount, label):
        """A payment on account: nobody knows for which invoice."""
        payment = self.env["account.payment"].create(
            self._prepare_receipt(self.partners[customer], self.day(offset), amount, label)
        )
        payment.action_post()
        return payment

    def bank_line(self, customer, offset, amount, label, account=None):
        """A line of the bank statement, imported and not reconciled, unless ``account`` says what it is for."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.day(offset),
                "payment_ref": label,
                "amount": amount,
                "partner_id": self.partners[customer].id if customer else False,
                **({"counterpart_account_id": account.id} if account else {}),
            }
        )

    # -- other entries -------------------------------------------------------------------------------------------------

    def transfer(self, invoice, code, offset, label, amount=None, due=None):
        """Move the invoice, or that much of it, to another account of the customer; return the new open line."""
        source = self.receivable(invoice)
        amount = amount or source.amount_residual
        partner = {"partner_id": source.partner_id.id, "name": label}
        entry = self.env["account.move"].create(
            {
                "journal_id": self.miscellaneous.id,
                "date": self.day(offset),
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            **partner,
                            "account_id": self.account(code).id,
                            "debit": amount,
                            "date_maturity": self.day(due) if due is not None else source.date_maturity,
                        }
                    ),
                    Command.create({**partner, "account_id": source.account_id.id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        new, closing = entry.line_ids.sorted("balance", reverse=True)
        (source + closing).reconcile()
        # Core excludes entries of general journals from follow-up: the accountant includes this one.
        new.no_followup = False
        return new

    def opening(self, customer, offset, amount, label):
        """A debt taken over from the former software: an entry without due date, as migrations make them."""
        entry = self.env["account.move"].create(
            {
                "journal_id": self.miscellaneous.id,
                "date": self.day(offset),
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": self.partners[customer].id,
                            "account_id": self.account("411100").id,
                            "name": label,
                            "debit": amount,
                        }
                    ),
                    Command.create({"account_id": self.account("890").id or self.account("471").id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def receivables(self, move):
        """The customer's lines of the entry, in the order in which they fall due."""
        lines = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return lines.sorted(lambda line: (line.date_maturity or line.date, line.id))

    def receivable(self, move):
        """The customer's line of the entry, the first due."""
        return self.receivables(move)[:1]

    # -- collection ----------------------------------------------------------------------------------------------------

    def debtor(self, customer):
        """The customer as a debtor of the company."""
        return self.env["collection.debtor"].search(
            [("partner_id", "=", self.partners[customer].id), ("company_id", "=", self.company.id)]
        )

    def track(self, line, **values):
        """What collection knows of the line from now on."""
        Item = self.env["collection.item"]
        item = Item.search([("move_line_id", "=", line.id)]) or Item.create(
            {
                "debtor_id": self.env["collection.debtor"]
                .search([("partner_id", "=", line.partner_id.id), ("company_id", "=", self.company.id)])
                .id,
                "move_line_id": line.id,
                "move_id": line.move_id.id,
                "name": line.move_name,
                "due_date": line.date_maturity or line.date,
                "due_rank": 1,
                "amount": line.amount_currency,
                "currency_id": line.currency_id.id,
            }
        )
        item.write(values)
        return item
