"""The forecast of this project, and the plain ones it has to beat."""

import numpy as np

from calc.cash_forecast import cut_periods, forecast_cash, learn_spread
from calc.forecast_backtest import backtest
from calc.forecast_record import day_by_delay, day_by_due_date
from calc.payment_calendar import learn_calendar
from calc.payment_dates import fit_payment_dates
from calc.payment_history import NEVER, History, OpenItems, day_number, day_numbers
from calc.score import fit_score

from .walk import Method


class Collection(Method):
    """This project, as it runs in production: learns its corrections every week and its weights every month."""

    name = "this project"

    def __init__(self):
        self.corrected_on = self.weighed_on = None

    def learn(self, past: History):
        """Fit on the past."""
        super().learn(past)
        calendar = learn_calendar(past.paid)
        if self.weighed_on is None or (past.as_of - self.weighed_on).days >= 28:
            self.score, self.weighed_on = fit_score(past), past.as_of
        if self.corrected_on is None or past.as_of.weekday() == 6 or (past.as_of - self.corrected_on).days >= 7:
            done = backtest(past, calendar)
            self.correction, self.spread, self.corrected_on = done.correction, learn_spread(done), past.as_of
        self.model = fit_payment_dates(past, calendar, self.correction)
        self.asked = None

    def late(self, items: OpenItems) -> np.ndarray:
        """The score's probability."""
        return self.score.probability(self.past, items)

    def dates(self, items: OpenItems) -> np.ndarray:
        """P50, P10, P90."""
        forecast = self._forecast(items)
        return np.array([day_numbers(days) for days in (forecast.p50, forecast.p10, forecast.p90)])

    def cash(self, items: OpenItems, weeks: int) -> np.ndarray:
        """Expected, low, high. Asked on Sundays: weeks are whole."""
        periods = cut_periods(self.past.as_of, "week", weeks)
        table = forecast_cash(items, self._forecast(items), periods, spread=self.spread)
        return np.array([table.expected[0], table.low[0], table.high[0]])

    def _forecast(self, items: OpenItems):
        if self.asked is not items:
            self.asked, self.forecast = items, self.model.forecast(items)
        return self.forecast


class OneDay(Method):
    """Methods that foretell one day for each item, on which all its money comes."""

    def cash(self, items: OpenItems, weeks: int) -> np.ndarray:
        """Amounts by week of the day foretold."""
        week = (self.dates(items) - day_number(self.past.as_of) - 1) // 7
        amount = np.nan_to_num(items.amount)
        return np.array([amount[week == rank].sum() for rank in range(weeks)])


class DueDate(OneDay):
    """Everyone pays when due; who is late nobody knows."""

    name = "due date"

    def late(self, items: OpenItems) -> np.ndarray:
        """The share late of all so far, for everyone."""
        return np.full(len(items), _share_late(self.past)[2])

    def dates(self, items: OpenItems) -> np.ndarray:
        """The due date, or tomorrow."""
        return day_by_due_date(items, self.past.as_of)


class CustomerMean(OneDay):
    """Each as late as on average so far."""

    name = "customer mean"
    usual = staticmethod(np.mean)

    def late(self, items: OpenItems) -> np.ndarray:
        """The customer's share late so far."""
        debtors, share, everyone = _share_late(self.past)
        at = np.minimum(np.searchsorted(debtors, items.debtor), max(len(debtors) - 1, 0))
        return np.where(debtors[at] == items.debtor, share[at], everyone) if len(debtors) else np.full(len(items), 0.5)

    def dates(self, items: OpenItems) -> np.ndarray:
        """Due date and usual delay, or tomorrow."""
        return day_by_delay(items, self.past, self.usual)


class CustomerMedian(CustomerMean):
    """Each as late as in the middle of its payments so far."""

    name = "customer median"
    usual = staticmethod(np.median)

    def late(self, items: OpenItems) -> None:
        """A median says nothing of shares."""


class RollRate(Method):
    """Of the money at each age (weeks from due), the part that came within one, two, three, four weeks so far."""

    name = "roll rate"
    LOOKS = 26

    def cash(self, items: OpenItems, weeks: int) -> np.ndarray:
        """Rates of the last 26 Sundays that are over, on what is open."""
        today = day_number(self.past.as_of)
        issued, due = day_numbers(self.past.issued), day_numbers(self.past.due)
        paid = day_numbers(self.past.paid)
        settled = np.minimum(paid, day_numbers(self.past.removed))
        amount = np.nan_to_num(self.past.amount)
        open_by_age, paid_by_age = np.zeros(AGES), np.zeros((AGES, weeks))
        for look in range(self.LOOKS + weeks):
            then = today - 7 * (look + 1)
            was_open = (issued <= then) & (settled > then)
            age, week = _age(due[was_open], then), (paid[was_open] - then - 1) // 7
            over = min(look + 1, weeks)
            if over < weeks:
                continue
            open_by_age += np.bincount(age, amount[was_open], AGES)
            for rank in range(weeks):
                paid_by_age[:, rank] += np.bincount(age, amount[was_open] * (week == rank), AGES)
        rate = paid_by_age / np.maximum(open_by_age, 1e-12)[:, None]
        return np.nan_to_num(items.amount) @ rate[_age(day_numbers(items.due), today)]


# Weeks from the due date, from ten before it to twenty after it, and whatever is older or younger.
AGES = 32


def _age(due: np.ndarray, today: int) -> np.ndarray:
    return np.clip((today - due) // 7 + 11, 0, AGES - 1)


def _share_late(past: History) -> tuple[np.ndarray, np.ndarray, float]:
    """Debtors, the share of each one's settled or overdue items that was late, and that of all."""
    due, paid = day_numbers(past.due), day_numbers(past.paid)
    late = (np.minimum(paid, day_numbers(past.removed)) > due) & (due < day_number(past.as_of))
    known = late | (paid < NEVER)
    debtors, code = np.unique(past.debtor[known], return_inverse=True)
    share = np.bincount(code, late[known]) / np.maximum(np.bincount(code), 1)
    return debtors, share, float(late[known].mean()) if known.any() else 0.5
