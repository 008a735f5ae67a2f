from odoo import models

ACCOUNTING_GROUPS = ("account.group_account_invoice", "account.group_account_readonly")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Whoever collects without being an accountant finds, under Invoicing, collection and nothing else."""
        hidden = super()._load_menus_blacklist()
        if any(self.env.user.has_group(group) for group in ACCOUNTING_GROUPS):
            return hidden
        finance = self.env.ref("account.menu_finance", raise_if_not_found=False)
        collection = self.env.ref("credit_collection.menu_collection", raise_if_not_found=False)
        if not finance or not collection:
            return hidden
        return [*hidden, *(finance.child_id - collection).ids]
