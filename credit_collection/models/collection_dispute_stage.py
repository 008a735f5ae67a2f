from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..calc.dispute_stages import CONCEDED, OPEN, Decision, Stage, can_move
from .collection_dispute import COLLECTOR_GROUP, OWNER_GROUP

ACTIVITY = "credit_collection.activity_dispute"


class CollectionDispute(models.Model):
    """How a dispute goes from stage to stage, and what each step does to the claim and to the owner's work."""

    _inherit = "collection.dispute"

    can_be_taken_back = fields.Boolean(compute="_compute_can_be_taken_back")

    @api.depends("stage", "decided_on")
    def _compute_can_be_taken_back(self):
        for dispute in self:
            today = (dispute.company_id or self.env.company)._get_collection_today()
            decision = dispute._get_decision()
            dispute.can_be_taken_back = bool(decision and decision.can_be_taken_back(today))

    def _get_decision(self):
        """The decision made about the dispute; None before it."""
        self.ensure_one()
        return Decision(self.decided_on, self._is_credited()) if self.decided_on else None

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_study(self):
        """Take the dispute up, its nature known; also takes a decision of the day back."""
        self._move_to("study")
        return True

    def action_accept(self):
        """Grant all that is disputed; the credit note is proposed to whoever may make one."""
        self._move_to("accepted")
        return self._get_next_step()

    def action_accept_part(self):
        """Grant the amounts accepted on the lines and refuse the rest, which is chased again."""
        self._move_to("partly")
        return self._get_next_step()

    def action_reject(self):
        """Refuse; dunning goes on where it stood, and the answer is proposed for sending."""
        self._move_to("rejected")
        return self._get_next_step()

    def action_withdraw(self):
        """The customer no longer contests: dunning goes on where it stood."""
        self._move_to("withdrawn")
        return True

    def action_close(self):
        """End an accepted dispute by hand: what was granted was credited otherwise."""
        self.check_access("write")
        self._check_collector()
        for dispute in self:
            if dispute.stage not in CONCEDED or dispute.closed_on:
                raise UserError(self.env._("Only an accepted dispute that waits for a credit note is closed by hand."))
        self._close_lines(lambda line: True)
        self._recheck_reminders()
        return True

    def action_contest_again(self):
        """A new dispute about the same items: the customer comes back on a decision."""
        self.ensure_one()
        values = {"note": self.note, "nature_id": self.nature_id.id, "customer_reference": self.customer_reference}
        return self._action_new(self.debtor_id, self.line_ids.item_id, **values)

    def _get_next_step(self):
        """What follows a decision on the screen of whoever made it: the credit note, or the answer; else nothing."""
        if len(self) != 1:
            return True
        if self.stage in CONCEDED and self.env["account.move"].has_access("create") and self._get_moves_to_credit():
            return self.action_propose_credit_note()
        if self.stage not in CONCEDED and self.env.user.has_group(COLLECTOR_GROUP):
            return self.action_answer()
        return True

    # -- transitions ---------------------------------------------------------------------------------------------------

    def _move_to(self, target):
        """Bring the disputes to a stage, with all that it entails. Raises UserError where the way is closed."""
        self.check_access("write")
        # The transition itself is the program's: the facts it records are not for anybody to write.
        disputes = self.sudo()
        for dispute in disputes:
            dispute._check_transition(target)
            dispute._set_accepted(target)
        for company, own in disputes.grouped("company_id").items():
            own._record_stage(target, company._get_collection_today())
        disputes._follow_owner()
        disputes._recheck_reminders()

    def _check_transition(self, target):
        """Raise UserError, in words, where the dispute cannot go to that stage now."""
        self.ensure_one()
        today = self.company_id._get_collection_today()
        if not can_move(Stage(self.stage), Stage(target), today, self._get_decision()):
            stages = dict(self._fields["stage"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(dispute)s cannot go from “%(stage)s” to “%(target)s”. A dispute is qualified, studied, then "
                    "decided; a decision is taken back on its day only, before its credit note: later, the customer "
                    "contests again.",
                    dispute=self.display_name,
                    stage=stages[self.stage],
                    target=stages[target],
                )
            )
        if target != "withdrawn" and not self.nature_id:
            raise UserError(self.env._("Give %s its nature first.", self.display_name))
        if target == "rejected" and not self.has_answer:
            raise UserError(self.env._("Write the answer to the customer first: why %s is rejected.", self.name))
        if target == "partly" and not 0 < self.accepted_amount < self.disputed_amount:
            raise UserError(
                self.env._("Enter what is accepted on the lines of %s: more than nothing, less than all.", self.name)
            )

    def _set_accepted(self, target):
        """The amounts granted that the stage says by itself; those of a part were entered."""
        if target == "accepted":
            for line in self.line_ids:
                line.accepted = line.amount
        elif target in ("rejected", "withdrawn"):
            self.line_ids.accepted = 0

    def _record_stage(self, target, today):
        """Write the stage with its dates, all disputes of one company."""
        if target in OPEN:
            self.line_ids.closed_on = False
            self.write(
                {
                    "stage": target,
                    "decided_on": False,
                    "decided_by_id": False,
                    "closed_on": False,
                    "answered_on": False,
                    "days_taken": 0,
                    "work_days_taken": 0,
                }
            )
            return
        calendar = self.company_id._get_working_calendar()
        for dispute in self:
            dispute.write(
                {
                    "stage": target,
                    "decided_on": today,
                    "decided_by_id": self.env.uid,
                    "days_taken": (today - dispute.opened_on).days,
                    "work_days_taken": calendar.working_days_between(dispute.opened_on, today),
                }
            )
        # What is granted waits for its credit note; the rest is chased again from today.
        self._close_lines(lambda line: line.currency_id.is_zero(line.accepted), today)

    def _close_lines(self, condition, today=None):
        """Close the lines that meet a condition, and the disputes that have no other; the dates are the program's."""
        # Callers have checked the right; the dates are facts that nobody writes.
        disputes = self.sudo()
        for dispute in disputes:
            day = today or dispute.company_id._get_collection_today()
            dispute.line_ids.filtered(lambda line: not line.closed_on and condition(line)).closed_on = day
            if all(dispute.line_ids.mapped("closed_on")):
                dispute.closed_on = day

    # -- the owner -----------------------------------------------------------------------------------------------------

    def _follow_owner(self):
        """Let the owners in, and have the activity of each open dispute stand with its owner, on its deadline."""
        # The owner's right and activity come with the dispute, whoever named him.
        disputes = self.sudo()
        disputes._let_owners_in()
        for dispute in disputes:
            known = dispute.activity_search([ACTIVITY])
            if dispute.stage not in OPEN:
                if known:
                    stages = dict(dispute._fields["stage"]._description_selection(self.env))
                    dispute.activity_feedback([ACTIVITY], feedback=stages[dispute.stage])
            elif known:
                expected = {"user_id": dispute.user_id.id, "date_deadline": dispute.deadline}
                moved = known.filtered(
                    lambda activity, dispute=dispute: (
                        (activity.user_id, activity.date_deadline) != (dispute.user_id, dispute.deadline)
                    )
                )
                moved.write(expected)
            else:
                dispute.activity_schedule(
                    ACTIVITY,
                    date_deadline=dispute.deadline,
                    user_id=dispute.user_id.id,
                    summary=dispute.display_name,
                )

    def _let_owners_in(self):
        """Give the owners who are no collectors the right to work on disputes of their own, and nothing else."""
        group = self.env.ref(OWNER_GROUP)
        owners = self.user_id.filtered(
            lambda user: not user.has_group(COLLECTOR_GROUP) and group not in user.all_group_ids
        )
        if owners:
            owners.write({"group_ids": [Command.link(group.id)]})
