"""How promised sums are laid on open items: by hand, and what must hold of any."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calc.hold_shares import share_out

amounts = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 1000)), max_size=12)


def laid(said, items):
    """[(sum, item, amount)] of (group, amount) rows."""
    columns = [
        np.array([row[at] for row in rows], kind) for rows in (said, items) for at, kind in ((0, int), (1, float))
    ]
    return list(zip(*(part.tolist() for part in share_out(*columns)), strict=True))


class TestSumsOnItems:
    def test_the_first_sum_pays_the_first_items(self):
        said = [(0, 100), (0, 100)]
        assert laid(said, [(0, 60), (0, 90), (0, 50)]) == [(0, 0, 60.0), (0, 1, 40.0), (1, 1, 50.0), (1, 2, 50.0)]

    def test_what_is_promised_beyond_the_items_pays_nothing(self):
        assert laid([(0, 500)], [(0, 60)]) == [(0, 0, 60.0)]

    def test_what_nobody_promised_stays_open(self):
        assert laid([(0, 10)], [(0, 60), (0, 5)]) == [(0, 0, 10.0)]

    def test_groups_do_not_meet(self):
        assert laid([(1, 40), (0, 30)], [(0, 50), (1, 10), (2, 90)]) == [(0, 1, 10.0), (1, 0, 30.0)]

    def test_a_credit_takes_no_promise(self):
        assert laid([(0, 30)], [(0, -20), (0, 50)]) == [(0, 1, 30.0)]

    def test_nothing_promised_or_nothing_open(self):
        assert laid([], [(0, 50)]) == []
        assert laid([(0, 50)], []) == []
        assert laid([], []) == []


class TestWhateverThePromises:
    @given(said=amounts, items=amounts)
    def test_each_euro_is_used_once(self, said, items):
        found = laid(said, items)
        for group in range(4):
            promised = sum(amount for at, amount in said if at == group)
            still_open = sum(amount for at, amount in items if at == group)
            taken = sum(amount for rank, _item, amount in found if said[rank][0] == group)
            assert round(taken, 6) == min(promised, still_open)

    @given(said=amounts, items=amounts)
    def test_no_sum_and_no_item_gives_more_than_it_has(self, said, items):
        found = laid(said, items)
        for rank, (_group, amount) in enumerate(said):
            assert sum(part for at, _item, part in found if at == rank) <= amount + 1e-6
        for rank, (_group, amount) in enumerate(items):
            assert sum(part for _said, at, part in found if at == rank) <= amount + 1e-6
