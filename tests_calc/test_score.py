"""Scores: what raises them, what lowers them, what leaves them alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from receivables import days, ledger, on, rows, shuffled

from calc.score import FACTORS, NEW, ScoreModel, backtest_scores, fit_score, reliability
from calc.score_evidence import INCIDENTS, PRIOR, Evidence, Incidents, log_odds
from calc.score_weights import PRIOR_MEAN, SIGN, Weights, fit_weights

GOOD = [(1, day, day + 30, day + 30) for day in range(0, 300, 10)]
BAD = [(2, day, day + 30, day + 60) for day in range(0, 300, 10)]


def weights(of_terms):
    """Any weights a ledger may teach: of the sign that is given, or ``of_terms`` where it may be both; any stretch."""
    return st.builds(
        lambda sizes, free, above, below: Weights(np.array(sizes) * np.where(SIGN, SIGN, free), above, below),
        st.lists(st.floats(0, 3), min_size=len(FACTORS), max_size=len(FACTORS)),
        of_terms,
        st.floats(0.1, 2),
        st.floats(0.1, 2),
    )


WEIGHTS = weights(st.sampled_from((-1, 1)))
# What a customer's terms and amounts add is not what its payments say.
WITHOUT_TERMS = weights(st.just(0))


def probability_of(debtor, history, model, incidents=None):
    extra = () if incidents is None else (incidents,)
    return model.score(history, *extra, debtors=np.array([debtor])).probability[0]


class TestMoreLatePayments:
    """More late payments never raise a score, whatever weights were learned.

    One more invoice may come on other terms than the customer's usual ones, which count by themselves: apart from them.
    """

    @given(
        rows(),
        WITHOUT_TERMS,
        st.integers(1, 4),
        st.integers(0, 300),
        st.integers(0, 60),
        st.none() | st.integers(1, 90),
    )
    @settings(max_examples=150, deadline=None)
    def test_one_more_late_payment(self, drawn, weights, debtor, issued, terms, delay):
        model = ScoreModel(weights)
        late = (debtor, issued, issued + terms, None if delay is None else issued + terms + delay)
        drawn = [*drawn, (debtor, 399, 460, None)]  # so that it is known, and of what segment
        before = probability_of(debtor, ledger(drawn).seen(on(400)), model)
        after = probability_of(debtor, ledger([*drawn, late]).seen(on(400)), model)
        assert after >= before - 1e-9

    @given(rows(), WEIGHTS, st.data(), st.integers(1, 120))
    @settings(max_examples=150, deadline=None)
    def test_a_payment_in_time_that_comes_late_instead(self, drawn, weights, data, delay):
        model = ScoreModel(weights)
        at = data.draw(st.integers(0, len(drawn) - 1))
        debtor, issued, due, _paid = drawn[at]
        in_time = ledger([*drawn[:at], (debtor, issued, due, due), *drawn[at + 1 :]]).seen(on(400))
        late = ledger([*drawn[:at], (debtor, issued, due, min(due + delay, 400)), *drawn[at + 1 :]]).seen(on(400))
        assert probability_of(debtor, late, model) >= probability_of(debtor, in_time, model) - 1e-9

    @given(rows(), WEIGHTS, st.integers(0, len(INCIDENTS) - 1), st.integers(0, 400))
    @settings(max_examples=60, deadline=None)
    def test_one_more_incident(self, drawn, weights, kind, day):
        history = ledger(drawn).seen(on(400))
        debtor = drawn[0][0]
        incident = Incidents(np.array([debtor]), np.array([kind]), days([day]))
        model = ScoreModel(weights)
        assert probability_of(debtor, history, model, incident) >= probability_of(debtor, history, model) - 1e-9

    def test_the_whole_score_falls(self):
        scores = ScoreModel().score(ledger(GOOD + BAD))
        assert scores.score[0] > 80
        assert scores.score[1] < 15
        assert scores.grade.tolist() == ["B", "E"]


class TestNoHistory:
    """No history gives the segment, exactly."""

    @given(rows(), WEIGHTS)
    @settings(max_examples=60, deadline=None)
    def test_a_debtor_nobody_knows_has_the_mean(self, drawn, weights):
        scores = ScoreModel(weights).score(ledger(drawn).seen(on(400)), debtors=np.array([99]))
        assert scores.probability[0] == scores.segment_mean[0]
        assert scores.grade[0] == NEW
        assert not scores.factors.any()

    def test_a_first_invoice_that_is_not_due_says_nothing(self):
        scores = fit_score(ledger(GOOD + BAD)).score(ledger([*GOOD, *BAD, (3, 390, 420, None)]))
        assert scores.probability[2] == scores.segment_mean[2]
        assert scores.grade[2] == NEW

    def test_the_segment_is_that_of_its_others(self):
        rows = [*GOOD, *BAD, (3, 390, 420, None), (4, 390, 420, None)]
        segment = [7] * len(GOOD) + [8] * len(BAD) + [7, 8]
        scores = ScoreModel().score(ledger(rows, segment=segment))
        assert scores.probability[2] < 0.3 < 0.7 < scores.probability[3]

    @given(rows(), WEIGHTS, st.integers(0, 2))
    @settings(max_examples=60, deadline=None)
    def test_a_debtor_nobody_knows_has_that_of_its_segment(self, drawn, weights, own):
        """As another would have whose first invoice is not due: exactly."""
        segment = [debtor % 2 for debtor, *_days in drawn]
        history = ledger(drawn, segment=segment).seen(on(400))
        scores = ScoreModel(weights).score(history, debtors=np.array([99, 1]), segments=np.array([own, 1]))
        first = ledger([*drawn, (98, 399, 460, None)], segment=[*segment, own]).seen(on(400))
        expected = ScoreModel(weights).score(first, debtors=np.array([98]))
        assert scores.debtor.tolist() == [1, 99]
        assert scores.probability[1] == scores.segment_mean[1] == expected.probability[0]

    def test_an_empty_ledger_scores(self):
        scores = ScoreModel().score(ledger([]), debtors=np.array([5]))
        assert scores.probability.tolist() == [0.2]
        assert scores.grade.tolist() == [NEW]


class TestOpenItems:
    def test_who_never_pays_cannot_look_good(self):
        never = [(3, day, day + 30, None) for day in range(0, 300, 30)]
        scores = ScoreModel().score(ledger(GOOD + BAD + never))
        assert scores.grade[2] == "E"
        assert scores.score[2] <= scores.score[1]

    def test_a_single_overdue_invoice_is_no_longer_new(self):
        scores = ScoreModel().score(ledger([*GOOD, (3, 300, 330, None)]))
        assert scores.grade[1] != NEW
        assert scores.probability[1] > scores.segment_mean[1]

    def test_within_the_threshold_nothing_is_late(self):
        paid = [(1, day, day + 30, day + 35) for day in range(0, 300, 10)]
        assert Evidence(ledger(paid), threshold=5).late.sum() == 0
        assert Evidence(ledger(paid), threshold=4).late.all()

    def test_withdrawn_before_it_was_late_says_nothing(self):
        evidence = Evidence(ledger([(1, 0, 30, None)], removed=[25]))
        assert not evidence.is_known.any()


class TestEvidenceByHand:
    def test_excess_odds_of_one_late_payment(self):
        # The other debtor has 1 late of 2; nothing fades at once: all on the last day.
        history = ledger([(1, 360, 399, None), (2, 370, 399, None), (2, 370, 400, 400)], as_of=400)
        evidence = Evidence(history)
        matrix, mean, known = evidence.at(np.array([0]), np.array([0]), evidence.last_day)
        everyone = (1 + 0.2) / (2 + 1)
        assert mean[0] == pytest.approx((1 + 20 * everyone) / 22)
        excess = np.log((PRIOR * mean[0] + 1) / (PRIOR * (1 - mean[0]))) - log_odds(mean[0])
        assert matrix[0, FACTORS.index("late_ever")] == pytest.approx(excess)
        assert matrix[0, FACTORS.index("overdue_now")] == pytest.approx(np.log(2))
        assert known[0] == 1

    def test_a_half_life_halves(self):
        history = ledger([(1, 0, 19, 40)], as_of=200)
        evidence = Evidence(history)
        matrix, mean, _known = evidence.at(np.array([0]), np.array([0]), evidence.last_day)
        # Known late on day 20, 180 days before.
        excess = np.log((PRIOR * mean[0] + 0.5) / (PRIOR * (1 - mean[0]))) - log_odds(mean[0])
        assert matrix[0, FACTORS.index("late_this_year")] == pytest.approx(excess)

    def test_the_past_is_asked_as_it_was(self):
        """Evidence on a past day is that of the ledger as it was seen on that day."""
        history = ledger([*GOOD, *BAD, (2, 150, 180, None)])
        for day in (100, 180, 181, 188, 200):
            seen = Evidence(history.seen(on(day)))
            then = seen.at(np.arange(2), np.zeros(2, int), seen.last_day)
            now = Evidence(history).at(np.arange(2), np.zeros(2, int), seen.last_day)
            # Usual amounts and terms are over all there are: nothing here tells them apart.
            assert np.allclose(then[0], now[0], atol=1e-6)
            assert np.allclose(then[1], now[1])

    def test_amounts_are_compared_within_their_currency(self):
        rows = [(1, 0, 30, 30), (1, 0, 30, 30), (2, 0, 30, 30), (2, 0, 30, 30)]
        history = ledger(rows, amount=[100.0, 400.0, 1e6, 4e6], currency=[1, 1, 2, 2])
        _terms, amount = Evidence(history).terms_and_amount(history)
        assert amount.tolist() == pytest.approx([-np.log(2), np.log(2)] * 2)

    def test_an_unknown_amount_is_a_usual_one(self):
        history = ledger([(1, 0, 30, 30), (1, 0, 30, 30), (1, 0, 30, 30)], amount=[100.0, np.nan, -5.0])
        _terms, amount = Evidence(history).terms_and_amount(history)
        assert amount.tolist() == [0.0, 0.0, 0.0]


class TestOrder:
    @given(rows(), st.integers(0, 9))
    @settings(max_examples=40, deadline=None)
    def test_the_order_of_rows_is_nothing(self, drawn, seed):
        history = ledger(drawn).seen(on(400))
        one, other = ScoreModel().score(history), ScoreModel().score(shuffled(history, seed))
        assert np.allclose(one.probability, other.probability, atol=1e-9)
        assert (one.debtor == other.debtor).all()


class TestWeights:
    RANDOM = np.random.default_rng(4)
    EVIDENCE = RANDOM.normal(size=(4000, len(FACTORS)))
    MEAN = np.full(4000, 0.3)

    def drawn(self, truth):
        chance = 1 / (1 + np.exp(-(log_odds(self.MEAN) + self.EVIDENCE @ truth)))
        return (self.RANDOM.random(4000) < chance).astype(float)

    def test_they_find_what_is_true(self):
        truth = PRIOR_MEAN * 2
        weights = fit_weights(self.EVIDENCE, self.MEAN, self.drawn(truth), np.ones(4000))
        assert np.abs(weights.factors - truth).max() < 0.15

    def test_they_keep_their_sign(self):
        weights = fit_weights(self.EVIDENCE, self.MEAN, self.drawn(-PRIOR_MEAN), np.ones(4000))
        assert (weights.factors * SIGN >= 0).all()

    def test_few_outcomes_leave_the_general_ones(self):
        weights = fit_weights(self.EVIDENCE[:5], self.MEAN[:5], np.zeros(5), np.ones(5))
        assert np.abs(weights.factors - PRIOR_MEAN).max() < 0.5

    def test_too_small_a_ledger_teaches_none(self):
        assert fit_score(ledger(GOOD[:10])).weights.factors is PRIOR_MEAN


class TestExplanation:
    def test_factors_add_up_to_the_score(self):
        scores = fit_score(ledger(GOOD + BAD)).score(ledger(GOOD + BAD))
        added = log_odds(scores.probability) - log_odds(scores.segment_mean)
        assert np.allclose(scores.factors.sum(axis=1), added)

    def test_the_weightiest_comes_first_with_its_sign(self):
        named = ScoreModel().score(ledger(GOOD + BAD)).explain(1)
        sizes = [abs(weight) for _name, weight in named]
        assert sizes == sorted(sizes, reverse=True)
        assert dict(named)["late_ever"] > 0


class TestCalibration:
    def test_reliability_by_hand(self):
        found = reliability(np.array([0.12, 0.18, 0.71, 1.0]), np.array([0.0, 1.0, 1.0, 1.0]))
        assert found.foretold.tolist() == pytest.approx([0.15, 0.71, 1.0])
        assert found.observed.tolist() == [0.5, 1.0, 1.0]
        assert found.number.tolist() == [2, 1, 1]

    def test_what_is_given_seventy_is_late_in_about_seventy(self):
        """Three customers late in 10, 50 and 90 % of cases, at random: foretold and observed agree."""
        random = np.random.default_rng(1)
        drawn = [
            (debtor, day, day + 20, day + 20 + 10 * (random.random() < chance))
            for debtor, chance in ((1, 0.1), (2, 0.5), (3, 0.9))
            for day in range(390)
        ]
        foretold, late = backtest_scores(ledger(drawn))
        found = reliability(foretold, late, bins=5)
        assert np.abs(found.foretold - found.observed).max() < 0.1
        assert len(foretold) > 400

    def test_the_future_changes_nothing(self):
        """What was foretold does not depend on what came of it, only its truth does."""
        history = ledger(GOOD + BAD)
        last = on(330)
        other = ledger([row if row[3] <= 330 else (*row[:3], 395) for row in GOOD + BAD])
        model, model_other = fit_score(history.seen(last)), fit_score(other.seen(last))
        assert (model.weights.factors == model_other.weights.factors).all()
        assert (model.score(history.seen(last)).probability == model.score(other.seen(last)).probability).all()
