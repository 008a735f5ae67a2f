from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from odoo import api, models

from ..calc.interest import Effect, Movement, Rates, Statement, late_interest, lump_sum_for
from .collection_interest_reference import to_percent
from .interest_claim import InterestClaim, InterestHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class LateItem:
    """A journal item as the computation of interest sees it."""

    line_id: int
    item: Any  # collection.item, empty where collection knows nothing of it yet
    debtor: Any  # collection.debtor, empty likewise
    company: Any  # res.company, the root
    currency: Any  # res.currency
    rule: Any  # collection.interest.rule
    contract_percent: Decimal | None
    amount: Decimal
    document_amount: Decimal  # of the whole invoice, whose bands of lump sums count
    due_date: date
    born_on: date
    notice_date: date | None
    is_interest: bool  # an interest invoice, which bears none
    bears_lump_sum: bool  # the instalment that bears that of its invoice
    movements: tuple[Movement, ...]


class CollectionInterest(models.AbstractModel):
    """Late-payment interest of journal items: many at once, read from the ledger by a fixed number of queries."""

    _name = "collection.interest"
    _description = "Computation of Late-payment Interest"

    @api.model
    def _compute_for_lines(self, lines, until=None, start=None):
        """Interest and lump sum of journal items: {line: InterestClaim}.

        ``until`` is the last day that bears interest, the company's today if not given; ``start`` the first day
        shown, that after the days already invoiced if not given. What is read does not depend on the user's rights on
        the ledger: check those on ``lines`` before.
        """
        late_items = self._read_late_items(lines)
        claims = {}
        history = self._get_history(late_items)
        disputed = self._get_disputed_amounts(late_items)
        today = {company: company._get_collection_today() for company in {late.company for late in late_items}}
        rates = self._read_rates(late_items, until or max(today.values(), default=None))
        for late in late_items:
            claims[lines.browse(late.line_id)] = self._compute_claim(
                late,
                until or today[late.company],
                start,
                rates[late.rule],
                disputed.get(late.line_id, Decimal(0)),
                history.get(late.line_id, InterestHistory()),
            )
        return claims

    # -- what others know ----------------------------------------------------------------------------------------------

    @api.model
    def _get_disputed_amounts(self, late_items):
        """{line id: amount in open disputes}, for which interest runs and is not claimed. Override to fill."""
        return {}

    @api.model
    def _get_history(self, late_items):
        """{line id: InterestHistory}: what was invoiced and waived before. Override to fill."""
        return {}

    # -- one claim -----------------------------------------------------------------------------------------------------

    def _compute_claim(self, late, until, start, rates, disputed, history):
        """The claim of one item; ``rates`` are those of its rule."""
        since = max(
            filter(None, (start, history.invoiced_until and history.invoiced_until + timedelta(days=1))), default=None
        )
        computed = self._compute_statement(late, until, since, rates)
        whole = disputed and disputed >= self._get_open_amount(late, until)
        reason = self._get_reason(late, until) or (self.env._("The whole amount is disputed.") if whole else "")
        known = {"currency": late.currency, "rule": late.rule, "until": until, "computed": computed}
        if reason:
            return InterestClaim(claimed=False, reason=reason, invoiced=history.invoiced, **known)
        return InterestClaim(
            claimed=True,
            statement=self._compute_statement(late, until, since, rates, disputed) if disputed else computed,
            waived=history.waived,
            invoiced=history.invoiced,
            lump_sum=Decimal(0) if history.has_lump_sum else self._compute_lump_sum(late),
            lump_sum_currency=late.rule.currency_id,
            mention=self._get_mention(late),
            **known,
        )

    def _compute_statement(self, late, until, since, rates, disputed=Decimal(0)):
        """The computation, without the part that is disputed: it is claimed when the dispute is rejected."""
        runs_after = self._get_start(late)
        if runs_after is None or late.rule.method == "none" or late.is_interest:
            return Statement()
        movements = late.movements
        if disputed:
            movements = (*movements, Movement(runs_after, disputed, Effect.CORRECTION))
        return late_interest(
            late.amount,
            runs_after,
            until,
            rates if late.contract_percent is None else Rates.constant(late.contract_percent),
            movements,
            terms=late.rule._get_terms(late.currency),
            since=since,
            stopped_on=late.debtor.insolvency_date if self._is_before_judgment(late) else None,
        )

    @staticmethod
    def _get_start(late):
        """Day after which interest runs; None where it does not run yet, or no rule says from when."""
        if not late.rule:
            return None
        if late.rule.starts == "notice":
            return late.notice_date and max(late.notice_date, late.due_date)
        return late.due_date

    @staticmethod
    def _is_before_judgment(late):
        """Whether the debt is older than the judgment that opened the proceeding (C. com. L622-28)."""
        judgment = late.debtor.insolvency_date
        return bool(judgment and late.born_on < judgment)

    @staticmethod
    def _get_open_amount(late, until):
        """What was left of the debt at the end of a day."""
        settled = sum(
            (m.amount for m in late.movements if m.effect is Effect.CORRECTION or m.on <= until), start=Decimal(0)
        )
        return late.amount - settled

    def _get_reason(self, late, until):
        """Why nothing is claimed for the item, in words; an empty text if something is."""
        if late.is_interest:
            return self.env._("Interest bears no interest.")
        if not late.debtor or late.debtor.customer_kind == "unknown":
            return self.env._("The kind of customer is unknown: neither interest nor a lump sum is claimed.")
        if not late.rule:
            return self.env._(
                "No rule says what a customer of this kind and country owes: choose one on the customer's page."
            )
        if late.rule.method == "none" and not late.rule.lump_sum_ids:
            return self.env._("The rule “%s” claims nothing.", late.rule.name)
        if self._is_before_judgment(late):
            return self.env._("An insolvency proceeding forbids to claim interest and lump sums on earlier debts.")
        if until <= late.due_date or self._get_open_amount(late, late.due_date) <= 0:
            return self.env._("The item is not late.")
        if late.rule.starts == "notice" and (not late.notice_date or until <= late.notice_date):
            return self.env._("Interest runs from the formal notice only.")
        return ""

    def _compute_lump_sum(self, late):
        """Lump sum of the invoice, borne by one of its instalments."""
        if not late.bears_lump_sum:
            return Decimal(0)
        currency = late.rule.currency_id
        bands = late.rule._get_bands()
        amount = late.document_amount
        # The amount decides among several bands only: there alone its currency matters.
        if len(bands) > 1 and currency != late.currency:
            converted = late.currency._convert(float(amount), currency, late.company, late.due_date)
            amount = to_amount(converted, currency)
        return lump_sum_for(amount, bands)

    @staticmethod
    def _get_mention(late):
        if late.contract_percent is not None:
            return late.rule.contract_mention or late.rule.mention or ""
        return late.rule.mention or ""

    # -- many items ----------------------------------------------------------------------------------------------------

    def _read_late_items(self, lines):
        """The journal items with their rule and what changed their balance, in as many queries for one as for many."""
        movements = self._read_movements(lines)
        # Laws are configuration: which one applies does not depend on who asks.
        rules = self.env["collection.interest.rule"].sudo().search([])
        find_rule = lru_cache(maxsize=None)(rules._find_for)
        # What is owed does not depend on who asks; callers check who may see the items.
        env = self.env(su=True)
        return [self._make_late_item(env, row, find_rule, movements[row["line_id"]]) for row in self._read_facts(lines)]

    def _make_late_item(self, env, row, find_rule, movements):
        currency = env["res.currency"].browse(row["currency_id"])
        item = env["collection.item"].browse(row["item_id"] or ())
        debtor = env["collection.debtor"].browse(row["debtor_id"] or ())
        company = env["res.company"].browse(row["company_id"])
        rule = item.interest_rule_id or debtor.interest_rule_id
        if not rule:
            country = env["res.country"].browse(row["country_id"] or ())
            rule = find_rule(company, debtor.customer_kind or "unknown", country)
        contract_percent = (item.contract_rate or debtor.contract_rate) if rule.accepts_contract else 0
        return LateItem(
            line_id=row["line_id"],
            item=item,
            debtor=debtor,
            company=company,
            currency=currency,
            rule=rule,
            contract_percent=to_percent(contract_percent) if contract_percent else None,
            amount=max(Decimal(0), to_amount(row["amount"], currency)),
            document_amount=to_amount(row["document_amount"], currency),
            due_date=row["due_date"],
            born_on=row["born_on"],
            notice_date=row["notice_date"],
            is_interest=row["is_interest"],
            bears_lump_sum=row["bears_lump_sum"],
            movements=tuple(
                Movement(on, to_amount(amount, currency), self._get_effect(item, effect))
                for on, amount, effect in movements
            ),
        )

    @staticmethod
    def _get_effect(item, effect):
        """A credit note of the invoice corrects it, unless a person said that it is a commercial one."""
        effect = Effect(effect)
        if effect is Effect.CORRECTION and item.credit_note_effect == "commercial":
            return Effect.REDUCTION
        return effect

    def _read_rates(self, late_items, until):
        """{rule: rates over all the days that its items need}."""
        first_days = {}
        for late in late_items:
            first_days[late.rule] = min(late.due_date, first_days.get(late.rule, late.due_date))
        return {
            rule: rule._get_rates(first, max(first, until)) if rule else Rates() for rule, first in first_days.items()
        }


def to_amount(value, currency):
    """An amount of the ledger, exact: with the currency's decimals."""
    exact = Decimal(str(value or 0))
    return exact.quantize(Decimal(1).scaleb(-currency.decimal_places))
