from odoo import fields, models


class CollectionDryRun(models.TransientModel):
    """Ask for the decisions of a day, past or to come, without proposing or sending anything."""

    _name = "collection.dry.run"
    _description = "Dry Run"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False), ('id', 'in', allowed_company_ids)]",
    )
    date = fields.Date(
        string="Day to look at", required=True, default=lambda self: self.env["collection.decision"]._get_today()
    )

    def action_look(self):
        """Decide every open item of that day and show the result."""
        run = self.env["collection.run"].create(
            {
                "company_id": self.company_id.id,
                "date": self.date,
                "is_dry_run": True,
            }
        )
        return run.action_plan()

    def action_open_last(self):
        """The last run whose decisions are kept, without deciding again."""
        run = self.env["collection.snapshot"].search([("run_id.company_id", "=", self.company_id.id)], limit=1).run_id
        return run.action_open() if run else self.action_look()
