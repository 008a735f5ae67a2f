"""The evaluation never looks ahead, and measures what it says."""

import gzip
from dataclasses import replace

import numpy as np
import pytest
from receivables import days, ledger, on

from calc.payment_history import day_numbers
from evaluation.measures import area_under_curve, brier, coverage
from evaluation.methods import Collection, CustomerMean, CustomerMedian, DueDate, RollRate
from evaluation.receivables import read_receivables
from evaluation.walk import Truth, walk

HEADER = "invoice_id,customer_id,issue_date,due_date,paid_date,removed_date,amount,disputed\n"
LINES = HEADER + (
    "B,Zoé,2025-02-03,2025-03-05,,2025-03-01,,\n"
    "A,Ann,2025-01-06,2025-02-05,2025-02-10,,120.50,1\n"
    "C,Ann,2025-02-04,2025-03-06,,,80,0\n"
)


class Noting:
    """A method that notes what it says on each day."""

    def __init__(self, method):
        self.method, self.name, self.said = method, method.name, {}

    def learn(self, past):
        self.method.learn(past)
        self.day = past.as_of

    def __getattr__(self, question):
        def ask(items, *more):
            answer = getattr(self.method, question)(items, *more)
            self.said[self.day, question, tuple(items.debtor), tuple(items.due)] = answer
            return answer

        return ask


def a_year(seed=5):
    random = np.random.default_rng(seed)
    rows = []
    for debtor in range(1, 13):
        for issued in range(int(random.integers(0, 15)), 340, 15):
            delay = random.normal(debtor, 6)
            rows.append((debtor, issued, issued + 30, max(issued, issued + 30 + int(delay))))
    return ledger(rows, as_of=420, amount=random.lognormal(5, 1, len(rows)))


class TestNoLookAhead:
    def test_changing_the_future_changes_nothing(self):
        """Whatever is paid, withdrawn or disputed after a day: all that was said until that day stays the same."""
        truth = a_year()
        turn = np.datetime64(on(290))
        later = truth.paid > turn
        never = np.datetime64("NaT", "D")
        changed = replace(
            truth,
            paid=np.where(later, never, truth.paid),
            removed=np.where(later & (truth.debtor % 2 == 0), truth.paid + 50, never),
            disputed_on=np.where(truth.issued > turn, truth.issued + 400, never),
        )
        said = []
        for history in (truth, changed):
            methods = [Noting(kind()) for kind in (Collection, DueDate, CustomerMean, CustomerMedian, RollRate)]
            walk(history, methods, every=10)
            said.append({(method.name, *asked): answer for method in methods for asked, answer in method.said.items()})
        before = [asked for asked in said[0] if asked[1] <= turn.item()]
        assert len(before) > 40
        for asked in before:
            assert np.array_equal(np.asarray(said[0][asked]), np.asarray(said[1][asked])), asked
        assert any(
            not np.array_equal(answer, said[1][asked])
            for asked, answer in said[0].items()
            if asked in said[1] and answer is not None
        )

    def test_only_the_past_is_handed_over(self):
        class Suspicious(DueDate):
            def learn(self, past):
                super().learn(past)
                last = np.datetime64(past.as_of)
                assert past.issued.max() <= last
                for known in (past.paid, past.removed, past.disputed_on):
                    assert not (known > last).any()

        assert walk(a_year(), [Suspicious()])["due date"].late


class TestProtocol:
    def test_the_last_three_in_ten_are_tested(self):
        truth = Truth(a_year())
        assert len(truth.tested) == pytest.approx(0.3 * len(truth.issued), abs=1)

    def test_every_question_has_an_answer_or_none(self):
        tables = {
            name: answers.table() for name, answers in walk(a_year(), [Collection(), RollRate()], every=10).items()
        }
        assert not any(np.isnan(value) for value in tables["this project"].values())
        assert np.isnan(tables["roll rate"]["auc"])
        assert tables["roll rate"]["cash_error"] > 0

    def test_the_due_date_is_wrong_by_the_delay(self):
        rows = [(1, day, day + 30, day + 37) for day in range(300)]
        table = walk(ledger(rows, as_of=400, amount=np.ones(300)), [DueDate()])["due date"].table()
        assert table["issue_days"] == 7.0

    def test_what_is_never_seen_paid_is_late_and_has_no_day(self):
        rows = [(1, day, day + 30, None if day > 200 else day + 30) for day in range(300)]
        answers = walk(ledger(rows, as_of=400), [CustomerMean()])["customer mean"]
        assert np.concatenate(answers.late, axis=1)[-1].all()
        assert sum(part.shape[1] for part in answers.issue) == 0


class TestReading:
    def test_a_file_is_read_by_issue_date(self, tmp_path):
        path = tmp_path / "some.csv"
        path.write_text(LINES, encoding="utf-8")
        history = read_receivables(path)
        assert history.issued.astype(str).tolist() == ["2025-01-06", "2025-02-03", "2025-02-04"]
        assert history.as_of == on(0).replace(month=3, day=1)
        assert history.is_open().tolist() == [False, False, True]
        assert history.debtor[0] == history.debtor[2] != history.debtor[1]
        assert np.isnan(history.amount[1])
        assert history.disputed_on[0] == history.paid[0]

    def test_gzipped_and_disputes_from_the_first_day(self, tmp_path):
        path = tmp_path / "some.csv.gz"
        path.write_bytes(gzip.compress(LINES.encode()))
        assert read_receivables(path, "issue").disputed_on[0] == days([0])[0]

    def test_a_file_without_invoices_is_refused(self, tmp_path):
        path = tmp_path / "none.csv"
        path.write_text(HEADER)
        with pytest.raises(ValueError, match="no invoice"):
            read_receivables(path)


class TestMeasures:
    def test_area_under_the_curve_by_hand(self):
        # Of four pairs: right, tied, right, right.
        chances, came = np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])
        assert area_under_curve(chances, came) == 0.875

    def test_area_needs_both(self):
        assert np.isnan(area_under_curve(np.array([0.5]), np.array([True])))

    def test_brier_by_hand(self):
        assert brier(np.array([0.5, 1.0]), np.array([1.0, 1.0])) == 0.125

    def test_coverage_by_hand(self):
        one_to_three = np.array([1, 1, 1]), np.array([3, 3, 3])
        assert coverage(*one_to_three, np.array([1, 3, 4])) == pytest.approx(2 / 3)


def test_days_are_numbers_from_1970():
    assert day_numbers(np.array(["1970-01-02"], "datetime64[D]")).tolist() == [1]
