from odoo import fields, models
from odoo.tools import format_amount, format_date

from .collection_decision import DEPENDS_CONTEXT


class CollectionDebtor(models.Model):
    """When a debtor's open items are expected to be paid: on its page, beside how late it usually pays."""

    _inherit = "collection.debtor"

    payment_date_ids = fields.One2many("collection.payment.date", "debtor_id", string="Expected Payment Dates")

    def _get_page_figures(self, decisions):
        """Say also when the next money is expected, and by when all of it."""
        return {**super()._get_page_figures(decisions), "expected": self._describe_expected(decisions)}

    def _describe_expected(self, decisions):
        """In words, by currency: what comes next and when, and the day by which all is expected.

        Of what is still open: what was foretold last night of an item that has been paid since is past.
        """
        still_open = set(decisions.ids)
        foretold = self.payment_date_ids.filtered(lambda item: item.move_line_id.id in still_open)
        return [
            {
                "currency_id": currency.id,
                "next": self._describe_next_payment(items, currency),
                "all": self._describe_last_payment(items),
                "as_of": format_date(self.env, items[:1].as_of),
            }
            for currency, items in foretold.grouped("currency_id").items()
        ]

    def _describe_next_payment(self, items, currency):
        in_sight = items.filtered("is_in_sight")
        if not in_sight:
            return self._describe_part_payment(items)
        first = min(in_sight.mapped("p50"))
        amount = sum(in_sight.filtered(lambda item: item.p50 == first).mapped("amount"))
        return self.env._(
            "%(amount)s on %(date)s",
            amount=format_amount(self.env, amount, currency),
            date=format_date(self.env, first),
        )

    def _describe_part_payment(self, items):
        """Of items of which the whole is not in sight: the day from which somebody said that a part comes."""
        days = items.filtered(lambda item: item.is_committed and item.p10).mapped("p10")
        if not days:
            return self.env._("No payment is in sight.")
        return self.env._("A part, from %s", format_date(self.env, min(days)))

    def _describe_last_payment(self, items):
        """The day by which the last item is expected, as likely as not; None where there is one item, or none."""
        if len(items) < 2 or not all(items.mapped("is_in_sight")):
            return None
        return format_date(self.env, max(items.mapped("p50")))

    def action_open_payment_dates(self):
        """When each of the debtor's open items is expected to be paid."""
        self.ensure_one()
        return self._open_linked("credit_collection.action_collection_payment_date")


class CollectionDecision(models.Model):
    """When each open item is expected to be paid, beside what is decided of it."""

    _inherit = "collection.decision"

    expected_on = fields.Date(string="Expected on", compute="_compute_expected", depends_context=DEPENDS_CONTEXT)
    expected_range = fields.Char(
        string="Expected between",
        compute="_compute_expected",
        depends_context=(*DEPENDS_CONTEXT, "lang"),
        help="Four payments in five fall between these two days.",
    )

    def _compute_expected(self):
        # The id of a decision is that of its journal item; its date is shown to whoever may read it.
        found = self.env["collection.payment.date"].search([("move_line_id", "in", self.ids)])
        by_line = {expected.move_line_id.id: expected for expected in found}
        for decision in self:
            expected = by_line.get(decision.id, found.browse())
            decision.expected_on = expected.is_in_sight and expected.p50
            decision.expected_range = expected._describe_range()


class CollectionPaymentDate(models.Model):
    _inherit = "collection.payment.date"

    def _describe_range(self):
        """The days between which four payments in five fall, in words; empty where none is in sight."""
        if not self.p10:
            return False
        first = format_date(self.env, self.p10)
        if not self.p90:
            return self.env._("from %s", first)
        return f"{first} – {format_date(self.env, self.p90)}"
