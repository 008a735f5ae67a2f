"""When the forecast learns anew of its own errors, and what it knows where it cannot."""

from datetime import timedelta

from receivables import EVERY_DAY, MONDAY, ledger, on

from calc.forecast_learning import Learned, learn, still_holds
from calc.payment_dates import Correction

SUNDAY = MONDAY + timedelta(days=6)


class TestWhatWasLearnedHoldsForAWeek:
    def test_on_its_own_day_and_until_saturday(self):
        assert still_holds(Learned(MONDAY), MONDAY)
        assert still_holds(Learned(MONDAY), SUNDAY - timedelta(days=1))

    def test_not_beyond_sunday(self):
        assert not still_holds(Learned(MONDAY), SUNDAY)
        assert still_holds(Learned(SUNDAY), SUNDAY)

    def test_never_what_was_learned_later(self):
        assert not still_holds(Learned(SUNDAY), MONDAY)

    def test_nothing_learned_does_not_hold(self):
        assert not still_holds(None, MONDAY)


class TestLearning:
    def test_what_holds_is_handed_back(self):
        history = ledger([(1, 0, 30, 30)], as_of=35)
        before = Learned(on(34), Correction(drift=0.3))
        assert learn(history, EVERY_DAY, before) is before

    def test_an_empty_ledger_has_too_little_data(self):
        learned = learn(ledger([], as_of=40), EVERY_DAY)
        assert (learned.on, learned.verdict.code, learned.verdict.weeks) == (on(40), "too_little_data", 0)
        assert learned.verdict.shows == "average_delay"

    def test_a_long_record_is_judged(self):
        rows = [(debtor, start, start + 30, start + 33) for debtor in range(8) for start in range(0, 360, 3)]
        learned = learn(ledger(rows, as_of=399, amount=[100.0] * len(rows)), EVERY_DAY)
        assert learned.verdict.weeks >= 8
        assert learned.verdict.code in ("trusted", "due_date_better", "average_delay_better")
