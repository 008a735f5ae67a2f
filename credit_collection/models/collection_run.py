import logging
from functools import partial

from psycopg2.errors import LockNotAvailable

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL, format_date, split_every

_logger = logging.getLogger(__name__)

# Debtors whose figures are refreshed in one transaction: the fewer, the rarer a sender at work on one of them.
REFRESH_BATCH_SIZE = 5000


class CollectionRun(models.Model):
    """One planning pass of a company: what it proposed, and what it left and why."""

    _name = "collection.run"
    _description = "Dunning Run"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"

    # Before the insert: a flush would name it in whatever language the transaction began with.
    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    date = fields.Date(required=True, default=lambda self: self.env.company.root_id._get_collection_today())
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        domain="[('parent_id', '=', False)]",
        default=lambda self: self.env.company.root_id,
    )
    is_dry_run = fields.Boolean(string="Dry run", readonly=True, help="Decisions only: nothing is proposed or sent.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("planned", "Planned"),
            ("done", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    reminder_ids = fields.One2many("collection.reminder", "run_id")
    count_ids = fields.One2many("collection.run.count", "run_id", string="Decisions", readonly=True)
    snapshot_ids = fields.One2many("collection.snapshot", "run_id", readonly=True)
    reminder_count = fields.Integer(compute="_compute_reminder_count")
    to_approve_count = fields.Integer(compute="_compute_reminder_count")
    item_count = fields.Integer(string="Items decided", readonly=True)
    last_receipt_info = fields.Char(string="Last bank movement known", readonly=True)
    hold_reason = fields.Char(string="Held", readonly=True)
    planned_at = fields.Datetime(readonly=True)
    has_snapshot = fields.Boolean(compute="_compute_has_snapshot")

    @api.depends("date", "is_dry_run")
    def _compute_name(self):
        for run in self:
            label = self.env._("Dry run of %s") if run.is_dry_run else self.env._("Run of %s")
            run.name = label % (format_date(self.env, run.date) if run.date else "?")

    @api.depends("reminder_ids.state")
    def _compute_reminder_count(self):
        groups = self.env["collection.reminder"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        for run in self:
            counts = {state: count for group_run, state, count in groups if group_run == run}
            run.reminder_count = sum(counts.values())
            run.to_approve_count = counts.get("proposed", 0)

    def _compute_has_snapshot(self):
        runs = self.env["collection.snapshot"]._read_group([("run_id", "in", self.ids)], ["run_id"])
        kept = {run.id for (run,) in runs}
        for run in self:
            run.has_snapshot = run.id in kept

    # -- plan ----------------------------------------------------------------------------------------------------------

    def action_plan(self):
        """Decide every open item of the company and propose the reminders that follow.

        Raises UserError when another run of the company is being planned.
        """
        for run in self:
            if run.state not in ("draft", "planned") or run.reminder_ids:
                raise UserError(self.env._("“%s” has already been planned: start a new run.", run.name))
            run._lock_planner()
            run._refresh_before_planning()
            run._take_snapshot()
            run._count_decisions()
            if not run.is_dry_run:
                run._propose_reminders()
            run._finish_planning()
            run._report_broken_plans()
        return self.action_open()

    def _lock_planner(self):
        """Be the only planner of the company until the end of the transaction."""
        planner = self.env["collection.planner"]._get_for_company(self.company_id)
        if not planner or not self._hold(planner):
            raise UserError(
                self.env._("A run of %s is being planned right now: wait until it is done.", self.company_id.name)
            )
        # Transactions are REPEATABLE READ: only an update makes a planner that began earlier fail and start again.
        planner.write({"run_id": self.id, "started_at": fields.Datetime.now()})
        planner.flush_recordset()

    def _hold(self, planner):
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL("SELECT id FROM collection_planner WHERE id = %s FOR UPDATE NOWAIT", planner.id),
                    log_exceptions=False,
                )
        except LockNotAvailable:
            return False
        return True

    def _refresh_before_planning(self):
        Debtor = self.env["collection.debtor"].with_context(active_test=False)
        Debtor.with_context(collection_date=self.date)._ensure_debtors(self.company_id)
        Debtor._refresh_figures(self.company_id)

    def _take_snapshot(self):
        """Keep the decisions of the run's day; those of the company's earlier runs go."""
        Decision = self._with_run_scope(self.env["collection.decision"])
        Decision._flush_for_decision()
        self.env.cr.execute(
            SQL(
                """DELETE FROM collection_snapshot snapshot USING collection_run run
                    WHERE run.id = snapshot.run_id AND run.company_id = %s""",
                self.company_id.id,
            )
        )
        columns = self._get_snapshot_columns()
        with Decision._tuned_for_large_sets():
            self.env.cr.execute(
                SQL(
                    "INSERT INTO collection_snapshot (run_id, %s) SELECT %s, %s FROM (%s) decided",
                    SQL(", ").join(SQL.identifier(column) for column in columns),
                    self.id,
                    SQL(", ").join(columns.values()),
                    Decision._table_query,
                )
            )
            self.item_count = self.env.cr.rowcount
        self.env["collection.snapshot"].invalidate_model()
        self.env.cr.execute(SQL("ANALYZE collection_snapshot"))

    def _get_snapshot_columns(self):
        """Columns of the snapshot, each with its SQL over the decision query. Override to keep more."""
        names = (
            "debtor_id",
            "move_line_id",
            "move_id",
            "move_name",
            "currency_id",
            "company_currency_id",
            "plan_id",
            "level_id",
            "position_level_id",
            "item_id",
            "cycle",
            "due_date",
            "days_late",
            "amount",
            "residual",
            "claim",
            "claim_company",
            "decision",
            "detail",
            "next_date",
        )
        return {name: SQL.identifier("decided", name) for name in names}

    def _with_run_scope(self, model):
        return model.with_context(
            allowed_company_ids=self.company_id.ids, collection_date=self.date, collection_debtor_ids=None
        )

    def _count_decisions(self):
        # By debtor first: counting distinct debtors at once would sort every row of the snapshot.
        query = SQL(
            """
            INSERT INTO collection_run_count (
                run_id, decision, plan_id, level_id, currency_id, item_count, debtor_count, residual, claim)
            SELECT %(run)s, decision, plan_id, next_level_id, currency_id, SUM(item_count), COUNT(debtor_id),
                   SUM(residual), SUM(claim)
              FROM (SELECT decision, plan_id, currency_id, debtor_id,
                           CASE WHEN decision IN ('level', 'waiting') THEN level_id END AS next_level_id,
                           COUNT(*) AS item_count, SUM(residual) AS residual, SUM(claim) AS claim
                      FROM collection_snapshot WHERE run_id = %(run)s
                     GROUP BY decision, plan_id, next_level_id, currency_id, debtor_id) by_debtor
             GROUP BY decision, plan_id, next_level_id, currency_id
            """,
            run=self.id,
        )
        with self.env["collection.decision"]._tuned_for_large_sets(joins_by_hash=False):
            self.env.cr.execute(query)
        self.env["collection.run.count"].invalidate_model()

    def _finish_planning(self):
        receipts = self.company_id._get_last_receipts()
        self.write(
            {
                "state": "planned",
                "planned_at": fields.Datetime.now(),
                "hold_reason": self.company_id._get_bank_hold(),
                "last_receipt_info": ", ".join(
                    self.env._("%(label)s: %(value)s", label=journal.name, value=format_date(self.env, day))
                    for journal, day in receipts.items()
                ),
            }
        )
        if self.is_dry_run and self.env.user.has_group("credit_collection.group_collection_manager"):
            # A setting of the company that its collection manager earns by looking, without being its administrator.
            self.company_id.sudo().collection_first_run_seen = True

    def _report_broken_plans(self):
        """Say which plans have a filter that no longer works: the run went on without them."""
        plans = self.env["collection.plan"].search([("company_id", "in", (False, self.company_id.id))])
        # As the decision searches, which reads plans on behalf of all: whether the filter works, not whom it finds.
        for plan in plans.filtered(lambda plan: plan.sudo()._search_debtors() is None):
            self.message_post(
                body=self.env._(
                    "The filter of the plan “%s” no longer works. Its debtors, and those of the plans after it, "
                    "have no plan until it is repaired.",
                    plan.name,
                )
            )

    # -- after planning ------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Approve what waits for it and may be approved by this user; the rest keeps its reason."""
        waiting = self.reminder_ids.filtered(lambda reminder: reminder.state == "proposed")
        allowed = waiting if waiting._is_manager() else waiting.filtered(lambda it: it.approval != "manager")
        # Where all of it asks for a manager, the refusal says so.
        (allowed or waiting).action_approve()
        return True

    def action_send(self):
        """Put the approved reminders into the outbox."""
        for run in self:
            if run.is_dry_run:
                raise UserError(self.env._("A dry run sends nothing: start a run to send reminders."))
            run.reminder_ids.filtered(lambda reminder: reminder.state == "approved").action_send()
            if not run.reminder_ids.filtered(lambda reminder: reminder.state in ("proposed", "approved")):
                run.state = "done"
        return True

    def action_cancel(self):
        """Cancel the run and all of it that has not left yet."""
        for run in self:
            run.reminder_ids.filtered(lambda reminder: reminder.state in ("proposed", "approved", "outbox"))._cancel(
                self.env._("The run was cancelled.")
            )
            run.state = "cancelled"
        return True

    def action_start_from_dry_run(self):
        """Plan a real run of today, from the dry run a person has looked at."""
        self.ensure_one()
        return self.create({"company_id": self.company_id.id}).action_plan()

    def action_open(self):
        """The run's own page."""
        if len(self) != 1:
            return True
        return {
            "type": "ir.actions.act_window",
            "res_model": "collection.run",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_reminders(self):
        """The reminders of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_reminder")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {"search_default_group_level": 1}}

    def action_open_snapshot(self):
        """Every decision of the run, grouped by decision and level."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_snapshot")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {"search_default_group_decision": 1}}

    # -- scheduled -----------------------------------------------------------------------------------------------------

    @api.model
    def _cron_plan(self):
        """Plan, and send what needs no approval, for every company that has switched collection on."""
        # The scheduler acts for all companies; each run is then limited to its own.
        companies = self.env["res.company"].sudo().search([("collection_active", "=", True), ("parent_id", "=", False)])
        for company in companies:
            # The scheduler speaks no language: what it writes for people is in the company's.
            planner = self.with_context(lang=company.partner_id.lang)
            try:
                if planner._is_to_plan_today(company):
                    planner._refresh_figures_of(company)
                    # A collector who edits a debtor meanwhile makes the planner start again, not fail.
                    retrying(partial(planner._plan_today, company), self.env)
            except Exception as error:
                # One company's trouble must not keep the others from collecting: a person of that company sees it.
                _logger.exception("Planning of company %s failed", company.id)
                self.env.cr.rollback()
                planner._report_failure(company, error)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _is_to_plan_today(self, company):
        """Whether today is a working day of the company that has not been planned yet."""
        today = company._get_collection_today()
        planned = [("company_id", "=", company.id), ("date", "=", today), ("is_dry_run", "=", False)]
        return company._get_working_calendar().is_working_day(today) and not self.search_count(planned)

    @api.model
    def _plan_today(self, company):
        """Plan today unless somebody has meanwhile, and send what needs no approval."""
        if not self._is_to_plan_today(company):
            return
        run = self.with_company(company).create({"company_id": company.id, "date": company._get_collection_today()})
        run.action_plan()
        if not run.hold_reason:
            # Those that an earlier hold kept back go with today's: they are decided again before they leave.
            self.env["collection.reminder"].search(
                [
                    ("debtor_id.company_id", "=", company.id),
                    ("state", "=", "approved"),
                ]
            ).run_id.action_send()

    @api.model
    def _report_failure(self, company, error):
        """Leave a run to be planned by a person, with what went wrong."""
        reason = self.env._("Planning failed: %s", error)
        self.create({"company_id": company.id, "date": company._get_collection_today(), "hold_reason": reason})

    @api.model
    def _cron_refresh_figures(self):
        """Refresh the debtors' figures of every company that collects."""
        # The scheduler acts for all companies.
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        for company in companies:
            self._refresh_figures_of(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _refresh_figures_of(self, company):
        """Refresh the figures of a company's debtors, committing by batches.

        Who sends to a debtor writes the day on it: at that moment its batch alone begins again, and what has been
        refreshed by then is not written a second time by the run that follows.
        """
        debtors = self.env["collection.debtor"].with_company(company).with_context(active_test=False)
        retrying(partial(debtors._ensure_debtors, company), self.env)
        every = debtors.search([("company_id", "=", company.id)], order="id")
        for batch in split_every(REFRESH_BATCH_SIZE, every.ids, debtors.browse):
            retrying(batch._refresh_figures, self.env)
