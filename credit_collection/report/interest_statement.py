from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..models.collection_interest_reference import format_percent
from .letter.interest_statement import (
    Computation,
    ComputationLabels,
    ComputationRow,
    ComputationSection,
    render_computation,
    texts_of,
)


class CollectionInterest(models.AbstractModel):
    """The computation of interest as a document, line by line, in the customer's language."""

    _inherit = "collection.interest"

    def _render_interest_statement(self, debtor, claims, until, is_numbered=True, notes=()):
        """PDF of the computation of ``claims``, {journal item: InterestClaim}, of one debtor up to ``until``.

        ``claims`` were computed in the language of the context, in which the document is. Raises UserError when a
        character cannot be printed.
        """
        fonts = debtor.company_id._get_letter_fonts()
        computation = self._prepare_interest_statement(debtor, claims, until, is_numbered, notes)
        if obstacle := debtor.company_id._describe_gaps(fonts.gaps("\n".join(texts_of(computation)))):
            raise UserError(obstacle)
        return render_computation(computation, fonts)

    def _prepare_interest_statement(self, debtor, claims, until, is_numbered=True, notes=()):
        """The document as plain values. Override to change what it says."""
        debtor = debtor.with_context(lang=self.env.lang)
        # The letterhead is public, whoever prints it.
        company = debtor.company_id.sudo()
        ordered = self._sort_claims(claims)
        return Computation(
            title=self.env._("Computation of late-payment interest"),
            sender=company.name,
            date=self.env._(
                "Counted up to %(until)s, drawn up on %(today)s",
                until=company._format_letter_date(until),
                today=company._format_letter_date(company._get_collection_today()),
            ),
            parties=(
                self.env._("Creditor: %s", company._get_legal_identity()),
                self.env._("Debtor: %s", debtor._get_legal_identity()),
            ),
            sections=tuple(self._prepare_section(line, claim) for line, claim in ordered),
            totals=tuple(self._prepare_totals(claims)),
            notes=(*self._describe_method(claims), *notes),
            basis=tuple(dict.fromkeys(claim.mention for _line, claim in ordered if claim.claimed and claim.mention)),
            accent=company._prepare_letter_sender(debtor.partner_id).accent,
            is_numbered=is_numbered,
            labels=self._prepare_statement_labels(),
            language=(self.env.lang or "fr_FR").replace("_", "-"),
        )

    @staticmethod
    def _sort_claims(claims):
        return sorted(claims.items(), key=lambda pair: (str(pair[0].date_maturity or pair[0].date), pair[0].id))

    def _prepare_section(self, move_line, claim):
        due_date = move_line.date_maturity or move_line.date
        heading = self.env._(
            "%(number)s of %(date)s, due on %(due_date)s: %(amount)s",
            number=move_line.move_name or "/",
            date=format_date(self.env, move_line.invoice_date or move_line.date),
            due_date=format_date(self.env, due_date),
            amount=format_amount(self.env, move_line.amount_currency, move_line.currency_id),
        )
        notes = (claim.reason,) if claim.reason else ()
        if not claim.claimed:
            return ComputationSection(heading, notes=notes)
        return ComputationSection(
            heading,
            tuple(self._prepare_row(line, claim.currency) for line in claim.statement.lines),
            tuple(self._prepare_sums(claim)),
            notes,
        )

    def _prepare_row(self, line, currency):
        known = line.percent is not None
        return ComputationRow(
            date_from=format_date(self.env, line.start),
            date_to=format_date(self.env, line.end),
            days=str(line.days),
            base=format_amount(self.env, float(line.base), currency),
            rate=f"{format_percent(self.env, line.percent)}\u00a0%"
            if known
            else self.env._("No published rate: not claimed"),
            amount=format_amount(self.env, float(line.amount), currency) if known else "",
            is_claimed=known,
        )

    def _prepare_sums(self, claim):
        """(label, amount) under the periods of an item: they lead from the sum of its lines to what is claimed."""
        statement, currency = claim.statement, claim.currency
        if statement.paid or claim.waived:
            yield self.env._("Interest run"), format_amount(self.env, float(statement.total), currency)
        if statement.paid:
            yield self.env._("Settled by payments"), format_amount(self.env, -float(statement.paid), currency)
        if claim.waived:
            yield self.env._("Waived"), format_amount(self.env, -float(claim.waived), currency)
        yield self.env._("Interest"), format_amount(self.env, float(claim.interest), currency)
        if claim.lump_sum:
            lump_sum = format_amount(self.env, float(claim.lump_sum), claim.lump_sum_currency)
            yield self.env._("Lump sum for recovery costs"), lump_sum

    def _sum_claims(self, claims):
        """{currency: (interest, lump sums)} of what is claimed: two currencies are never added."""
        sums = defaultdict(lambda: [0, 0])
        for claim in claims.values():
            if claim.claimed:
                sums[claim.currency][0] += claim.interest
                if claim.lump_sum:
                    sums[claim.lump_sum_currency][1] += claim.lump_sum
        return {currency: tuple(amounts) for currency, amounts in sums.items()}

    def _prepare_totals(self, claims):
        for currency, (interest, lump_sum) in self._sum_claims(claims).items():
            for label, amount in (
                (self.env._("Late-payment interest in %s", currency.name), interest),
                (self.env._("Lump sums for recovery costs in %s", currency.name), lump_sum),
                (self.env._("Total in %s", currency.name), interest + lump_sum),
            ):
                yield label, format_amount(self.env, float(amount), currency)

    def _describe_method(self, claims):
        """How each line is counted, in words; nothing where there is no line."""
        days = sorted({claim.rule.year_days for claim in claims.values() if claim.claimed and claim.statement.lines})
        if not days:
            return
        yield self.env._(
            "Each line: sum due × yearly rate × number of days ÷ %(days)s. Part payments are deducted from the day "
            "after theirs. What has run is rounded to the cent at the end of each line, so that the lines add up to "
            "the total.",
            days="/".join(map(str, days)),
        )

    def _prepare_statement_labels(self):
        return ComputationLabels(
            date_from=self.env._("First Day"),
            date_to=self.env._("Last Day"),
            days=self.env._("Days"),
            base=self.env._("On"),
            rate=self.env._("Yearly rate"),
            amount=self.env._("Interest"),
            totals=self.env._("Totals"),
            basis=self.env._("Legal basis"),
            page=self.env._("Page"),
        )
