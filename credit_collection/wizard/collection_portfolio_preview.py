from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CollectionPortfolioPreview(models.TransientModel):
    """What the portfolios of a company would change now: who would be given how many customers, from whom."""

    _name = "collection.portfolio.preview"
    _description = "Changes of the Portfolios"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    line_ids = fields.One2many("collection.portfolio.preview.line", "preview_id", readonly=True)
    change_count = fields.Integer(readonly=True)
    unfollowed_count = fields.Integer(
        string="Overdue without a collector after that", readonly=True, help="No portfolio is meant for them."
    )

    @api.model
    def _open_for(self, company):
        """A preview of what would change now."""
        changes = [
            change
            for change in self.env["collection.portfolio"]._find_changes(company)
            if change.user_id != change.former_user_id
        ]
        groups = defaultdict(list)
        for change in changes:
            groups[change.portfolio_id, change.former_user_id, change.user_id].append(change)
        debtors = self.env["collection.debtor"]
        overdue = Domain([("company_id", "=", company.id), ("overdue", ">", 0)])
        unfollowed = debtors.search(overdue & debtors._get_unfollowed_domain())
        return self.create(
            {
                "company_id": company.id,
                "change_count": len(changes),
                "unfollowed_count": len(set(unfollowed.ids) - {change.debtor_id for change in changes}),
                "line_ids": [Command.create(self._prepare_line(*key, found)) for key, found in groups.items()],
            }
        )

    @api.model
    def _prepare_line(self, portfolio_id, former_user_id, user_id, changes):
        return {
            "portfolio_id": portfolio_id,
            "former_user_id": former_user_id,
            "user_id": user_id,
            "debtor_count": len(changes),
            "overdue": sum(change.overdue for change in changes),
            "debtors": [change.debtor_id for change in changes],
        }

    def action_apply(self):
        """Apply the portfolios as they stand at this moment."""
        if not self.env.user.has_group("credit_collection.group_collection_manager"):
            raise AccessError(self.env._("A collection manager applies the portfolios."))
        portfolios = self.env["collection.portfolio"]
        # The manager decides for all the debtors of the company; which they are, the portfolios say.
        portfolios.sudo()._apply_changes(portfolios._find_changes(self.company_id))
        return {"type": "ir.actions.act_window_close"}


class CollectionPortfolioPreviewLine(models.TransientModel):
    """Customers who would go from one collector to another by a portfolio."""

    _name = "collection.portfolio.preview.line"
    _description = "Change of the Portfolios"
    _order = "id"

    preview_id = fields.Many2one("collection.portfolio.preview", required=True, ondelete="cascade")
    portfolio_id = fields.Many2one("collection.portfolio", readonly=True)
    former_user_id = fields.Many2one("res.users", string="From", readonly=True)
    user_id = fields.Many2one("res.users", string="To", readonly=True)
    debtor_count = fields.Integer(string="Customers", readonly=True)
    overdue = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="preview_id.company_id.currency_id")
    debtors = fields.Json(readonly=True)

    def action_open_debtors(self):
        """The customers concerned."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_debtor")
        return {**action, "domain": [("id", "in", self.debtors or [])], "context": {}, "target": "current"}
