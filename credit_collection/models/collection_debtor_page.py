from odoo import api, fields, models

from .collection_reminder import PENDING_STATES


class CollectionDebtor(models.Model):
    """What the page of a debtor shows, and where its buttons lead."""

    _inherit = "collection.debtor"

    decision_ids = fields.One2many("collection.decision", string="Open Items Now", compute="_compute_decisions")
    current_plan_id = fields.Many2one("collection.plan", string="Plan applied", compute="_compute_decisions")
    has_incident = fields.Boolean(string="Payment incident", compute="_compute_decisions")
    page_figures = fields.Json(string="Live Figures", compute="_compute_decisions")
    is_paused = fields.Boolean(compute="_compute_is_paused")
    reminder_count = fields.Integer(compute="_compute_reminder_count")
    snapshot_ids = fields.One2many("collection.snapshot", "debtor_id", string="Decisions of the last run")

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_decisions(self):
        decisions = self._read_decisions().grouped("debtor_id")
        for debtor in self:
            own = decisions.get(debtor, self.env["collection.decision"])
            debtor.decision_ids = own
            debtor.current_plan_id = debtor.plan_id or own.plan_id[:1]
            debtor.has_incident = any(decision.detail == "incident" for decision in own)
            # One debtor at a time: they are for the page, from the decisions read for it.
            debtor.page_figures = debtor._get_page_figures(own) if len(self) == 1 and debtor.id else False

    def _read_decisions(self):
        """Live decisions about these debtors: the query is pruned to them."""
        Decision = self.env["collection.decision"].with_context(**self._get_decision_context())
        Decision._flush_for_decision()
        Decision.invalidate_model()
        # With all its columns: reading them of the rows found would decide a second time.
        columns = [name for name, field in Decision._fields.items() if field.store and name != "id"]
        return Decision.search_fetch([("debtor_id", "in", self.ids)], columns)

    def _get_decision_context(self):
        return {"collection_date": None, "collection_debtor_ids": self.ids}

    @api.depends("pause_until")
    def _compute_is_paused(self):
        for debtor in self:
            debtor.is_paused = bool(
                debtor.pause_until and debtor.pause_until >= debtor.company_id._get_collection_today()
            )

    def _compute_reminder_count(self):
        counts = dict(
            self.env["collection.reminder"]._read_group(
                [("debtor_id", "in", self.ids), ("level_id", "!=", False)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.reminder_count = counts.get(debtor, 0)

    def web_read(self, specification):
        """Read the decisions of the page for its debtors alone."""
        # Rows of the decision query read without their debtors would decide the whole company.
        if specification.get("decision_ids", {}).get("fields"):
            shown = specification["decision_ids"]
            context = {**shown.get("context", {}), **self._get_decision_context()}
            specification = {**specification, "decision_ids": {**shown, "context": context}}
        return super().web_read(specification)

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_resume(self):
        """End the pause now."""
        self.write({"pause_until": False, "pause_reason": False})
        return True

    def action_resume_incidents(self):
        """The payments that came back have been talked over: their items go on where they stood."""
        items = self._read_decisions().filtered(lambda decision: decision.detail == "incident").item_id
        return items.action_resume()

    def action_open_pending_reminder(self):
        """The reminder that waits to be approved or to leave."""
        self.ensure_one()
        pending = self._find_pending_reminder()
        return self._open_record(pending) if pending else self.action_open_reminders()

    def _find_pending_reminder(self):
        """The reminder that waits to leave; empty where there is none."""
        return self.env["collection.reminder"].search(
            [
                ("debtor_id", "=", self.id),
                ("state", "in", PENDING_STATES),
                # Neither a statement of account nor thanks: they remind of nothing.
                ("level_id", "!=", False),
            ],
            limit=1,
        )

    def action_open_disputes(self):
        """Disputes of the debtor."""
        return self._open_linked("credit_collection.action_collection_dispute")

    def action_open_promises(self):
        """Promises of the debtor."""
        return self._open_linked("credit_collection.action_collection_promise")

    def action_open_agreements(self):
        """Agreements granted to the debtor."""
        return self._open_linked("credit_collection.action_collection_agreement")

    def _open_linked(self, action):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action),
            "domain": [("debtor_id", "=", self.id)],
            "context": {"default_debtor_id": self.id},
        }

    def action_open_hand_over(self):
        """Hand the debtors over to a colleague."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_hand_over"),
            "context": {"active_model": self._name, "active_ids": self.ids, "active_id": self[:1].id},
        }

    def action_open_followed_items(self):
        """What collection knows of the customer's items: levels reached, statuses, plans of their own."""
        self.ensure_one()
        return self._open_linked("credit_collection.action_collection_item")

    def action_open_partner(self):
        """The customer's contact page."""
        self.ensure_one()
        return self._open_record(self.partner_id)

    def action_open_invoices(self):
        """The customer's invoices and credit notes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("company_id", "child_of", self.company_id.id),
            ],
            "context": {"search_default_open": 1, "create": False},
            "views": self.env["account.move"]._get_collection_views(),
            "search_view_id": [self.env.ref("account.view_account_invoice_filter").id],
        }

    @api.model
    def _open_record(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
