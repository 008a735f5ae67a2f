"""What a ledger's forecast has learned of its own errors, and when it learns anew: every week, at the end of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from .cash_forecast import USUAL_SPREAD, Spread, learn_spread, past_record
from .forecast_backtest import backtest
from .forecast_record import TOO_LITTLE, Verdict, judge
from .payment_calendar import PaymentCalendar
from .payment_dates import Correction
from .payment_history import History

LEARNT_EVERY = 7
SUNDAY = 6
UNKNOWN = float("nan")
NO_CORRECTION = Correction()
NO_VERDICT = Verdict(TOO_LITTLE, 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


@dataclass(frozen=True)
class Learned:
    """``on``: the last day that was looked at. ``verdict``: how the forecast would have fared lately, see ``judge``."""

    on: date
    correction: Correction = NO_CORRECTION
    spread: Spread = USUAL_SPREAD
    verdict: Verdict = NO_VERDICT


def still_holds(before: Learned | None, as_of: date) -> bool:
    """Whether what was learned before is young enough for a forecast of that day."""
    if before is None or before.on > as_of:
        return False
    age = (as_of - before.on).days
    return age == 0 or (age < LEARNT_EVERY and as_of.weekday() != SUNDAY)


def learn(history: History, calendar: PaymentCalendar, before: Learned | None = None) -> Learned:
    """What the past says of the forecast's errors; what was learned ``before`` as long as it holds."""
    if still_holds(before, history.as_of):
        return before
    past = backtest(history, calendar)
    verdict = judge(past_record(past), int((~np.isnat(history.paid)).sum()))
    return Learned(history.as_of, past.correction, learn_spread(past), verdict)
