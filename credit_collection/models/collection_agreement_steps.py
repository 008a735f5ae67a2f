from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from .collection_agreement import LIVE_STATES, MANAGER, WAIVER


class CollectionAgreement(models.Model):
    """The steps of an agreement: proposed, accepted, kept, revoked or cancelled; each is taken once."""

    _inherit = "collection.agreement"

    def _move_to(self, state, from_states, **values):
        """Move the agreements that are in one of ``from_states``; return those moved. The only way to change state.

        One statement tells who moves: of two people, only one does.
        """
        self.check_access("write")
        if not self:
            return self
        self.flush_recordset()
        columns = {"state": state, "write_uid": self.env.uid, "write_date": fields.Datetime.now(), **values}
        rows = self.env.execute_query(
            SQL(
                "UPDATE collection_agreement SET %s WHERE id IN %s AND state IN %s RETURNING id",
                SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in columns.items()),
                tuple(self.ids),
                tuple(from_states),
            )
        )
        moved = self.browse(agreement_id for (agreement_id,) in rows)
        moved.invalidate_recordset()
        moved.modified(columns)
        return moved

    # -- proposed ------------------------------------------------------------------------------------------------------

    def action_propose(self):
        """Freeze the debt and the instalments: from now on the customer has, or is about to have, the letter."""
        for agreement in self:
            agreement._propose()
        return self.action_send_letter() if len(self) == 1 else True

    def _propose(self):
        today = self.company_id._get_collection_today()
        if self.state != "draft":
            raise UserError(self.env._("%s has been proposed already.", self.name))
        self._freeze_debt()
        self._check_complete(today)
        valid_until = self.valid_until
        if not valid_until or valid_until < today:
            valid_until = fields.Date.add(today, days=self.company_id.collection_agreement_validity_days)
        self._move_to("proposed", ("draft",), proposed_on=today, valid_until=valid_until)
        self.debtor_id._recheck_pending_reminders()

    def _freeze_debt(self):
        """Keep what is open of each item now. Raises UserError where nothing is, or another agreement has it."""
        if not self.item_ids:
            raise UserError(self.env._("Choose the invoices that the agreement is about."))
        self.item_ids._check_may_be_scheduled(self)
        # The debt is the ledger's, not the user's.
        self.sudo().line_ids = [
            Command.clear(),
            *(
                Command.create({"item_id": item.id, "name": item.name, "due_date": item.due_date, "amount": amount})
                for item, amount in self._read_open().items()
            ),
        ]

    def _check_complete(self, today):
        """Raise UserError while something of the agreement does not hold together."""
        if self.item_ids.debtor_id != self.debtor_id:
            raise UserError(self.env._("All invoices of an agreement are of its customer."))
        if self.item_ids.currency_id != self.currency_id:
            raise UserError(self.env._("An agreement is in one currency: make one for each."))
        if not self.instalment_ids:
            raise UserError(self.env._("There is no instalment yet: lay them out."))
        if not self.currency_id.is_zero(self.difference):
            raise UserError(
                self.env._(
                    "The instalments make %(instalments)s of principal, and %(principal)s is open: lay them out again.",
                    instalments=self._format(self.principal - self.difference),
                    principal=self._format(self.principal),
                )
            )
        if min(self.instalment_ids.mapped("due_date")) < today:
            raise UserError(self.env._("An instalment would be in the past: change its date."))
        if self.interest and self.interest_mode != "included":
            raise UserError(self.env._("The instalments carry interest: say that it is included in them."))
        if self.interest_mode == "waived" and not self.env.su and not self.env.user.has_group(WAIVER):
            raise AccessError(
                self.env._("Waiving interest is a right of its own: ask a collection manager, or claim it in addition.")
            )

    def action_back_to_draft(self):
        """Change what was proposed: the former letter is void."""
        back = self._move_to("draft", ("proposed",), proposed_on=None, valid_until=None)
        # Frozen by the program.
        back.sudo().line_ids.unlink()
        back.debtor_id._recheck_pending_reminders()
        return True

    # -- accepted ------------------------------------------------------------------------------------------------------

    def _accept(self, on, by, reason=""):
        """The customer has accepted on that day; ``reason`` is that of a manager who goes beyond the insurer's limits.

        Raises UserError for a day that cannot be, AccessError where a manager has to confirm.
        """
        self.ensure_one()
        today = self.company_id._get_collection_today()
        if self.state != "proposed":
            raise UserError(self.env._("%s does not wait for an answer.", self.name))
        if not self.proposed_on <= on <= today:
            raise UserError(
                self.env._(
                    "It was proposed on %(date)s: it cannot have been accepted before, nor in the future.",
                    date=format_date(self.env, self.proposed_on),
                )
            )
        if not (by or "").strip():
            raise UserError(self.env._("Say who accepted for the customer."))
        self._move_to("accepted", ("proposed",), accepted_on=on, accepted_by=by.strip(), **self._confirm_risk(reason))
        for item in self.item_ids:
            item.acknowledged_on = max(filter(None, (item.acknowledged_on, on)))
        self.debtor_id._recheck_pending_reminders()

    # -- kept ----------------------------------------------------------------------------------------------------------

    def _keep(self):
        """Nothing is left to pay: what was waived if the agreement is kept is waived for good."""
        self.ensure_one()
        kept = self._move_to("kept", ("accepted",), ended_on=self.company_id._get_collection_today())
        if kept and kept.interest_mode == "waived":
            # The right to waive was checked when the agreement was proposed.
            waivers = self.env["collection.interest.waiver"].sudo()
            waivers._waive(
                kept.sudo()._get_principal_items(), "both", False, self.env._("Agreement %s kept", kept.name)
            )

    def _get_principal_items(self):
        """Items of the debt itself, without the invoice of the interest."""
        return self.line_ids.filtered(lambda line: not line.is_interest).item_id

    # -- cancelled -----------------------------------------------------------------------------------------------------

    def action_cancel(self):
        """Give the agreements up: dunning goes on where it stood. One in force is ended as a revocation is."""
        if any(agreement.state == "accepted" for agreement in self):
            self._check_may_end()
        for agreement in self:
            today = agreement.company_id._get_collection_today()
            agreement._move_to(
                "cancelled",
                ("draft", *LIVE_STATES),
                ended_on=today,
                ended_by_id=self.env.uid,
                end_reason=self.env._("Cancelled by %s.", self.env.user.name),
            )
        self.debtor_id._recheck_pending_reminders()
        return True

    def _check_may_end(self):
        """Raise AccessError where the company leaves it to a manager to end an agreement in force."""
        for company in self.company_id:
            if company.collection_agreement_end_by == "manager" and not self._is_manager():
                raise AccessError(self.env._("A collection manager ends an agreement that is in force."))

    def _is_manager(self):
        return self.env.su or self.env.user.has_group(MANAGER)

    # -- missed --------------------------------------------------------------------------------------------------------

    def _record_warning(self):
        """The customer is warned today: the days to regularise begin."""
        for agreement in self.filtered(lambda agreement: agreement.state == "accepted"):
            today = agreement.company_id._get_collection_today()
            agreement._move_to(
                "accepted",
                ("accepted",),
                warned_on=today,
                regularise_until=fields.Date.add(today, days=agreement.regularise_days),
            )

    def action_revoke(self):
        """Dialog that revokes the agreement, after the warning or for another reason that a person gives."""
        self.ensure_one()
        self._check_may_end()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revoke the agreement"),
            "res_model": "collection.agreement.revoke",
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _revoke(self, reason, resume="reached"):
        """End the agreement for the customer's default (*déchéance du terme*): all is due at once.

        Dunning goes on at the level reached, or with a formal notice to approve where ``resume`` is "notice".
        """
        self.ensure_one()
        self._check_may_end()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the agreement is revoked."))
        today = self.company_id._get_collection_today()
        moved = self._move_to(
            "revoked", ("accepted",), ended_on=today, ended_by_id=self.env.uid, end_reason=reason.strip()
        )
        if not moved:
            raise UserError(self.env._("%s is not in force.", self.name))
        self.debtor_id._recheck_pending_reminders()
        if resume == "notice":
            self._propose_formal_notice()
