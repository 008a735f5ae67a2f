"""Customers with a past: what they paid and when, read into the history, and scored."""

from .common import CollectionCase, day


class ScoreCase(CollectionCase):
    """A French company on Tuesday 10 March 2026; scores are as of the day before."""

    @classmethod
    def refresh_history(cls):
        """What the night reads; the number of rows that changed."""
        cls.env.flush_all()
        return cls.env["collection.payment.history"]._refresh(cls.company)

    @classmethod
    def rows_of(cls, *moves):
        """Rows of the history about the instalments of the moves, the earliest due date first."""
        lines = cls.env["account.move"].union(*moves).line_ids
        found = cls.env["collection.payment.history"].search([("move_line_id", "in", lines.ids)], order="due, id")
        found.invalidate_recordset()
        return found

    @classmethod
    def make_payer(cls, name, delays, amount=1000, every=30, **partner):
        """A customer whose invoices were paid so many days after their due dates, None for never, oldest first.

        One fell due every ``every`` days, the last of them so many days ago.
        """
        customer = cls.make_partner(name, **partner)
        for rank, delay in enumerate(reversed(delays), start=1):
            due = day(-every * rank)
            invoice = cls.make_invoice(customer, amount, due=due)
            if delay is not None:
                cls.pay(invoice, amount, on=day(-every * rank + delay))
        return customer

    @classmethod
    def score(cls, as_of=None):
        """What the night scores."""
        cls.env.flush_all()
        cls.env["collection.debtor"]._score_company(cls.company, as_of)
        cls.env.invalidate_all()
