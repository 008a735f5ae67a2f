from odoo import models
from odoo.exceptions import AccessError


class CollectionRun(models.Model):
    """A run is about the customers of all collectors: whom his portfolio limits, neither makes nor undoes one."""

    _inherit = "collection.run"

    def action_plan(self):
        """Refuse a run by who may act on his own debtors only; a dry run, of which he sees his own, is allowed."""
        self.filtered(lambda run: not run.is_dry_run)._check_about_everybody()
        return super().action_plan()

    def action_cancel(self):
        """Refuse to cancel what others look after."""
        self._check_about_everybody()
        return super().action_cancel()

    def _check_about_everybody(self):
        if not self or self.env.su or not self.env.user._is_limited_to_portfolio():
            return
        # Which companies limit their collectors is a setting, the same for whoever asks.
        if any(self.sudo().company_id.mapped("collection_own_debtors_only")):
            raise AccessError(
                self.env._(
                    "A run is about the customers of all collectors, and you follow your own only: "
                    "a collection manager starts and cancels it."
                )
            )
