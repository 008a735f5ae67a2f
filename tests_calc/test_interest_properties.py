"""Late-payment interest on random debts, against a reference that counts one day after the other."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from calc.interest import Effect, Imputation, Mode, Movement, Rates, Terms, late_interest

DUE = date(2025, 5, 20)
LONGEST = 400

OFFSETS = st.integers(-30, LONGEST)
CENTS = st.integers(0, 2_000_000)
# (day, amount in cents, effect): no more of them than real debts have.
MOVEMENTS = st.lists(st.tuples(OFFSETS, CENTS, st.sampled_from(Effect)), max_size=5)
# Hundredths of a percent by day on which the rate begins; None where it was not published.
STEPS = st.dictionaries(OFFSETS, st.none() | st.integers(0, 2000), max_size=4)
# One in two begins with a known rate: most debts do.
RATES = st.tuples(st.none() | st.integers(0, 2000), STEPS).map(lambda drawn: {-31: drawn[0], **drawn[1]})
LENGTHS = st.integers(0, LONGEST)
MODES = st.sampled_from(Mode)
IMPUTATIONS = st.sampled_from(Imputation)
# Ten thousand debts drawn as bytes: quicker by far than as lists of tuples, and they shrink as well.
DEBTS = st.binary(min_size=48, max_size=48)


def on(offset):
    return DUE + timedelta(offset)


def decode_debt(drawn):
    """(cents, length, rates, movements, mode, stop) out of 48 bytes: two for a day, three for an amount."""
    days = [int.from_bytes(drawn[at : at + 2], "big") % (LONGEST + 31) - 30 for at in range(0, 22, 2)]
    amounts = [int.from_bytes(drawn[at : at + 3], "big") % 2_000_001 for at in range(22, 40, 3)]
    effects, unpublished, movement_count, rate_count, choices = drawn[40:45]
    percents = [None if unpublished >> rank & 9 == 9 else amounts[rank] % 2001 for rank in range(5)]
    movements = [(days[rank], amounts[rank], list(Effect)[(effects >> rank) % 3]) for rank in range(movement_count % 6)]
    rates = {-31: percents[4], **dict(zip(days[5 : 5 + rate_count % 5], percents, strict=False))}
    stop = max(days[9], 0) if choices & 6 == 6 else None
    return amounts[5], max(days[10], 0), rates, movements, list(Mode)[choices & 1], stop


def as_movements(drawn):
    return [Movement(on(offset), Decimal(cents).scaleb(-2), effect) for offset, cents, effect in drawn]


def as_rates(drawn):
    return Rates(
        tuple((on(offset), None if rate is None else Decimal(rate).scaleb(-2)) for offset, rate in drawn.items())
    )


def computed(cents, length, rates, movements, since=None, stop=None, **terms):
    return late_interest(
        Decimal(cents).scaleb(-2),
        DUE,
        on(length),
        as_rates(rates),
        as_movements(movements),
        terms=Terms(**terms),
        since=None if since is None else on(since),
        stopped_on=None if stop is None else on(stop),
    )


def rates_by_day(rates, length):
    """The rate of each day from the first that bears interest."""
    current, by_day = None, []
    for offset in range(-31, length + 1):
        current = rates.get(offset, current) if offset in rates else current
        if offset >= 1:
            by_day.append(current)
    return by_day


def day_by_day(cents, length, rates, movements, stop=None, mode=Mode.SPLIT, imputation=Imputation.PRINCIPAL):
    """Cents of interest (accrued, settled by payments), each day added to those before it."""
    daily_rates = rates_by_day(rates, length)
    principal = max(0, cents - sum(amount for _day, amount, effect in movements if effect is Effect.CORRECTION))
    by_day = {}
    for offset, amount, effect in movements:
        if effect is not Effect.CORRECTION:
            by_day.setdefault(max(offset, 0), []).append((amount, effect))
    accrued = settled = Fraction(0) if imputation is Imputation.INTEREST else 0
    for offset in range(length + 1):
        if offset >= 1 and (stop is None or offset < stop):
            rate = daily_rates[offset - 1] if mode is Mode.SPLIT else daily_rates[0]
            accrued += principal * (rate or 0)  # in cents × hundredths of a percent × days
        elif offset >= 1:
            break
        for amount, effect in sorted(by_day.get(offset, ()), key=lambda movement: movement[1].value):
            if imputation is Imputation.INTEREST and effect is Effect.PAYMENT:
                to_interest = min(Fraction(amount), (accrued - settled) / 3_650_000)
                settled += to_interest * 3_650_000
                amount -= to_interest
            principal = max(0, principal - amount)
    return tuple(floor(Fraction(total, 3_650_000) + Fraction(1, 2)) for total in (accrued, settled))


def in_cents(amount):
    return int(amount.scaleb(2))


class TestDayByDay:
    """The computation equals, to the cent, that of a clerk who counts every day."""

    @settings(max_examples=10_000, deadline=None)
    @given(DEBTS)
    def test_payments_settle_the_principal(self, drawn):
        cents, length, rates, movements, mode, stop = decode_debt(drawn)
        statement = computed(cents, length, rates, movements, stop=stop, mode=mode)
        expected, _settled = day_by_day(cents, length, rates, movements, stop, mode)
        assert in_cents(statement.total) == expected
        assert statement.paid == 0

    @settings(max_examples=500, deadline=None)
    @given(CENTS, st.integers(0, 120), RATES, MOVEMENTS, MODES)
    def test_payments_settle_interest_first(self, cents, length, rates, movements, mode):
        statement = computed(cents, length, rates, movements, mode=mode, imputation=Imputation.INTEREST)
        expected = day_by_day(cents, length, rates, movements, None, mode, Imputation.INTEREST)
        assert (in_cents(statement.total), in_cents(statement.paid)) == expected


class TestLinesAndTotal:
    """What is shown adds up, wherever a period is cut."""

    @settings(max_examples=400, deadline=None)
    @given(CENTS, LENGTHS, RATES, MOVEMENTS, MODES, IMPUTATIONS, LENGTHS)
    def test_lines_add_up_and_follow_each_other(self, cents, length, rates, movements, mode, imputation, since):
        statement = computed(cents, length, rates, movements, since=since, mode=mode, imputation=imputation)
        assert sum(line.amount or 0 for line in statement.lines) == statement.total
        for line, following in zip(statement.lines, statement.lines[1:], strict=False):
            assert line.start <= line.end < following.start
        assert all(line.base > 0 or line.amount in (0, None) for line in statement.lines)

    @settings(max_examples=400, deadline=None)
    @given(CENTS, LENGTHS, RATES, MOVEMENTS, MODES, IMPUTATIONS, st.sets(st.integers(1, LONGEST - 1), max_size=4))
    def test_any_split_of_a_period_adds_up(self, cents, length, rates, movements, mode, imputation, cuts):
        def part(since, end):
            return computed(cents, end, rates, movements, since=since, mode=mode, imputation=imputation)

        ends = [*sorted(cut for cut in cuts if cut < length), length]
        parts = [part(start, end) for start, end in zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True)]
        whole = part(None, length)
        assert sum(statement.total for statement in parts) == whole.total
        assert sum(statement.paid for statement in parts) == whole.paid


class TestPayingPays:
    """Whoever pays more, or earlier, never owes more interest."""

    @settings(max_examples=400, deadline=None)
    @given(CENTS, LENGTHS, RATES, MOVEMENTS, MODES, IMPUTATIONS, OFFSETS, CENTS)
    def test_one_payment_more(self, cents, length, rates, movements, mode, imputation, offset, amount):
        terms = {"mode": mode, "imputation": imputation}
        more = [*movements, (offset, amount, Effect.PAYMENT)]
        assert (
            computed(cents, length, rates, more, **terms).total
            <= computed(cents, length, rates, movements, **terms).total
        )

    @settings(max_examples=400, deadline=None)
    @given(CENTS, LENGTHS, RATES, MOVEMENTS, MODES, IMPUTATIONS, OFFSETS, CENTS, LENGTHS)
    def test_the_same_payment_earlier(self, cents, length, rates, movements, mode, imputation, offset, amount, days):
        terms = {"mode": mode, "imputation": imputation}
        late = [*movements, (offset, amount, Effect.PAYMENT)]
        early = [*movements, (offset - days, amount, Effect.PAYMENT)]
        assert (
            computed(cents, length, rates, early, **terms).total <= computed(cents, length, rates, late, **terms).total
        )

    @settings(max_examples=300, deadline=None)
    @given(CENTS, LENGTHS, RATES, MOVEMENTS, MODES, IMPUTATIONS, st.randoms())
    def test_the_order_of_movements_changes_nothing(self, cents, length, rates, movements, mode, imputation, random):
        # All on one day of three: what comes on the same day comes in no order.
        crowded = [(offset // 150 * 150, amount, effect) for offset, amount, effect in movements]
        shuffled = random.sample(crowded, len(crowded))
        terms = {"mode": mode, "imputation": imputation}
        assert computed(cents, length, rates, shuffled, **terms) == computed(cents, length, rates, crowded, **terms)
