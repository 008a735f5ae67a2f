from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..calc.instalments import Flaw, ImpossibleSchedule, Interest, Period, propose_instalments
from .collection_interest_reference import to_percent


class CollectionAgreement(models.Model):
    """The instalments laid out from what the user asks for; he changes them by hand as he likes."""

    _inherit = "collection.agreement"

    obstacle = fields.Char(compute="_compute_obstacle", help="Why no schedule answers what is asked for.")

    @api.depends(
        "principal",
        "split_by",
        "instalment_count",
        "instalment_amount",
        "first_date",
        "period",
        "down_payment",
        "down_payment_date",
    )
    def _compute_obstacle(self):
        for agreement in self:
            agreement.obstacle = False
            if agreement.state == "draft" and agreement.item_ids and agreement.first_date:
                try:
                    agreement._propose_instalments()
                except ImpossibleSchedule as error:
                    agreement.obstacle = agreement._describe_flaw(error.flaw)

    @api.onchange("interest_mode", "item_ids")
    def _onchange_interest_mode(self):
        """Interest in the instalments is that of the law unless somebody says otherwise; what has run so far too."""
        if self.interest_mode != "included":
            self.interest_percent = self.past_interest = 0
        elif self.item_ids and not self.interest_percent:
            self.interest_percent, self.past_interest = self._get_legal_interest()

    @api.onchange(
        "item_ids",
        "split_by",
        "instalment_count",
        "instalment_amount",
        "first_date",
        "period",
        "on_working_days",
        "down_payment",
        "down_payment_date",
        "interest_mode",
        "interest_percent",
        "past_interest",
    )
    def _onchange_request(self):
        """Another request lays the instalments out anew."""
        if self.state != "draft" or not self.first_date:
            return
        self._compute_principal()
        try:
            commands = self._prepare_instalments()
        except ImpossibleSchedule:
            # Said by ``obstacle``, without a dialog at each key.
            commands = []
        self.instalment_ids = [Command.clear(), *commands]

    def action_lay_out(self):
        """Lay the instalments out anew, on what is open now. Raises UserError where no schedule answers the request."""
        for agreement in self:
            agreement._check_draft()
            agreement._compute_principal()
            try:
                commands = agreement._prepare_instalments()
            except ImpossibleSchedule as error:
                raise UserError(agreement._describe_flaw(error.flaw)) from error
            agreement.instalment_ids.unlink()
            agreement.instalment_ids = commands
        return True

    def _prepare_instalments(self):
        return [
            Command.create(
                {
                    "due_date": line.due,
                    "principal": float(line.principal),
                    "interest": float(line.interest),
                    "is_down_payment": line.is_down_payment,
                }
            )
            for line in self._propose_instalments()
        ]

    def _propose_instalments(self):
        """The instalments as plain values. Raises ImpossibleSchedule."""
        currency = self.currency_id
        by_number = self.split_by == "number"
        return propose_instalments(
            currency._to_decimal(self.principal),
            self.first_date,
            Period(self.period),
            count=self.instalment_count if by_number else None,
            amount=None if by_number else currency._to_decimal(self.instalment_amount),
            down_payment=currency._to_decimal(self.down_payment),
            down_payment_on=self.down_payment_date or self._get_today(),
            interest=self._get_instalment_interest(),
            calendar=self.company_id._get_working_calendar() if self.on_working_days else None,
            decimals=currency.decimal_places,
        )

    def _get_today(self):
        return (self.company_id or self.env.company.root_id)._get_collection_today()

    def _get_instalment_interest(self):
        """Interest in the instalments, from tomorrow on; None where they carry none."""
        if self.interest_mode != "included":
            return None
        return Interest(
            percent=to_percent(self.interest_percent),
            runs_after=self._get_today(),
            past=self.currency_id._to_decimal(self.past_interest),
        )

    def _get_legal_interest(self):
        """(yearly rate of late-payment interest today, interest so far), as the items' rules have them; 0 if none."""
        items = self.item_ids._origin
        today = self._get_today()
        claims = [claim for claim in items._compute_interest(today).values() if claim.claimed]
        percents = [line.percent for claim in claims for line in claim.statement.lines[-1:] if line.percent]
        same_currency = [claim.interest for claim in claims if claim.currency == self.currency_id]
        return float(max(percents, default=0)), float(sum(same_currency))

    def _describe_flaw(self, flaw):
        return {
            Flaw.NO_DEBT: self.env._("Nothing is open of these invoices."),
            Flaw.NO_INSTALMENT: self.env._("Enter how many instalments there are."),
            Flaw.TOO_MANY: self.env._("That makes more than 120 instalments: fewer, or larger ones."),
            Flaw.TOO_SMALL: self.env._("The instalments would be too small."),
            Flaw.DOWN_PAYMENT: self.env._("The down payment is a part of the debt, not all of it."),
            Flaw.DOWN_PAYMENT_DAY: self.env._(
                "The down payment comes before the first instalment: change one of the dates."
            ),
            Flaw.SAME_DAY: self.env._("Two instalments would fall on the same working day: space them out."),
        }[flaw]
