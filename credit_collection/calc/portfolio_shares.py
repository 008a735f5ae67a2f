"""How the debtors of a portfolio are dealt out among its collectors."""

from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heapreplace


def deal(count: int, loads: Sequence[int], shares: Sequence[int]) -> list[int]:
    """Ranks of the members to whom ``count`` debtors go, one after the other.

    Each goes to the member who, with it, would be the least loaded for his share (the method of D'Hondt): what members
    already have counts, and is never taken away. ``shares`` are positive; equal ones deal in turns.
    """
    if not count:
        return []
    if not shares or len(loads) != len(shares) or any(share <= 0 for share in shares):
        raise ValueError("Each member needs a load and a positive share")
    members = enumerate(zip(loads, shares, strict=True))
    turns = [(Fraction(load + 1, share), rank, load) for rank, (load, share) in members]
    heapify(turns)
    dealt = []
    for _turn in range(count):
        _quotient, rank, load = turns[0]
        dealt.append(rank)
        heapreplace(turns, (Fraction(load + 2, shares[rank]), rank, load + 1))
    return dealt
