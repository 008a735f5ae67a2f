from odoo import api, fields, models


class CollectionPlanner(models.Model):
    """One row a company: who holds it is the only one to plan."""

    _name = "collection.planner"
    _description = "Planner of a Company"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    run_id = fields.Many2one("collection.run", ondelete="set null", readonly=True)
    started_at = fields.Datetime(readonly=True)

    _company_unique = models.UniqueIndex("(company_id)", "A company has one planner.")

    @api.model
    def _get_for_company(self, company):
        """The company's row, made by the first who asks."""
        # Nobody reads or writes these rows by hand: they only serve as a lock.
        planners = self.sudo()
        return planners.search([("company_id", "=", company.id)]) or planners.create({"company_id": company.id})
