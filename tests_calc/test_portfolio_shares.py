"""Debtors dealt out among collectors: in turns, by shares, and never unfairly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.portfolio_shares import deal

teams = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=6)


class TestDealing:
    def test_equal_shares_take_turns(self):
        assert deal(5, [0, 0], [1, 1]) == [0, 1, 0, 1, 0]

    def test_a_double_share_gets_two_of_three(self):
        assert sorted(deal(6, [0, 0], [2, 1])) == [0, 0, 0, 0, 1, 1]

    def test_who_has_less_is_served_first(self):
        assert deal(3, [3, 0], [1, 1]) == [1, 1, 1]

    def test_nothing_to_deal_needs_nobody(self):
        assert deal(0, [], []) == []

    def test_nobody_to_deal_to_is_refused(self):
        with pytest.raises(ValueError, match="positive share"):
            deal(1, [], [])

    def test_a_share_of_zero_is_refused(self):
        with pytest.raises(ValueError, match="positive share"):
            deal(1, [0, 0], [1, 0])

    @given(st.integers(0, 60), teams)
    def test_everything_is_dealt(self, count, team):
        loads, shares = zip(*team, strict=True)
        dealt = deal(count, loads, shares)
        assert len(dealt) == count
        assert set(dealt) <= set(range(len(team)))

    @given(st.integers(1, 60), teams)
    def test_nobody_is_given_one_that_another_should_have_had(self, count, team):
        loads, shares = zip(*team, strict=True)
        dealt = deal(count, loads, shares)
        after = [load + dealt.count(rank) for rank, load in enumerate(loads)]
        for rank in set(dealt):
            last = Fraction(after[rank], shares[rank])
            assert all(last <= Fraction(load + 1, share) for load, share in zip(after, shares, strict=True))

    @given(st.integers(0, 40), st.integers(0, 40), teams)
    def test_dealt_in_two_goes_it_is_the_same(self, first, second, team):
        loads, shares = zip(*team, strict=True)
        begun = deal(first, loads, shares)
        between = [load + begun.count(rank) for rank, load in enumerate(loads)]
        assert begun + deal(second, between, shares) == deal(first + second, loads, shares)
