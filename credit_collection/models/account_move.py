from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Read from collection's own tables: nothing is stored on the ledger.
ITEM_COLUMNS = {"collection_level_id": "level_id", "collection_reminder_date": "level_date"}


class AccountMove(models.Model):
    _inherit = "account.move"

    collection_level_id = fields.Many2one(
        "collection.level",
        string="Dunning Level",
        compute="_compute_collection_position",
        search="_search_collection_level_id",
        compute_sudo=True,
    )
    collection_reminder_date = fields.Date(
        string="Last Reminder",
        compute="_compute_collection_position",
        search="_search_collection_reminder_date",
        compute_sudo=True,
    )
    collection_next_step = fields.Char(string="Next Step", compute="_compute_collection_next_step")

    def _compute_collection_position(self):
        items = self.env["collection.item"].search(
            [("move_id", "in", self.ids), ("level_date", "!=", False)], order="level_date, id"
        )
        last = {item.move_id.id: item for item in items}
        for move in self:
            item = last.get(move.id)
            move.collection_level_id = item and item.level_id
            move.collection_reminder_date = item and item.level_date

    def _search_collection_level_id(self, operator, value):
        return self._search_by_item("level_id", operator, value)

    def _search_collection_reminder_date(self, operator, value):
        return self._search_by_item("level_date", operator, value)

    def _search_by_item(self, field, operator, value):
        """Moves by what collection knows of their items; "never reminded" are those without such an item."""
        if operator not in ("in", "not in"):
            if operator not in ("<", "<=", ">", ">="):
                return NotImplemented
            return self._domain_of_items([(field, operator, value)])
        chosen = [entry for entry in value if entry]
        found = self._domain_of_items([(field, "in", chosen)])
        if len(chosen) < len(value):
            found |= ~self._domain_of_items([(field, "!=", False)])
        return found if operator == "in" else ~found

    def _domain_of_items(self, domain):
        # Which moves have been reminded is read of them as a field: the items' own rules do not come into it.
        items = self.env["collection.item"].sudo()._search([*domain, ("move_id", "!=", False)])
        return Domain("id", "in", items.subselect("move_id"))

    def _field_to_sql(self, alias, field_expr, query=None):
        column = ITEM_COLUMNS.get(field_expr)
        if not column:
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            """(SELECT item.%s FROM collection_item item
                 WHERE item.move_id = %s ORDER BY item.level_date DESC NULLS LAST LIMIT 1)""",
            SQL.identifier(column, to_flush=self.env["collection.item"]._fields[column]),
            SQL.identifier(alias, "id"),
        )

    @api.depends_context("uid")
    def _compute_collection_next_step(self):
        readable = self.env["collection.decision"].has_access("read")
        for move in self:
            move.collection_next_step = False
            # One document at a time: a list would decide the debtors of the whole page.
            if not readable or len(self) > 1 or not move._is_collected() or not move.id:
                continue
            debtor = move._get_collection_debtor()
            if debtor:
                decisions = self.env["collection.decision"].with_context(collection_debtor_ids=debtor.ids)
                first = decisions.search([("move_id", "=", move.id)], limit=1, order="due_date")
                move.collection_next_step = first.summary

    def _is_collected(self):
        """Whether the document can have open items of collection."""
        self.ensure_one()
        return self.state == "posted" and any(
            line.account_id.collection_role and not line.reconciled for line in self.line_ids
        )

    def _get_collection_debtor(self):
        """The debtor of the document, if collection knows it."""
        return self.env["collection.debtor"].search(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.root_id.id),
            ]
        )

    def action_collection_explain(self):
        """Why the items of the document are reminded or not, live."""
        self.ensure_one()
        if self.state != "posted":
            raise UserError(self.env._("This document is not posted: collection only reads posted entries."))
        debtors = self._ensure_collection_debtors()
        return (
            self.env["collection.decision"]
            .with_context(allowed_company_ids=self.company_id.root_id.ids)
            ._open_explanation(debtors, [("move_id", "=", self.id)])
        )

    def _ensure_collection_debtors(self):
        """Debtors of the document, made for a customer that no run has met yet."""
        self.ensure_one()
        company = self.company_id.root_id
        partners = self.line_ids.partner_id.commercial_partner_id | self.commercial_partner_id
        # Made by the program; what the user may then read of them is for his rights to say.
        Debtor = self.env["collection.debtor"].sudo()
        Debtor._ensure_debtors(company, partners)
        debtors = Debtor.search([("partner_id", "in", partners.ids), ("company_id", "=", company.id)])
        debtors.filtered(lambda debtor: not debtor.figures_date)._refresh_figures()
        return debtors.sudo(False)

    def action_collection_open(self):
        """The document: on accounting's own page for an accountant, else on one of what a collector may read."""
        self.ensure_one()
        action = self.env["collection.debtor"]._open_record(self)
        return {**action, "views": self._get_collection_views()[1:]}

    @api.model
    def _get_collection_views(self):
        """List and form of documents that the user may open: accounting's own read more than a collector may."""
        if self.env["account.payment"].has_access("read"):
            views = ("account.view_out_invoice_tree", "account.view_move_form")
        else:
            views = ("credit_collection.view_collection_move_list", "credit_collection.view_collection_move_form")
        return [(self.env.ref(view).id, kind) for view, kind in zip(views, ("list", "form"), strict=True)]

    def action_collection_history(self):
        """Reminders that carried items of the document."""
        self.ensure_one()
        lines = self.env["collection.reminder.line"].search([("item_id.move_id", "=", self.id)])
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_reminder")
        return {**action, "domain": [("id", "in", lines.reminder_id.ids)], "context": {}}

    def _get_collection_items(self):
        """Items of the document's open instalments, created where collection knew nothing of them yet."""
        debtors = self._ensure_collection_debtors()
        decisions = self.env["collection.decision"].with_context(collection_debtor_ids=debtors.ids)
        return self.env["collection.item"]._ensure_for(decisions.search([("move_id", "=", self.id)]))

    def action_collection_items(self):
        """What collection knows of the document: its status, its plan, its dates."""
        items = self._get_collection_items()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_item")
        if len(items) == 1:
            return {**action, "views": [(False, "form")], "res_id": items.id}
        return {**action, "domain": [("id", "in", items.ids)], "context": {}}

    def action_collection_debtor(self):
        """The customer's page in collection."""
        self._ensure_collection_debtors()
        return self.commercial_partner_id.action_open_collection_debtor()
