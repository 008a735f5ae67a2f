"""How a dispute goes from stage to stage."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.dispute_stages import (
    CONCEDED,
    DECIDED,
    OPEN,
    TRANSITIONS,
    Decision,
    Stage,
    can_move,
    rejected_of,
    stands_for,
)

TODAY = date(2026, 3, 10)

stages = st.sampled_from(Stage)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("stage", "target"),
    [
        ("to_qualify", "study"),
        ("to_qualify", "withdrawn"),
        ("study", "to_qualify"),
        ("study", "accepted"),
        ("study", "partly"),
        ("study", "rejected"),
        ("study", "withdrawn"),
    ],
)
def test_an_open_dispute_goes_this_way(stage, target):
    assert can_move(Stage(stage), Stage(target), TODAY)


@pytest.mark.parametrize("target", ["accepted", "partly", "rejected"])
def test_what_is_not_qualified_is_not_decided(target):
    assert not can_move(Stage.TO_QUALIFY, Stage(target), TODAY)


@given(stages)
def test_a_stage_does_not_lead_to_itself(stage):
    assert not can_move(stage, stage, TODAY, Decision(TODAY))


@given(st.sampled_from(sorted(DECIDED)), stages, days, st.booleans())
def test_a_decision_is_taken_back_on_its_day_only_and_before_any_credit(stage, target, today, credited):
    for on in (today, today - timedelta(days=1)):
        allowed = can_move(stage, target, today, Decision(on, credited))
        assert allowed == (target is Stage.STUDY and on == today and not credited)


@given(st.sampled_from(sorted(DECIDED)), stages)
def test_a_decision_nobody_knows_of_is_not_taken_back(stage, target):
    assert not can_move(stage, target, TODAY)


@given(stages, amounts, amounts)
def test_what_stands_and_what_is_refused_never_exceed_what_is_contested(stage, first, second):
    accepted, disputed = sorted((first, second))
    stands, refused = stands_for(stage, disputed, accepted), rejected_of(stage, disputed, accepted)
    assert 0 <= stands <= disputed
    assert 0 <= refused <= disputed
    if stage in CONCEDED:
        assert stands + refused == disputed


def test_what_stands_at_each_stage():
    disputed, accepted = Decimal(400), Decimal(150)
    assert {stage.value: stands_for(stage, disputed, accepted) for stage in Stage} == {
        "to_qualify": 400,
        "study": 400,
        "accepted": 150,
        "partly": 150,
        "rejected": 0,
        "withdrawn": 0,
    }


def test_every_stage_is_either_open_or_decided_and_reached():
    assert set(Stage) == OPEN | DECIDED
    assert set(TRANSITIONS) == set(Stage)
    assert frozenset().union(*TRANSITIONS.values()) == set(Stage)
