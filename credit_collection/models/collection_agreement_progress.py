from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import api, fields, models

from ..calc.commitments import Commitment, Receipt, State, allot
from ..calc.instalments import shorten

MISSED = (State.PARTLY.value, State.BROKEN.value)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """What has become of an instalment by today; amounts in the agreement's currency."""

    owed: Decimal  # what is left of its amount after credit notes and write-offs
    paid: Decimal = NOTHING
    settled_on: date | None = None
    state: str = State.OPEN.value
    is_missed: bool = False  # grace included, in an agreement that is in force


class CollectionAgreement(models.Model):
    """What was paid of agreements, read from the reconciliations of their items."""

    _inherit = "collection.agreement"

    paid = fields.Monetary(compute="_compute_progress")
    remaining = fields.Monetary(compute="_compute_progress", string="Left to pay")
    paid_percent = fields.Float(compute="_compute_progress", string="Paid (%)", aggregator=None)
    next_date = fields.Date(compute="_compute_progress", string="Next Instalment on")
    next_amount = fields.Monetary(compute="_compute_progress", string="Next Instalment")
    missed_amount = fields.Monetary(compute="_compute_progress", string="Missed")
    missed_since = fields.Date(compute="_compute_progress")
    to_warn = fields.Boolean(
        string="To warn",
        compute="_compute_progress",
        search="_search_to_warn",  # see collection_agreement_missed.py
        help="An instalment was missed, and the customer has not been warned of it.",
    )
    to_revoke = fields.Boolean(
        string="Revocation proposed",
        compute="_compute_progress",
        search="_search_to_revoke",
        help="The time to regularise is over, and the instalment is still missed.",
    )

    def _compute_progress(self):
        progress = self._read_progress()
        for agreement in self:
            found = [(line, progress.get(line._origin)) for line in agreement.instalment_ids.sorted("due_date")]
            found = [(line, now) for line, now in found if now]
            owed = sum((now.owed for _line, now in found), NOTHING)
            paid = sum((now.paid for _line, now in found), NOTHING)
            agreement.paid = float(paid)
            agreement.remaining = float(owed - paid) if found else agreement.total
            agreement.paid_percent = float(100 * paid / owed) if owed else 0.0
            awaited = [(line, now) for line, now in found if now.owed > now.paid and not now.is_missed]
            agreement.next_date = awaited[0][0].due_date if awaited else False
            agreement.next_amount = float(awaited[0][1].owed - awaited[0][1].paid) if awaited else 0.0
            missed = [(line, now) for line, now in found if now.is_missed]
            agreement.missed_amount = float(sum((now.owed - now.paid for _line, now in missed), NOTHING))
            agreement.missed_since = missed[0][0].due_date if missed else False
            agreement.to_warn = agreement._has_missed_since_warning(missed)
            agreement.to_revoke = bool(missed) and not agreement.to_warn and agreement._is_time_over()

    def _has_missed_since_warning(self, missed):
        """Whether one of the instalments was not yet missed on the day of the last warning."""
        return any(
            not self.warned_on or fields.Date.add(line.due_date, days=self.grace_days) >= self.warned_on
            for line, _now in missed
        )

    def _is_time_over(self):
        return bool(self.regularise_until and self.regularise_until < self.company_id._get_collection_today())

    # -- reading -------------------------------------------------------------------------------------------------------

    def _read_progress(self):
        """{instalment: Progress} of the agreements that were given to their customers, today.

        Money received since the agreement was proposed pays the instalments in order, each euro once. Whatever else
        reduced the debt (credit notes, write-offs, money that had arrived before) shortens the schedule from its end.
        """
        given = self._origin.filtered("proposed_on")
        if not given:
            return {}
        # What was received of the items does not depend on who asks.
        given = given.sudo()
        receipts = given.line_ids.item_id._read_receipts(min(given.mapped("proposed_on")))
        progress = {}
        for agreement in given:
            progress |= agreement._allot(receipts)
        return {instalment.sudo(False): now for instalment, now in progress.items()}

    def _allot(self, receipts):
        """{instalment: Progress} of one agreement, given what was received of its items."""
        exact = self.currency_id._to_decimal
        money = [
            Receipt(day, exact(float(amount)))
            for item in self.line_ids.item_id
            for day, amount, _credit, is_credit_note in receipts[item]
            if day >= self.proposed_on and not is_credit_note
        ]
        instalments = self.instalment_ids.sorted("due_date")
        reduced = sum((exact(line.amount) - exact(line._get_residual()) for line in self.line_ids), NOTHING)
        otherwise = reduced - sum((receipt.amount for receipt in money), NOTHING)
        owed = dict(zip(instalments, shorten([exact(line.amount) for line in instalments], otherwise), strict=True))
        awaited = [line for line in instalments if owed[line]]
        kept = allot([Commitment(line.due_date, owed[line]) for line in awaited], money)
        progress = {line: Progress(owed=NOTHING, state="dropped") for line in instalments if not owed[line]}
        return progress | {
            line: self._make_progress(line, fulfilment) for line, fulfilment in zip(awaited, kept, strict=True)
        }

    def _make_progress(self, instalment, fulfilment):
        today = self.company_id._get_collection_today()
        state = fulfilment.state(today, self.grace_days).value
        return Progress(
            owed=fulfilment.commitment.amount,
            paid=fulfilment.paid,
            settled_on=fulfilment.settled_on,
            state=state,
            is_missed=self.state == "accepted" and state in MISSED,
        )

    def _is_fulfilled(self):
        """Whether nothing is left to pay."""
        self.ensure_one()
        progress = self._read_progress()
        return bool(progress) and all(now.owed == now.paid for now in progress.values())

    @api.model
    def _cron_follow(self):
        """Find the agreements that were kept to the end, and take in the invoices of their interest."""
        for agreement in self.search([("state", "=", "accepted")]):
            agreement._adopt_interest_invoice()
            if agreement._is_fulfilled():
                agreement._keep()
