"""How a dispute goes from stage to stage, and what it leaves out of the claim on the way.

A decision is not undone in silence: what was chased in between would no longer be explained. It is taken back on the
day it was made, before anything was credited; later, the customer contests anew.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Stage(StrEnum):
    """Where a dispute stands."""

    TO_QUALIFY = "to_qualify"
    STUDY = "study"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Stage.TO_QUALIFY, Stage.STUDY})
CONCEDED = frozenset({Stage.ACCEPTED, Stage.PARTLY})
DECIDED = frozenset(Stage) - OPEN

TRANSITIONS = {
    Stage.TO_QUALIFY: frozenset({Stage.STUDY, Stage.WITHDRAWN}),
    Stage.STUDY: frozenset({Stage.TO_QUALIFY}) | DECIDED,
    # Only while the decision can be taken back: see can_move().
    **{stage: frozenset({Stage.STUDY}) for stage in DECIDED},
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision made about a dispute: when, and whether a credit note of it is already in the books."""

    on: date
    is_credited: bool = False

    def can_be_taken_back(self, today: date) -> bool:
        """Whether nothing was built on it yet."""
        return not self.is_credited and self.on == today


def can_move(stage: Stage, target: Stage, today: date, decision: Decision | None = None) -> bool:
    """Whether a dispute may go from ``stage`` to ``target`` today, its ``decision`` made if it has one."""
    if target not in TRANSITIONS[stage]:
        return False
    return stage in OPEN or (decision is not None and decision.can_be_taken_back(today))


def stands_for(stage: Stage, disputed: Decimal, accepted: Decimal) -> Decimal:
    """What a dispute keeps out of the claim: all that is contested, then what was conceded and is not credited yet."""
    if stage in OPEN:
        return disputed
    return accepted if stage in CONCEDED else Decimal(0)


def rejected_of(stage: Stage, disputed: Decimal, accepted: Decimal) -> Decimal:
    """What was refused: nothing before the decision, nor of what the customer gave up himself."""
    return disputed - accepted if stage in CONCEDED | {Stage.REJECTED} else Decimal(0)
