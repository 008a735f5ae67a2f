"""What was promised or blocked goes before what was foretold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from receivables import EVERY_DAY, days, on

from calc.payment_dates import DateForecast
from calc.payment_holds import Holds, apply_holds, kept_rate


def foretold(chances, as_of=100):
    chances = np.array(chances, np.float32)
    day = days([as_of + 1] * len(chances))
    return DateForecast(on(as_of), chances, 1.0 - chances.sum(axis=1), day, day, day)


def holds(*said):
    item, offset, share, kept, is_promise = zip(*said, strict=True)
    return Holds(
        np.array(item), days(offset), np.array(share, float), np.array(kept, float), np.array(is_promise, bool)
    )


EVEN = [[0.25, 0.25, 0.25, 0.25], [0.5, 0.0, 0.0, 0.0]]


class TestPromises:
    def test_a_promise_is_kept_by_its_chance_and_else_comes_after(self):
        forecast, committed = apply_holds(foretold(EVEN), holds((0, 102, 1, 0.6, True)), EVERY_DAY)
        assert forecast.probability[0].tolist() == pytest.approx([0.0, 0.6, 0.2, 0.2])
        assert (committed.item.tolist(), committed.day.tolist(), committed.share.tolist()) == ([0], [1], [0.6])

    def test_other_items_stay_as_foretold(self):
        forecast, _committed = apply_holds(foretold(EVEN), holds((0, 102, 1, 0.6, True)), EVERY_DAY)
        assert forecast.probability[1].tolist() == EVEN[1]
        assert forecast.beyond[1] == 0.5

    def test_a_part_promised_leaves_the_rest_as_foretold(self):
        forecast, _committed = apply_holds(foretold(EVEN), holds((0, 104, 0.5, 1, True)), EVERY_DAY)
        assert forecast.probability[0].tolist() == pytest.approx([0.125, 0.125, 0.125, 0.625])

    def test_instalments_come_each_on_its_day(self):
        schedule = holds((0, 101, 0.5, 1, True), (0, 103, 0.5, 1, True))
        forecast, committed = apply_holds(foretold(EVEN), schedule, EVERY_DAY)
        assert forecast.probability[0].tolist() == pytest.approx([0.5, 0.0, 0.5, 0.0])
        assert committed.share.sum() == pytest.approx(1.0)

    def test_what_was_promised_twice_comes_once(self):
        twice = holds((0, 101, 1, 1, True), (0, 103, 1, 1, True))
        forecast, _committed = apply_holds(foretold(EVEN), twice, EVERY_DAY)
        assert forecast.probability[0].tolist() == pytest.approx([0.5, 0.0, 0.5, 0.0])

    def test_beyond_the_horizon_nothing_is_committed_within(self):
        forecast, committed = apply_holds(foretold(EVEN), holds((0, 150, 1, 1, True)), EVERY_DAY)
        assert len(committed.item) == 0
        assert forecast.beyond[0] == pytest.approx(1.0)
        assert forecast.p50[0] == days([150])[0]

    def test_a_day_already_past_is_tomorrow(self):
        forecast, _committed = apply_holds(foretold(EVEN), holds((0, 90, 1, 1, True)), EVERY_DAY)
        assert forecast.probability[0, 0] == pytest.approx(1.0)


class TestDisputes:
    def test_nothing_comes_before_its_day_and_then_only_a_part(self):
        forecast, committed = apply_holds(foretold(EVEN), holds((0, 103, 1, 0.5, False)), EVERY_DAY)
        assert forecast.probability[0].tolist() == pytest.approx([0.0, 0.0, 0.25, 0.25])
        assert forecast.beyond[0] == pytest.approx(0.5)
        assert len(committed.item) == 0


SAID = st.lists(
    st.tuples(st.integers(0, 1), st.integers(95, 110), st.floats(0, 1), st.floats(0, 1), st.booleans()),
    min_size=1,
    max_size=6,
)


class TestAnythingSaid:
    @given(SAID)
    @settings(max_examples=100, deadline=None)
    def test_probabilities_sum_to_one_and_quantiles_are_ordered(self, said):
        forecast, committed = apply_holds(foretold(EVEN), holds(*said), EVERY_DAY)
        assert (forecast.probability >= 0).all()
        assert np.allclose(forecast.probability.sum(axis=1) + forecast.beyond, 1, atol=1e-6)
        assert (forecast.p10 <= forecast.p50).all()
        assert (forecast.p50 <= forecast.p90).all()
        within = np.bincount(committed.item, committed.share, 2)
        assert (within <= forecast.probability.sum(axis=1) + 1e-6).all()


class TestKeptRates:
    def test_no_record_is_the_usual_rate(self):
        assert kept_rate(np.array([0]), np.array([0]), 0.6).tolist() == [0.6]

    def test_a_record_outweighs_it(self):
        assert kept_rate(np.array([10]), np.array([30]), 0.6).tolist() == [0.4]
