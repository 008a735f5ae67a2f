from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CollectionDebtor(models.Model):
    """Who follows the debtor: given by a portfolio, or chosen by a person, whose choice stands."""

    _inherit = "collection.debtor"

    portfolio_id = fields.Many2one(
        "collection.portfolio", readonly=True, index="btree_not_null", ondelete="set null", copy=False
    )
    user_by_rule = fields.Boolean(
        string="Collector given by a portfolio",
        readonly=True,
        copy=False,
        help="Otherwise a person chose the collector, and no portfolio takes the customer away from him.",
    )
    is_mine = fields.Boolean(string="Mine", compute="_compute_is_mine", search="_search_is_mine")
    event_ids = fields.One2many("collection.debtor.event", "debtor_id", string="Pauses and Handing Over")

    # -- whose ---------------------------------------------------------------------------------------------------------

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for debtor in self:
            debtor.is_mine = debtor in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_mine_domain()

    @api.model
    def _get_mine_domain(self, path="user_id"):
        """Domain on the collector at ``path``: the user's own debtors, those of whom he replaces, those of nobody.

        Who follows nobody, a manager as a rule, looks after everybody's.
        """
        followed = self.env.user._get_collection_followed()
        if not self.search_count([("user_id", "in", followed.ids)], limit=1):
            return Domain.TRUE
        return Domain(path, "in", [*followed.ids, False])

    @api.model
    def _get_unfollowed_domain(self):
        """Nobody, or somebody who has left, follows them."""
        return Domain("user_id", "=", False) | Domain("user_id.active", "=", False)

    # -- another collector ---------------------------------------------------------------------------------------------

    def write(self, vals):
        """Remember that a person chose the collector, and who followed the debtor before."""
        if "user_id" not in vals:
            return super().write(vals)
        former = {debtor.id: debtor.user_id.id for debtor in self}
        result = super().write({"user_by_rule": False, "portfolio_id": False, **vals})
        changed = self.filtered(lambda debtor: former[debtor.id] and former[debtor.id] != debtor.user_id.id)
        # Whoever gives a debtor away may be limited to his own: it is his no longer.
        changed.sudo()._record_hand_over(former, self.env.context.get("collection_reason") or False)
        return result

    def _record_hand_over(self, former, reason):
        """Keep who followed the debtors before, ``former`` {id: user id}, and why they were given to another."""
        self.env["collection.debtor.event"]._record(
            self,
            "hand_over",
            reason=reason,
            user_id=lambda debtor: debtor.user_id.id,
            former_user_id=lambda debtor: former[debtor.id],
        )

    def _move_activities(self, former):
        """Give the open tasks of the former collectors, ``former`` {id: user id}, to the present ones."""
        # Tasks on a customer go with it, whoever may see those of his colleagues.
        activities = self.env["mail.activity"].sudo()
        found = activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("user_id", "in", list(set(filter(None, former.values())))),
            ]
        )
        debtor_of = {debtor.id: debtor for debtor in self.sudo()}
        own = found.filtered(lambda activity: activity.user_id.id == former[activity.res_id])
        for user, moving in own.grouped(lambda activity: debtor_of[activity.res_id].user_id).items():
            if user:
                # Dozens at once: the customers tell the new collector, not a message for each.
                moving.with_context(mail_activity_quick_update=True).write({"user_id": user.id})

    def _hand_over(self, user, reason, with_activities=True):
        """Give the debtors to another collector: a person's choice, with the open tasks of the former one.

        Raises UserError where the user may not follow them or no reason is given.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why they are handed over: the customer's page keeps it."))
        # Whether somebody collects is asked of users whom a collector may not read.
        if not user.sudo().has_group("credit_collection.group_collection_collector"):
            raise UserError(self.env._("%s is no collector: choose somebody who is.", user.name))
        strangers = self.company_id - user.sudo().company_ids.root_id
        if strangers:
            raise UserError(
                self.env._(
                    "%(collector)s does not work for %(company)s.", collector=user.name, company=strangers[:1].name
                )
            )
        self.check_access("write")
        former = {debtor.id: debtor.user_id.id for debtor in self}
        self.with_context(collection_reason=reason.strip()).write({"user_id": user.id})
        if with_activities:
            # The debtors have just been given away, with the right to.
            self.sudo()._move_activities(former)

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_give_back_to_portfolios(self):
        """Let the portfolios decide who follows the debtors, at their next application."""
        self.check_access("write")
        self.filtered("user_id").write({"user_by_rule": True})
        return True
