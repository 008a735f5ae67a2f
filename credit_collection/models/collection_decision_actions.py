from odoo import models
from odoo.exceptions import UserError


class CollectionDecision(models.Model):
    """What a person does about open items chosen on the debtor's page or in a list.

    Called on no item at all, an action is about all that is overdue of the debtor in the context.
    """

    _inherit = "collection.decision"

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _get_chosen(self):
        """Live decisions to act upon: those chosen, else all that is overdue of the debtor in the context.

        Raises UserError where there is nothing, or items of several customers.
        """
        debtors = self._get_chosen_debtors()
        if len(debtors) > 1:
            raise UserError(self.env._("Choose items of one customer at a time."))
        found = debtors._read_decisions().filtered(lambda decision: decision.decision != "out_of_scope")
        found = found.filtered(lambda it: it.id in self._ids) if self else found.filtered(lambda it: it.days_late > 0)
        if not found:
            raise UserError(self.env._("Nothing chosen, and nothing is overdue."))
        return found

    def _get_chosen_debtors(self):
        """Debtors of the items chosen, else those of the context, as far as the user may see them."""
        if not self:
            return self.env["collection.debtor"].browse(self.env.context.get("collection_debtor_ids") or []).exists()
        # Whose the items are does not depend on who asks: which debtors he may see does.
        lines = self.env["account.move.line"].sudo().browse(self.ids).exists()
        return self.env["collection.debtor"].search(
            [("partner_id", "in", lines.partner_id.ids), ("company_id", "in", lines.company_id.root_id.ids)]
        )

    def _choose_items(self):
        """(debtor, items) of what was chosen, the items made where collection knew nothing of them yet."""
        chosen = self._get_chosen()
        debtor = self.env["collection.debtor"].browse(chosen.debtor_id.ids)
        debtor.check_access("write")
        return debtor, self.env["collection.item"]._ensure_for(chosen)

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_remind(self):
        """Make a reminder of these items now, at a level that is asked."""
        debtor, items = self._choose_items()
        return self._open_dialog(
            "collection.remind.now",
            self.env._("Remind now"),
            default_debtor_id=debtor.id,
            default_item_ids=[(6, 0, items.ids)],
        )

    def action_note_call(self):
        """Call about these items."""
        return self.env["collection.call"]._action_new(*self._choose_items())

    def action_note_dispute(self):
        """Note that the customer contests these items."""
        return self.env["collection.dispute"]._action_new(*self._choose_items())

    def action_note_promise(self):
        """Note that the customer promises to pay these items."""
        return self.env["collection.promise"]._action_new(*self._choose_items())

    def action_note_incident(self):
        """Note what keeps these items from being paid, and is no dispute."""
        return self.env["collection.incident"]._action_new(*self._choose_items())

    def action_note_agreement(self):
        """Grant a payment schedule for these items."""
        return self.env["collection.agreement"]._action_new(*self._choose_items())

    def action_say_paid(self):
        """The customer says that these items are paid: we look for the money for some days."""
        _debtor, items = self._choose_items()
        return items.action_said_paid()

    def action_pause_debtor(self):
        """Pause the reminders to the customer."""
        return self._open_for_debtor("credit_collection.action_collection_pause")

    def action_hand_over_debtor(self):
        """Hand the customer over to a colleague."""
        return self._open_for_debtor("credit_collection.action_collection_hand_over")

    def action_payment_links(self):
        """Links by which the customer sees these invoices and pays them, to be copied into a message."""
        debtor, items = self._choose_items()
        links = self.env["collection.payment.links"].create({"debtor_id": debtor.id, "item_ids": [(6, 0, items.ids)]})
        links._get_invoices()
        return self._open_dialog("collection.payment.links", self.env._("Payment links"), res_id=links.id)

    def _open_for_debtor(self, action):
        debtors = self._get_chosen_debtors()
        if not debtors:
            raise UserError(self.env._("Nothing chosen, and nothing is overdue."))
        debtors.check_access("write")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action),
            "context": {"active_model": "collection.debtor", "active_ids": debtors.ids, "active_id": debtors[:1].id},
        }

    def _open_dialog(self, model, name, res_id=False, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }
