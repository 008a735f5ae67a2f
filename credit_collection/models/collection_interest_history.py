from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, format_date

from ..calc.interest import ONE_DAY, Statement
from .interest_claim import InterestHistory

# Last day of what is waived for good; the day after it still is a date.
FOR_EVER = date(9999, 12, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDays(InterestHistory):
    """What has become of an item's days and lump sum, hole by hole: an invoice cancelled leaves one."""

    free: tuple[tuple[date | None, date], ...] = ()  # (first, last) days still to claim before ``invoiced_until``
    note: str = ""  # what was invoiced and waived, in words


class CollectionInterest(models.AbstractModel):
    """Interest that was invoiced or waived is not claimed a second time."""

    _inherit = "collection.interest"

    @api.model
    def _flush_for_interest(self):
        """Write also what is pending on charges and waivers."""
        self.env["collection.interest.charge"].flush_model()
        self.env["collection.interest.waiver"].flush_model()
        return super()._flush_for_interest()

    @api.model
    def _get_history(self, late_items):
        """{line id: TakenDays} of the items of which something was invoiced or waived.

        With ``collection_interest_as_of`` in the context, a date, what was done after that day is left out.
        """
        lines = tuple(late.line_id for late in late_items) or (0,)
        taken, invoiced, lump_sums, notes = defaultdict(list), defaultdict(Decimal), set(), defaultdict(list)
        charged_until = {}
        currencies = {late.line_id: late.currency for late in late_items}
        for line_id, first, last, amount in self.env.execute_query(self._sql_charged_days(lines)):
            taken[line_id].append((first, last))
            charged_until[line_id] = max(last, charged_until.get(line_id, last))
            invoiced[line_id] += Decimal(str(amount)).quantize(Decimal(1).scaleb(-currencies[line_id].decimal_places))
        for line_id, last in charged_until.items():
            notes[line_id].append(self.env._("Interest up to %s is on another invoice.", format_date(self.env, last)))
        for line_id, until, scope, reason in self.env.execute_query(self._sql_waived(lines)):
            if scope != "lump_sum":
                taken[line_id].append((None, until or FOR_EVER))
            notes[line_id].append(self._describe_waiver(scope, until, reason))
        for (line_id,) in self.env.execute_query(self._sql_lump_sums(lines)):
            lump_sums.add(line_id)
        return {
            line_id: TakenDays(
                invoiced_until=max((last for _first, last in taken[line_id]), default=None),
                invoiced=invoiced[line_id],
                has_lump_sum=line_id in lump_sums,
                free=_find_free_days(taken[line_id]),
                note="\n".join(notes[line_id]),
            )
            for line_id in {*taken, *lump_sums, *notes}
        }

    def _describe_waiver(self, scope, until, reason):
        values = {"until": format_date(self.env, until) if until else "", "reason": reason}
        if scope == "lump_sum":
            return self.env._("Recovery costs waived: %(reason)s", **values)
        if until:
            return self.env._("Interest waived up to %(until)s: %(reason)s", **values)
        return self.env._("Interest waived for good: %(reason)s", **values)

    def _compute_claim(self, late, until, start, rates, disputed, history):
        """Add to the days after all that was taken those that an invoice let go before."""
        claim = super()._compute_claim(late, until, start, rates, disputed, history)
        if not isinstance(history, TakenDays):
            return claim
        holes = [
            (max(filter(None, (start, first)), default=None), min(last, until))
            for first, last in history.free
            if not start or start <= last
        ]
        computed = [self._compute_statement(late, last, first, rates) for first, last in holes]
        claim = replace(claim, computed=_join_statements([*computed, claim.computed]))
        if not claim.claimed:
            return claim
        if disputed:
            computed = [self._compute_statement(late, last, first, rates, disputed) for first, last in holes]
        return replace(claim, statement=_join_statements([*computed, claim.statement]), reason=history.note)

    # -- queries -------------------------------------------------------------------------------------------------------

    def _sql_known_then(self, record):
        """Whether a charge or a waiver had been made on the day looked at."""
        as_of = self.env.context.get("collection_interest_as_of")
        if not as_of:
            return SQL("TRUE")
        return SQL("%s::date <= %s", SQL.identifier(record, "create_date"), as_of)

    def _sql_charged_days(self, lines):
        return SQL(
            """
            SELECT item.move_line_id, charge.date_from, charge.date_to, charge.amount * %s
              FROM collection_interest_charge charge
              JOIN collection_item item ON item.id = charge.item_id
             WHERE item.move_line_id IN %s AND charge.kind = 'interest' AND %s AND %s
            """,
            self.env["collection.interest.charge"]._sql_share(),
            lines,
            self.env["collection.interest.charge"]._sql_stands(),
            self._sql_known_then("charge"),
        )

    def _sql_waived(self, lines):
        return SQL(
            """
            SELECT item.move_line_id, waiver.until, waiver.scope, waiver.reason
              FROM collection_interest_waiver waiver
              JOIN collection_item item ON item.id = waiver.item_id
             WHERE item.move_line_id IN %s AND waiver.revoked_on IS NULL AND %s
             ORDER BY waiver.id
            """,
            lines,
            self._sql_known_then("waiver"),
        )

    def _sql_lump_sums(self, lines):
        """Items whose lump sum was invoiced or waived, on whichever instalment: it is owed once for an invoice."""
        return SQL(
            """
            SELECT DISTINCT line.id
              FROM account_move_line line
              JOIN collection_item item ON item.move_id = line.move_id
              JOIN collection_debtor debtor ON debtor.id = item.debtor_id AND debtor.partner_id = line.partner_id
             WHERE line.id IN %(lines)s
               AND (EXISTS (SELECT FROM collection_interest_charge charge
                             WHERE charge.item_id = item.id AND charge.kind = 'lump_sum'
                               AND %(stands)s AND %(charged_then)s)
                    OR EXISTS (SELECT FROM collection_interest_waiver waiver
                                WHERE waiver.item_id = item.id AND waiver.scope <> 'interest'
                                  AND waiver.revoked_on IS NULL AND %(waived_then)s))
            """,
            lines=lines,
            stands=self.env["collection.interest.charge"]._sql_stands(),
            charged_then=self._sql_known_then("charge"),
            waived_then=self._sql_known_then("waiver"),
        )

    def _sql_own_account(self):
        """An invoice of charges bears no interest either, whatever the accounts chosen since."""
        return SQL(
            """
            SELECT COALESCE(own.all_of_interest, FALSE)
                   OR EXISTS (SELECT FROM collection_interest_charge charge WHERE charge.move_id = asked.move_id)
                   AS all_of_interest
              FROM (%s) own
            """,
            super()._sql_own_account(),
        )


def _find_free_days(taken):
    """Stretches (first, last) before the end of the last one ``taken`` that none of them covers; None: the beginning.

    ``taken`` holds (first, last) days, first being None for the beginning.
    """
    free, covered_until = [], None
    for first, last in sorted(taken, key=lambda days: (days[0] or date.min, days[1])):
        if first is not None and (covered_until is None or first > covered_until + ONE_DAY):
            free.append((covered_until and covered_until + ONE_DAY, first - timedelta(days=1)))
        covered_until = last if covered_until is None else max(covered_until, last)
    return tuple(free)


def _join_statements(statements):
    """One computation from those of stretches of days that follow each other."""
    return Statement(
        tuple(line for statement in statements for line in statement.lines),
        sum((statement.total for statement in statements), Decimal(0)),
        sum((statement.paid for statement in statements), Decimal(0)),
    )
