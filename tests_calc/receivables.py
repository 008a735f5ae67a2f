"""Small ledgers for the tests of scores and forecasts: a row an instalment, days counted from one Monday."""

from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from calc.payment_calendar import calendar_of
from calc.payment_history import make_history

MONDAY = date(2025, 1, 6)
EVERY_DAY = calendar_of(np.ones(7, bool))


def on(offset):
    return MONDAY + timedelta(days=offset)


def days(offsets):
    return np.array(["NaT" if offset is None else on(offset) for offset in offsets], "datetime64[D]")


def ledger(rows, as_of=400, **columns):
    """A history of (debtor, issued, due, paid) with days as offsets, paid None while open."""
    debtor, issued, due, paid = zip(*rows, strict=True) if rows else ((), (), (), ())
    others = {name: np.array(value) for name, value in columns.items() if name not in ("removed", "disputed_on")}
    others |= {name: days(columns[name]) for name in ("removed", "disputed_on") if name in columns}
    return make_history(on(as_of), np.array(debtor, int), days(issued), days(due), days(paid), **others)


def shuffled(history, seed):
    return history.where(np.random.default_rng(seed).permutation(len(history)))


@st.composite
def rows(draw, debtors=4, most=30):
    """Rows of up to ``debtors`` debtors within 300 days: paid early, in time, late, or open."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(1, debtors),
                st.integers(0, 300),
                st.integers(0, 60),
                st.none() | st.integers(-40, 90),
            ),
            min_size=1,
            max_size=most,
        )
    )
    return [
        (debtor, issued, issued + terms, None if delay is None else max(issued, issued + terms + delay))
        for debtor, issued, terms, delay in drawn
    ]
