from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class CollectionDebtor(models.Model):
    """A parent company and its subsidiaries: each a debtor of its own, seen together, and chased together or apart."""

    _inherit = "collection.debtor"

    def _find_group(self):
        """Other debtors of the same group of companies that the user may see; none where the company is alone."""
        self.ensure_one()
        top = self._get_group_head()
        # Which company belongs to which is no secret: what each owes is, and debtors are searched as the user.
        Partner = self.env["res.partner"].sudo()
        if top == self.partner_id and not Partner.search_count(
            [("parent_id", "=", top.id), ("is_company", "=", True)], limit=1
        ):
            return self.browse()
        members = Partner.search([("id", "child_of", top.id), ("is_company", "=", True)])
        return self.search([("partner_id", "in", (members | top).ids), ("company_id", "=", self.company_id.id)]) - self

    def _get_group_head(self):
        """The company at the top of the customer's group: itself where it has no parent."""
        # See above: the way up alone is read.
        head = self.partner_id.sudo()
        passed = head
        while head.parent_id and head.parent_id not in passed:
            head = head.parent_id
            passed |= head
        return head.sudo(False)

    def _describe_group(self, group, ledger):
        """The group's figures by currency, the debtor included; False where it is alone."""
        if not group:
            return False
        everyone = self | group
        sums = defaultdict(lambda: {"balance": 0.0, "overdue": 0.0})
        for debtor in everyone:
            for currency, known in ledger.get(debtor, {}).items():
                sums[currency]["balance"] += known.balance
                sums[currency]["overdue"] += known.overdue
        head = self._get_group_head()
        return {
            # The name of the parent company alone, beside those of its subsidiaries which the user reads.
            "name": head.sudo().display_name,
            "count": len(everyone),
            "is_head": head == self.partner_id,
            "together": bool(group.filtered(lambda debtor: debtor.payer_id == head))
            or (self.payer_id == head and head != self.partner_id),
            "figures": [
                {
                    "currency_id": currency.id,
                    "balance": format_amount(self.env, currency.round(amounts["balance"]), currency),
                    "overdue": format_amount(self.env, currency.round(amounts["overdue"]), currency),
                    "overdue_amount": currency.round(amounts["overdue"]),
                    "balance_amount": currency.round(amounts["balance"]),
                }
                for currency, amounts in sorted(sums.items(), key=self._get_currency_order)
            ],
        }

    def action_open_group(self):
        """The debtors of the group with their figures."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_debtor")
        # As above: the name of the parent company alone.
        label = self.env._("Group of %s", self._get_group_head().sudo().display_name)
        return {
            **action,
            "name": label,
            "display_name": label,
            "domain": [("id", "in", (self | self._find_group()).ids)],
            "context": {},
        }

    def action_chase_together(self):
        """The head of the group receives the reminders of all its companies, each invoice with its debtor's name."""
        self.ensure_one()
        head = self._get_group_head()
        others = (self | self._find_group()).filtered(lambda debtor: debtor.partner_id != head)
        if not others:
            raise UserError(self.env._("%s has neither parent company nor subsidiary.", self.display_name))
        others.write({"payer_id": head.id})
        # Who can be reached is found by the program; the write has checked that the user may change these debtors.
        others.sudo()._refresh_reach()
        with_contacts = others.filtered("contact_ids")
        if not with_contacts:
            return True
        return self.env["collection.delivery"]._notify(
            self.env._("Contacts of their own come first"),
            self.env._(
                "These companies have contacts for collection, who go on receiving their reminders: %s",
                ", ".join(with_contacts.mapped("display_name")),
            ),
        )

    def action_chase_apart(self):
        """Each company of the group receives its own reminders again."""
        self.ensure_one()
        head = self._get_group_head()
        others = (self | self._find_group()).filtered(lambda debtor: debtor.payer_id == head)
        others.write({"payer_id": False})
        # Whether somebody can be written to is the program's own figure.
        others.sudo()._refresh_reach()
        return True
