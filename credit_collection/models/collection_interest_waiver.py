from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date


class CollectionInterestWaiver(models.Model):
    """What a person gave up of an item, up to a day or for good, and why. It can be taken back."""

    _name = "collection.interest.waiver"
    _description = "Interest or Lump Sum Waived"
    _order = "id desc"
    _rec_name = "item_id"

    item_id = fields.Many2one("collection.item", required=True, ondelete="restrict", index=True, readonly=True)
    debtor_id = fields.Many2one(related="item_id.debtor_id")
    scope = fields.Selection(
        [("both", "Interest and recovery costs"), ("interest", "Interest"), ("lump_sum", "Recovery costs")],
        default="both",
        required=True,
        readonly=True,
    )
    until = fields.Date(readonly=True, help="Last day whose interest is waived; empty: it is waived for good.")
    reason = fields.Char(required=True, readonly=True)
    rule_id = fields.Many2one("collection.interest.rule", ondelete="restrict", readonly=True)
    interest = fields.Monetary(readonly=True, help="Interest waived, as it stood on that day.")
    currency_id = fields.Many2one(related="item_id.currency_id")
    lump_sum = fields.Monetary(readonly=True, currency_field="lump_sum_currency_id")
    lump_sum_currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Waived by", required=True, readonly=True, default=lambda self: self.env.user
    )
    date = fields.Date(string="Waived on", required=True, readonly=True)
    revoked_on = fields.Date(string="Taken back on", readonly=True)
    revoked_by_id = fields.Many2one("res.users", string="Taken back by", readonly=True)

    @api.model
    def _check_may_waive(self):
        if not self.env.su and not self.env.user.has_group("credit_collection.group_collection_waiver"):
            raise AccessError(self.env._("Waiving interest is a right of its own: ask a collection manager."))

    @api.model
    def _waive(self, items, scope, until, reason):
        """Waive what ``items`` bear, up to ``until`` or for good, and say so on the customers' timelines.

        Raises AccessError without the right to waive, UserError without a reason.
        """
        self._check_may_waive()
        items.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is waived."))
        waivers = self.browse()
        for company, own in items.grouped("company_id").items():
            today = company._get_collection_today()
            claims = own._compute_interest(min(until, today) if until else today)
            # Waivers are the program's record of what a person with the right did: nobody writes one himself.
            waivers |= self.sudo().create(
                [self._prepare_waiver(item, claims[item], scope, until, reason, today) for item in own]
            )
        waivers._note(self.env._("Waived on %(items)s: %(what)s. Reason: %(reason)s"))
        items.debtor_id._recheck_pending_reminders()
        return waivers.sudo(False)

    @api.model
    def _prepare_waiver(self, item, claim, scope, until, reason, today):
        return {
            "item_id": item.id,
            "scope": scope,
            "until": until,
            "reason": reason.strip(),
            "rule_id": claim.rule.id,
            "interest": float(claim.interest) if scope != "lump_sum" else 0,
            "lump_sum": float(claim.lump_sum) if scope != "interest" else 0,
            "lump_sum_currency_id": claim.lump_sum_currency.id if claim.lump_sum_currency else False,
            "user_id": self.env.uid,
            "date": today,
        }

    def action_revoke(self):
        """Take the waivers back: what they gave up is claimed again."""
        self._check_may_waive()
        self.check_access("read")
        live = self.filtered(lambda waiver: not waiver.revoked_on)
        for waiver in live:
            # The right has been checked: the record itself is the program's.
            waiver.sudo().write(
                {"revoked_on": waiver.debtor_id.company_id._get_collection_today(), "revoked_by_id": self.env.uid}
            )
        live._note(self.env._("Waiver taken back on %(items)s: %(what)s. It was given for: %(reason)s"))
        live.debtor_id._recheck_pending_reminders()
        return True

    def _note(self, sentence):
        """Say on each customer's timeline what was waived or taken back, once for what was decided together."""
        for (debtor, reason, _scope, _until), same in self.grouped(
            lambda waiver: (waiver.debtor_id, waiver.reason, waiver.scope, waiver.until)
        ).items():
            items = ", ".join(waiver.item_id.display_name for waiver in same)
            body = sentence % {"items": items, "what": same._describe(), "reason": reason}
            debtor.sudo(False).message_post(body=body)

    def _describe(self):
        """ "interest up to 30/06/2026 (120.00 €), recovery costs (40.00 €)"."""
        parts = []
        first = self[:1]
        if first.scope != "lump_sum":
            until = (
                self.env._("up to %s", format_date(self.env, first.until)) if first.until else self.env._("for good")
            )
            parts.append(self.env._("interest %(until)s (%(amount)s)", until=until, amount=self._sum("interest")))
        if first.scope != "interest":
            parts.append(self.env._("recovery costs (%s)", self._sum("lump_sum", "lump_sum_currency_id")))
        return ", ".join(parts)

    def _sum(self, field, currency_field="currency_id"):
        return (
            " + ".join(
                format_amount(self.env, sum(same.mapped(field)), currency)
                for currency, same in self.grouped(currency_field).items()
                if currency
            )
            or "0"
        )
