"""How a score is read: points by factor, and how far the probabilities were off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.score_reading import mean_gap, overall, points_of

probabilities = st.floats(0, 1)
weights = st.floats(-6, 6)


class TestPoints:
    @pytest.mark.parametrize(
        ("probability", "weight", "points"),
        [
            # Odds of 1 to 1, without the factor 1 to 3: a score of 50 that would be 75.
            (0.5, 1.0986122886681098, -25),
            (0.5, -1.0986122886681098, 25),
            (0.2, 0.0, 0),
            (0.9, 2.1972245773362196, -40),
        ],
    )
    def test_are_the_score_less_the_score_without_the_factor(self, probability, weight, points):
        assert points_of(probability, weight) == points

    @given(probabilities, weights)
    def test_of_what_makes_late_are_never_positive(self, probability, weight):
        assert points_of(probability, weight) * weight <= 0

    @given(probabilities, weights)
    def test_are_never_more_than_there_are(self, probability, weight):
        assert -100 <= points_of(probability, weight) <= 100


class TestCalibration:
    BINS = [(0.1, 0.2, 30), (0.8, 0.7, 10)]

    def test_the_gap_is_the_mean_over_the_invoices(self):
        assert mean_gap([(0.1, 0.2, 30), (0.8, 0.4, 10)]) == pytest.approx(0.175)

    def test_overall_gaps_of_opposite_signs_make_up_for_each_other(self):
        foretold, observed, number = overall(self.BINS)
        assert (foretold, observed, number) == pytest.approx((0.275, 0.325, 40))

    def test_nothing_foretold_has_no_gap(self):
        with pytest.raises(ZeroDivisionError):
            mean_gap([])
