from dataclasses import dataclass
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import retrying
from odoo.tools import SQL, groupby, split_every

from ..calc.portfolio_shares import deal

# Debtors given to somebody in one transaction of the nightly job.
BATCH_SIZE = 5000


@dataclass(frozen=True, slots=True)
class Change:
    """What the portfolios would change of a debtor; users by their identifiers."""

    debtor_id: int
    portfolio_id: int
    former_user_id: int | None
    user_id: int
    overdue: float


class CollectionPortfolio(models.Model):
    """A rule that gives debtors to collectors: those that meet its filter, and no portfolio before it.

    What a person decided stands: only debtors of nobody, of somebody who has left, or given by a portfolio are given
    anew; and who works in a portfolio keeps what he has of it. So it may be applied as often as one likes.
    """

    _name = "collection.portfolio"
    _inherit = "collection.debtor.filter"
    _description = "Portfolio of Debtors"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    domain = fields.Char(
        help="Debtors that meet this filter, and that of no portfolio before, are given to the collectors below.",
    )
    member_ids = fields.One2many("collection.portfolio.member", "portfolio_id", string="Collectors", copy=True)
    debtor_count = fields.Integer(string="Customers given", compute="_compute_debtor_count")

    def _compute_debtor_count(self):
        counts = dict(
            self.env["collection.debtor"]._read_group([("portfolio_id", "in", self.ids)], ["portfolio_id"], ["__count"])
        )
        for portfolio in self:
            portfolio.debtor_count = counts.get(portfolio, 0)

    @api.constrains("active", "member_ids")
    def _check_members(self):
        for portfolio in self:
            if portfolio.active and not portfolio.member_ids:
                raise ValidationError(
                    self.env._("Add a collector to the portfolio “%s”, or archive it.", portfolio.name)
                )

    # -- who follows whom ----------------------------------------------------------------------------------------------

    @api.model
    def _find_changes(self, company):
        """Changes that the portfolios of a company would make now, the largest debts first."""
        # Configuration: who is given what does not depend on who asks.
        portfolios = self.sudo().search([("company_id", "=", company.id)], order="sequence, id")
        if not portfolios:
            return []
        rows = self.env.execute_query(portfolios._sql_candidates(company))
        changes = []
        for portfolio_id, debtors in groupby(rows, key=lambda row: row[0]):
            changes += portfolios.browse(portfolio_id)._deal(debtors)
        return changes

    def _sql_candidates(self, company):
        """(portfolio, debtor, collector who may keep it, present portfolio, present collector, overdue) of the debtors
        that a portfolio may give to somebody, by portfolio and in the order in which they are dealt."""
        for model in ("collection.debtor", "res.users", "collection.portfolio", "collection.portfolio.member"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT candidate.portfolio_id, candidate.id, candidate.keeper_id, candidate.former_portfolio_id,
                   candidate.former_user_id, candidate.overdue
              FROM (SELECT debtor.id, debtor.overdue, debtor.portfolio_id AS former_portfolio_id,
                           debtor.user_id AS former_user_id,
                           CASE WHEN collector.active THEN debtor.user_id END AS keeper_id,
                           %(portfolio)s AS portfolio_id
                      FROM collection_debtor debtor
                      LEFT JOIN res_users collector ON collector.id = debtor.user_id
                     WHERE debtor.company_id = %(company)s AND debtor.active
                       AND (debtor.user_by_rule OR collector.active IS NOT TRUE)) candidate
              JOIN collection_portfolio portfolio ON portfolio.id = candidate.portfolio_id
             ORDER BY portfolio.sequence, portfolio.id, candidate.overdue DESC NULLS LAST, candidate.id
            """,
            portfolio=self._sql_portfolio(),
            company=company.id,
        )

    def _sql_portfolio(self):
        cases = [
            SQL("WHEN debtor.id IN %s THEN %s", found.subselect(), portfolio.id)
            # Whom a broken filter was meant for is unknown: it gives nobody anything, and says so.
            for portfolio, found in ((portfolio, portfolio._search_debtors()) for portfolio in self)
            if found is not None
        ]
        return SQL("(CASE %s END)::integer", SQL(" ").join(cases)) if cases else SQL("NULL::integer")

    def _deal(self, rows):
        """Changes of one portfolio, whose debtors ``rows`` are those of ``_sql_candidates``."""
        self.ensure_one()
        members = self.member_ids.filtered(lambda member: member.user_id.active)
        if not members:
            return []
        rank_of = {member.user_id.id: rank for rank, member in enumerate(members)}
        kept = [row for row in rows if row[2] in rank_of]
        left = [row for row in rows if row[2] not in rank_of]
        loads = [0] * len(members)
        for row in kept:
            loads[rank_of[row[2]]] += 1
        users = [members[rank].user_id.id for rank in deal(len(left), loads, members.mapped("share"))]
        moved = [row for row in kept if row[3] != self.id]
        return [
            Change(debtor_id, self.id, former_user_id, user_id, float(overdue or 0))
            for (_portfolio, debtor_id, _keeper, _former_portfolio, former_user_id, overdue), user_id in (
                *zip(moved, (row[2] for row in moved), strict=True),
                *zip(left, users, strict=True),
            )
        ]

    @api.model
    def _apply_changes(self, changes):
        """Give the debtors to their collectors, with the tasks of those who followed them; return their number.

        A debtor that a person took in hand meanwhile stays with him.
        """
        if not changes:
            return 0
        self.env["collection.debtor"].flush_model()
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, %s::integer)", it.debtor_id, it.user_id, it.portfolio_id, it.former_user_id)
            for it in changes
        )
        given = self.env.execute_query(
            SQL(
                """
                UPDATE collection_debtor debtor
                   SET user_id = given.user_id, portfolio_id = given.portfolio_id, user_by_rule = TRUE
                  FROM (VALUES %s) given(debtor_id, user_id, portfolio_id, former_user_id)
                 WHERE debtor.id = given.debtor_id
                   AND debtor.user_id IS NOT DISTINCT FROM given.former_user_id
                RETURNING debtor.id, given.former_user_id
                """,
                rows,
            )
        )
        debtors = self.env["collection.debtor"].browse(debtor_id for debtor_id, _former in given)
        debtors.invalidate_recordset(["user_id", "portfolio_id", "user_by_rule"])
        former = dict(given)
        taken = debtors.filtered(lambda debtor: former[debtor.id] and former[debtor.id] != debtor.user_id.id)
        taken._record_hand_over(former, lambda debtor: debtor.portfolio_id.name)
        taken._move_activities(former)
        return len(debtors)

    # -- when ----------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_assign(self):
        """Apply the portfolios of every company, committing by batches."""
        # The scheduler acts for all companies.
        for company in self.sudo().search([]).company_id:
            changes = retrying(partial(self._find_changes, company), self.env)
            for batch in split_every(BATCH_SIZE, changes, list):
                # A collector who edits a debtor meanwhile makes the batch begin again.
                retrying(partial(self._apply_changes, batch), self.env)
                self.env["ir.cron"]._commit_progress(len(batch))

    def action_preview(self):
        """Show what the portfolios would change now; nothing is changed yet."""
        company = self[:1].company_id or self.env.company.root_id
        preview = self.env["collection.portfolio.preview"]._open_for(company)
        return {
            **self.env["collection.debtor"]._open_record(preview),
            "name": self.env._("What the portfolios would change"),
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_open_debtors(self):
        """The customers given by the portfolio."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_debtor")
        return {**action, "domain": [("portfolio_id", "=", self.id)], "context": {}}

    def copy_data(self, default=None):
        """Name the copy as one."""
        return [
            {**vals, "name": self.env._("%s (copy)", portfolio.name)}
            for portfolio, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_giving(self):
        """A portfolio that gave debtors to somebody stays, archived: else nobody would know why they are his."""
        if any(portfolio.debtor_count for portfolio in self):
            raise UserError(self.env._("This portfolio has given customers to collectors: archive it instead."))


class CollectionPortfolioMember(models.Model):
    """A collector of a portfolio, and how much of it is his."""

    _name = "collection.portfolio.member"
    _description = "Collector of a Portfolio"
    _order = "sequence, id"
    _rec_name = "user_id"

    portfolio_id = fields.Many2one("collection.portfolio", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="portfolio_id.company_id")
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users", string="Collector", required=True, ondelete="cascade", domain="[('share', '=', False)]"
    )
    share = fields.Integer(
        default=1, required=True, help="2 and 1: the first is given two customers for each one of the second."
    )

    _user_once = models.UniqueIndex("(portfolio_id, user_id)", "A collector stands once in a portfolio.")
    _share_positive = models.Constraint(
        "CHECK (share BETWEEN 1 AND 100)", "A share is a whole number from 1 to 100: 2 and 1 give one twice as many."
    )

    @api.constrains("user_id", "portfolio_id")
    def _check_user(self):
        for member in self:
            # Whether somebody may work for the company is asked of users whom the manager may not administer.
            user = member.user_id.sudo()
            if not user.has_group("credit_collection.group_collection_collector"):
                raise ValidationError(self.env._("%s is no collector: give the right first.", user.name))
            if member.company_id not in user.company_ids.root_id:
                raise ValidationError(
                    self.env._(
                        "%(collector)s does not work for %(company)s.",
                        collector=user.name,
                        company=member.company_id.name,
                    )
                )
