from odoo import api, fields, models
from odoo.tools import SQL


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
        """The company's row, made by the first who asks; empty while somebody else is making it."""
        # Nobody reads or writes these rows by hand: they only serve as a lock.
        planners = self.sudo()
        planner = planners.search([("company_id", "=", company.id)])
        if planner:
            return planner
        # Two who make it at the same moment would wait for each other on the unique index.
        lock = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CLASS, company.id)
        if not self.env.execute_query(lock)[0][0]:
            return planner
        # Made by another since this transaction began, it makes it begin again, instead of failing for good.
        self.env.cr.execute(
            SQL("INSERT INTO collection_planner (company_id) VALUES (%s) ON CONFLICT DO NOTHING", company.id)
        )
        return planners.search([("company_id", "=", company.id)])


# Any number of our own: advisory locks are shared by the whole database.
LOCK_CLASS = 0x0C0113C8
