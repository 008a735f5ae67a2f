"""Which item is paid by which promised sum: sums and items side by side, in their order, each euro used once."""

import numpy as np

# Less than that of a currency's unit is the rest of a division, not money.
DUST = 1e-6


def share_out(
    said_group: np.ndarray, said_amount: np.ndarray, item_group: np.ndarray, item_amount: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each promised sum takes of each item of its group: positions of sums, positions of items, amounts.

    Groups are whole numbers from 0 (an agreement; a promise); within one, sums and items are taken in the order in
    which they are given, the first sum for the first items. What is promised beyond the items goes to none of them.
    """
    said_start, said_end = _stretches(said_group, said_amount)
    item_start, item_end = _stretches(item_group, item_amount)
    in_order = np.argsort(item_group, kind="stable")
    first = np.searchsorted(item_group[in_order], said_group, "left")
    number = np.searchsorted(item_group[in_order], said_group, "right") - first
    said = np.repeat(np.arange(len(said_group)), number)
    place = np.arange(len(said)) - np.repeat(np.cumsum(number) - number, number)
    item = in_order[np.repeat(first, number) + place]
    taken = np.minimum(said_end[said], item_end[item]) - np.maximum(said_start[said], item_start[item])
    is_taken = taken > DUST
    return said[is_taken], item[is_taken], taken[is_taken]


def _stretches(group: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From where to where each amount reaches when those of its group are laid end to end."""
    in_order = np.argsort(group, kind="stable")
    laid = np.maximum(amount[in_order], 0.0)
    until = np.cumsum(laid)
    begins = np.diff(group[in_order], prepend=-1) != 0
    # What lay before a group began: sums never fall, so that the greatest so far is its own.
    before = np.maximum.accumulate(np.where(begins, until - laid, 0.0))
    start, end = np.empty(len(group)), np.empty(len(group))
    start[in_order], end[in_order] = until - laid - before, until - before
    return start, end
