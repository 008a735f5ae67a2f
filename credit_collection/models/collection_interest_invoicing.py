from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date, format_list

from ..calc.interest import ONE_DAY, Statement
from .collection_interest_reference import format_percent


class CollectionDebtor(models.Model):
    """Draft invoices of interest and lump sums, that a person asks for and an accountant posts."""

    _inherit = "collection.debtor"

    def _get_interest_lines(self, until, settled_since):
        """Journal items late on ``until``: those that are open, and those settled since a day.

        Not those that were assigned: what they bear belongs to the assignee with them (C. civ. 1321, al. 3).
        """
        self.ensure_one()
        decision = self.env["collection.decision"].with_context(allowed_company_ids=self.company_id.ids)
        # The customer's own account: whoever may write to him may know what he paid late.
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("account_id", "in", decision._get_perimeter_accounts().filtered("collection_role").ids),
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "in", self.company_id._get_collection_companies().ids),
                    ("parent_state", "=", "posted"),
                    ("amount_currency", ">", 0),
                    ("date_maturity", "<", until),
                    "|",
                    ("reconciled", "=", False),
                    ("matched_credit_ids.max_date", ">=", settled_since),
                ],
                order="date_maturity, id",
            )
        )
        return lines - self._find_assigned(lines)

    @api.model
    def _find_assigned(self, lines):
        """Those of the journal items that belong to somebody else by now."""
        # Whose they are does not depend on who asks.
        items = self.env["collection.item"].sudo()
        return items.search([("move_line_id", "in", lines.ids), ("status", "=", "assigned")]).move_line_id

    def _compute_chargeable(self, until, settled_since):
        """{journal item: InterestClaim} of the late items of which something is left to invoice."""
        claims = self.env["collection.interest"]._compute_for_lines(
            self._get_interest_lines(until, settled_since), until
        )
        return {line: claim for line, claim in claims.items() if claim.claimed and (claim.interest or claim.lump_sum)}

    def _invoice_interest(self, choice, until):
        """Draft invoices, one a currency, of what ``choice`` takes: {journal item: (interest?, lump sum?)}.

        Each has the computation attached. Raises UserError when nothing is left to invoice or an account is missing,
        and ValidationError when somebody else has just invoiced the same days.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("credit_collection.group_collection_collector"):
            raise AccessError(self.env._("A collector prepares the invoices of interest."))
        # Accounts and products are the company's, whoever asks for an invoice.
        self.company_id.sudo()._check_interest_invoicing()
        # What the ledger let go may be invoiced again; whether it did does not depend on who asks.
        self.env["collection.interest.charge"].sudo()._refresh_void()
        debtor = self.with_context(lang=self._get_interest_lang())
        claims = debtor._restrict_claims(choice, until)
        if not claims:
            raise UserError(self.env._("Nothing is left to invoice for these items."))
        items = debtor._ensure_items(self.env["account.move.line"].union(*claims))
        moves = self.env["account.move"]
        for currency in dict.fromkeys(currency for claim in claims.values() for currency in _get_currencies(claim)):
            own = {line: _keep_currency(claim, currency) for line, claim in claims.items()}
            own = {line: claim for line, claim in own.items() if claim.interest or claim.lump_sum}
            moves |= debtor._make_interest_invoice(own, items, currency, until)
        self._note_interest_invoices(moves)
        return moves

    def _restrict_claims(self, choice, until):
        """What is claimed of the items now, without what was not chosen."""
        lines = self.env["account.move.line"].union(*choice)
        lines -= self._find_assigned(lines)
        claims = {}
        for line, claim in self.env["collection.interest"]._compute_for_lines(lines, until).items():
            takes_interest, takes_lump_sum = choice[line]
            if not claim.claimed:
                continue
            if not takes_interest:
                claim = replace(claim, statement=Statement(), waived=Decimal(0))
            if not takes_lump_sum:
                claim = replace(claim, lump_sum=Decimal(0))
            if claim.interest or claim.lump_sum:
                claims[line] = claim
        return claims

    def _ensure_items(self, lines):
        """{journal item: collection.item}, those settled before collection knew them included."""
        Item = self.env["collection.item"]
        known = Item.search([("move_line_id", "in", lines.ids)])
        known |= Item.create(
            [
                {
                    "debtor_id": self.id,
                    "move_line_id": line.id,
                    "move_id": line.move_id.id,
                    "name": line.move_name,
                    "due_date": line.date_maturity,
                    "due_rank": Item._get_due_rank(line),
                    "amount": line.amount_currency,
                    "currency_id": line.currency_id.id,
                }
                # Only what the item keeps of it is read.
                for line in (lines - known.sudo().move_line_id).sudo()
            ]
        )
        return {item.sudo().move_line_id: item for item in known}

    # -- the invoice ---------------------------------------------------------------------------------------------------

    def _make_interest_invoice(self, claims, items, currency, until):
        """One draft in ``currency``, a line for the interest of each item and another for its lump sum."""
        company = self.company_id
        charges = [charge for line, claim in claims.items() for charge in self._prepare_charges(line, claim)]
        # A draft that an accountant checks and posts: whoever collects may have it prepared.
        moves = self.env["account.move"].sudo().with_company(company)
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_id.id,
                "currency_id": currency.id,
                "invoice_user_id": self.env.uid,
                "invoice_origin": self.env._("Late payment"),
                # Owed without delay: C. com. L441-10 II.
                "invoice_payment_term_id": False,
                "narration": self._prepare_interest_narration(claims),
                "invoice_line_ids": [
                    Command.create(
                        {
                            # Products and accounts of interest are settings of the company.
                            **company.sudo()._prepare_charge_line(charge["kind"], name, charge["amount"]),
                            "sequence": rank,
                        }
                    )
                    for rank, (_line, name, charge) in enumerate(charges)
                ],
            }
        )
        self._record_charges(move, charges, items)
        self._attach_interest_statement(move, claims, until)
        return move

    def _prepare_charges(self, line, claim):
        """[(journal item, words of the invoice line, values of the charge)] of one item."""
        shared = {"rule_id": claim.rule.id}
        left = claim.interest
        for run in _cut_into_runs(claim.statement.lines):
            amount = min(left, sum(period.amount for period in run))
            left -= amount
            if amount:
                yield (
                    line,
                    self._describe_interest(line, run),
                    {
                        **shared,
                        "kind": "interest",
                        "date_from": run[0].start,
                        "date_to": run[-1].end,
                        "amount": float(amount),
                        "currency_id": claim.currency.id,
                    },
                )
        if claim.lump_sum:
            name = self.env._("Lump sum for recovery costs on %s", self._describe_late_item(line))
            yield (
                line,
                name,
                {
                    **shared,
                    "kind": "lump_sum",
                    "amount": float(claim.lump_sum),
                    "currency_id": claim.lump_sum_currency.id,
                },
            )

    def _describe_late_item(self, line):
        return self.env._(
            "%(number)s of %(date)s, due on %(due_date)s",
            number=line.move_name or "/",
            date=format_date(self.env, line.invoice_date or line.date),
            due_date=format_date(self.env, line.date_maturity or line.date),
        )

    def _describe_interest(self, line, run):
        rates = dict.fromkeys(f"{format_percent(self.env, period.percent)}\u00a0%" for period in run)
        return self.env._(
            "Late-payment interest on %(item)s: from %(first)s to %(last)s, %(days)s days, at %(rates)s a year",
            item=self._describe_late_item(line),
            first=format_date(self.env, run[0].start),
            last=format_date(self.env, run[-1].end),
            days=sum(period.days for period in run),
            rates=format_list(self.env, list(rates)),
        )

    def _prepare_interest_narration(self, claims):
        """Legal basis of the invoice, and why it bears no VAT."""
        sentences = [
            *dict.fromkeys(claim.mention for claim in claims.values() if claim.mention),
            self.env._(
                "Late-payment interest and lump sums for recovery costs are compensation, out of the scope of VAT."
            ),
            self.env._("The computation is enclosed."),
        ]
        return Markup("<br/>").join(sentences)

    def _record_charges(self, move, charges, items):
        lines = move.invoice_line_ids.sorted("sequence")
        # The program's own record of what it put on the invoice.
        records = (
            self.env["collection.interest.charge"]
            .sudo()
            .create(
                [
                    {**values, "item_id": items[late_line].id, "move_line_id": line.id, "move_id": move.id}
                    for line, (late_line, _name, values) in zip(lines, charges, strict=True)
                ]
            )
        )
        # Whoever comes second learns it here, and not after the documents are made.
        records.flush_recordset()

    def _attach_interest_statement(self, move, claims, until):
        content = self.env["collection.interest"]._render_interest_statement(self, claims, until)
        # On the draft just made for whoever asked.
        self.env["ir.attachment"].sudo().create(
            {
                "name": self.env._("Computation of late-payment interest.pdf"),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
            }
        )

    def _note_interest_invoices(self, moves):
        amounts = [format_amount(self.env, move.amount_total, move.currency_id) for move in moves]
        self.message_post(
            body=self.env._("Draft invoice of interest and recovery costs: %s", format_list(self.env, amounts))
        )
        reminders = self.env["collection.reminder"].search(
            [("debtor_id", "=", self.id), ("is_interest_to_invoice", "=", True)]
        )
        reminders.action_interest_decided()
        self._recheck_pending_reminders()

    def action_invoice_interest(self):
        """What may be invoiced for being late, to choose from."""
        self.ensure_one()
        return self.env["collection.interest.invoice"]._open_for(self)

    def action_waive_interest(self):
        """Waive interest or lump sums of the items that are late now."""
        self.ensure_one()
        return self.env["collection.item"]._ensure_for(self._read_late_decisions()).action_waive_interest()

    def _read_late_decisions(self):
        """Decisions about the items that bear interest now."""
        return self._read_decisions().filtered(
            lambda decision: decision.days_late > 0 and decision.decision != "out_of_scope"
        )


class CollectionItem(models.Model):
    _inherit = "collection.item"

    def action_waive_interest(self):
        """Waive interest or lump sums of the items."""
        wizard = self.env["collection.interest.waive"].create({"item_ids": [Command.set(self.ids)]})
        return {
            **self.env["collection.debtor"]._open_record(wizard),
            "target": "new",
            "name": self.env._("Waive interest or recovery costs"),
        }


class CollectionLevel(models.Model):
    _inherit = "collection.level"

    invoice_interest = fields.Boolean(
        string="Ask to invoice them",
        help="Once a reminder of this level has left, a person is asked whether interest and lump sums are invoiced. "
        "Nothing is invoiced by itself.",
    )


class CollectionReminder(models.Model):
    """After some levels a person says whether interest is invoiced."""

    _inherit = "collection.reminder"

    is_interest_decided = fields.Boolean(readonly=True, copy=False)
    is_interest_to_invoice = fields.Boolean(
        compute="_compute_is_interest_to_invoice", search="_search_is_interest_to_invoice"
    )

    @api.depends("state", "is_interest_decided", "level_id.invoice_interest")
    def _compute_is_interest_to_invoice(self):
        for reminder in self:
            reminder.is_interest_to_invoice = (
                reminder.state == "sent" and reminder.level_id.invoice_interest and not reminder.is_interest_decided
            )

    def _search_is_interest_to_invoice(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("state", "=", "sent"), ("level_id.invoice_interest", "=", True), ("is_interest_decided", "!=", True)]

    def action_interest_decided(self):
        """A person has said what becomes of the interest: nobody is asked any more."""
        self.write({"is_interest_decided": True})
        return True

    def action_invoice_interest(self):
        """What may be invoiced to the customer for being late."""
        self.ensure_one()
        return self.debtor_id.action_invoice_interest()


class CollectionTodo(models.Model):
    _inherit = "collection.todo"

    @api.model
    def _get_kinds(self):
        """Add the reminders after which a person says whether interest is invoiced."""
        return [
            *super()._get_kinds(),
            {
                "code": "interest_invoice",
                "name": self.env._("Interest to invoice"),
                "description": self.env._("Their level asks for it: invoice interest and recovery costs, or say no."),
                "model": "collection.reminder",
                "contact": False,
                "domain": [("is_interest_to_invoice", "=", True)],
                "action": "credit_collection.action_collection_reminder",
                "icon": "fa-percent",
            },
        ]


def _cut_into_runs(periods):
    """The periods that have a rate, cut where days are missing between them: a charge holds days in a row."""
    runs = []
    for period in periods:
        if period.percent is None:
            continue
        if runs and runs[-1][-1].end + ONE_DAY == period.start:
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def _get_currencies(claim):
    if claim.interest:
        yield claim.currency
    if claim.lump_sum:
        yield claim.lump_sum_currency


def _keep_currency(claim, currency):
    """The part of a claim that is in ``currency``."""
    if claim.currency != currency:
        claim = replace(claim, statement=Statement(), waived=Decimal(0))
    if claim.lump_sum and claim.lump_sum_currency != currency:
        claim = replace(claim, lump_sum=Decimal(0))
    return claim
