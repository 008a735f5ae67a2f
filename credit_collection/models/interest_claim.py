from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ..calc.interest import Statement


@dataclass(frozen=True, slots=True)
class InterestHistory:
    """What has become of the interest of an item before: it is not claimed a second time."""

    invoiced_until: date | None = None  # interest of the days up to it was invoiced
    invoiced: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    has_lump_sum: bool = False  # the lump sum was invoiced or waived


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestClaim:
    """What an item bears for being late, and how much of it is claimed.

    ``statement`` is what is claimed, line by line; ``computed`` what runs in law, a disputed part and what a
    proceeding forbids to claim included. Amounts of both are in ``currency``.
    """

    currency: Any  # res.currency
    rule: Any  # collection.interest.rule, empty where none applies
    until: date
    claimed: bool
    reason: str = ""  # why nothing is claimed, in the user's language
    statement: Statement = field(default_factory=Statement)
    computed: Statement = field(default_factory=Statement)
    waived: Decimal = Decimal(0)  # to be taken off the statement
    invoiced: Decimal = Decimal(0)  # for days before those of the statement
    lump_sum: Decimal = Decimal(0)
    lump_sum_currency: Any = None  # res.currency
    mention: str = ""  # legal basis, in the language of the environment

    @property
    def interest(self) -> Decimal:
        """Interest claimed: what the statement leaves to pay, less what was waived."""
        return max(Decimal(0), self.statement.outstanding - self.waived)

    @property
    def is_complete(self) -> bool:
        """Whether a rate was published for every day of the statement."""
        return self.statement.is_complete
