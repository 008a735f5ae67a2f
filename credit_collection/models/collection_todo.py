from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Decisions of the last run that wait for a person: a partial index keeps them at hand among a million rows.
PERSON_DECISIONS = ("manual", "no_contact", "no_plan", "finished")
# Failures older than that are history.
FAILURE_DAYS = 60


class CollectionTodo(models.Model):
    """What waits for a person, one row a kind, with its number: the first screen of a collector's day.

    The rows are the kinds of ``_get_kinds``; each counts with the rights of whoever looks, and only the debtors that he
    follows where ``collection_mine`` stands in the context. Why a debtor is there: see ``collection_todo_reasons``.
    """

    _name = "collection.todo"
    _description = "Work of Collection"
    _auto = False
    _order = "id"

    code = fields.Char(readonly=True)
    name = fields.Char(compute="_compute_kind")
    description = fields.Char(compute="_compute_kind")
    icon = fields.Char(compute="_compute_kind")
    urgent = fields.Boolean(compute="_compute_kind")
    count = fields.Integer(compute="_compute_count")

    @property
    def _table_query(self):
        rows = [SQL("(%s, %s)", rank, kind["code"]) for rank, kind in enumerate(self._get_kinds(), start=1)]
        return SQL("SELECT * FROM (VALUES %s) kind(id, code)", SQL(", ").join(rows))

    def _get_kind(self):
        self.ensure_one()
        return next(kind for kind in self._get_kinds() if kind["code"] == self.code)

    @api.depends_context("lang")
    def _compute_kind(self):
        for todo in self:
            kind = todo._get_kind()
            todo.name = kind["name"]
            todo.description = kind["description"]
            todo.icon = kind.get("icon", "fa-tasks")
            todo.urgent = kind.get("urgent", False)

    @api.depends_context("uid", "allowed_company_ids", "collection_mine")
    def _compute_count(self):
        for todo in self:
            kind = todo._get_kind()
            todo.count = self.env[kind["model"]].search_count(self._get_kind_domain(kind))

    @api.model
    def _get_kind_domain(self, kind):
        """Records of a kind: all of them, or those of the user's debtors where the screen shows his own work."""
        domain = Domain(kind["domain"])
        path = self._get_debtor_path(kind)
        if not path or kind.get("shared") or not self.env.context.get("collection_mine"):
            return domain
        return domain & self.env["collection.debtor"]._get_mine_domain("user_id" if path == "id" else f"{path}.user_id")

    @api.model
    def _get_debtor_path(self, kind):
        """Where the records of a kind name their debtor: "id", "debtor_id", or None."""
        if kind["model"] == "collection.debtor":
            return "id"
        field = self.env[kind["model"]]._fields.get("debtor_id")
        return "debtor_id" if field is not None and field.comodel_name == "collection.debtor" else None

    @api.model
    def web_search_read(self, domain, specification, *args, **kwargs):
        """What waits comes first, in the usual order of the kinds; what is done follows, or is left out.

        It is left out where ``collection_waiting`` stands in the context, as the screen does unless told otherwise.
        """
        result = super().web_search_read(domain, specification, *args, **kwargs)
        if "count" in specification:
            waiting = [record for record in result["records"] if record["count"]]
            if self.env.context.get("collection_waiting"):
                return {**result, "length": len(waiting), "records": waiting}
            result["records"].sort(key=lambda record: not record["count"])
        return result

    def action_open(self):
        """The records that wait."""
        kind = self._get_kind()
        action = self.env["ir.actions.act_window"]._for_xml_id(kind["action"])
        return {
            **action,
            "display_name": kind["name"],
            "name": kind["name"],
            "domain": list(self._get_kind_domain(kind)),
            "context": {**kind.get("context", {}), "collection_todo_code": self.code},
            "target": "current",
        }

    # -- kinds ---------------------------------------------------------------------------------------------------------

    @api.model
    def _get_kinds(self):
        """Kinds of work in their order on the screen. Override to add one.

        Each has ``code``, ``name``, ``description``, ``model``, ``domain`` and the ``action`` that shows its records;
        ``shared`` where it is nobody's in particular, ``contact`` False where no customer has to be contacted for it.
        """
        return [
            *self._get_debtor_kinds(),
            *self._get_reminder_kinds(),
            *self._get_delivery_kinds(),
            *self._get_decision_kinds(),
            *self._get_ledger_kinds(),
        ]

    def _get_debtor_kinds(self):
        today = self.env["collection.decision"]._get_today()
        followed = self.env.user._get_collection_followed()
        return [
            self._prepare_debtor_kind(
                "answer",
                self.env._("Answers to read"),
                self.env._("Sending to these customers is frozen until somebody has read their answer."),
                [("unread_since", "!=", False)],
                icon="fa-envelope-open-o",
                urgent=True,
            ),
            self._prepare_debtor_kind(
                "incident",
                self.env._("Payment incidents"),
                self.env._("A payment came back after the last run knew it: call today."),
                self._get_decision_domain("manual", [("detail", "=", "incident")]),
                icon="fa-bolt",
                urgent=True,
            ),
            self._prepare_debtor_kind(
                "activity",
                self.env._("My calls and tasks"),
                self.env._("Your activities on customers, due today or late, and those of whom you replace."),
                [("activity_ids", "any", [("user_id", "in", followed.ids), ("date_deadline", "<=", today)])],
                icon="fa-phone",
            ),
        ]

    def _get_reminder_kinds(self):
        action = "credit_collection.action_collection_reminder"
        to_approve = [("state", "=", "proposed")]
        if not self.env.user.has_group("credit_collection.group_collection_manager"):
            to_approve.append(("level_id.approval", "!=", "manager"))
        return [
            {
                "code": "approve",
                "name": self.env._("Reminders to approve"),
                "description": self.env._("Proposed by a run, waiting for your agreement, or held for a reason."),
                "model": "collection.reminder",
                "domain": to_approve,
                "action": action,
                "contact": False,
                "context": {"search_default_group_level": 1},
                "icon": "fa-check-square-o",
            },
            {
                "code": "send",
                "name": self.env._("Reminders to send"),
                "description": self.env._("Approved, not yet in the outbox."),
                "model": "collection.reminder",
                "domain": [("state", "=", "approved")],
                "action": action,
                "contact": False,
                "context": {"search_default_group_level": 1},
                "icon": "fa-paper-plane-o",
            },
        ]

    def _get_delivery_kinds(self):
        since = fields.Date.subtract(self.env["collection.decision"]._get_today(), days=FAILURE_DAYS)
        shared = {"model": "collection.delivery", "action": "credit_collection.action_collection_delivery"}
        return [
            {
                **shared,
                "code": "post",
                "name": self.env._("Letters to post"),
                "description": self.env._("Print them in one file, post them, then mark them as posted."),
                "domain": [("state", "=", "to_post")],
                "contact": False,
                "icon": "fa-envelope-o",
            },
            {
                **shared,
                "code": "unknown",
                "name": self.env._("Deliveries to check"),
                "description": self.env._("Sending was interrupted: find out whether they arrived."),
                "domain": [("state", "=", "unknown")],
                "icon": "fa-question-circle-o",
                "urgent": True,
            },
            {
                **shared,
                "code": "failed",
                "name": self.env._("Failed or came back"),
                "description": self.env._("Not delivered in the last 60 days: find another address."),
                "domain": [
                    ("state", "in", ("failed", "bounced")),
                    ("dealt_with", "=", False),
                    ("send_after", ">=", since),
                ],
                "icon": "fa-exclamation-triangle",
                "urgent": True,
            },
        ]

    def _get_decision_kinds(self):
        return [
            self._prepare_debtor_kind(
                "no_contact",
                self.env._("Nobody to write to"),
                self.env._("Neither e-mail nor complete address, at the last run."),
                self._get_decision_domain("no_contact"),
                icon="fa-address-book-o",
            ),
            self._prepare_debtor_kind(
                "no_plan",
                self.env._("Without plan"),
                self.env._("No plan applies to these customers, at the last run."),
                self._get_decision_domain("no_plan"),
                contact=False,
                icon="fa-map-o",
            ),
            self._prepare_debtor_kind(
                "finished",
                self.env._("Plan finished"),
                self.env._("All levels are done and the money is not there: decide what follows."),
                self._get_decision_domain("finished"),
                icon="fa-gavel",
            ),
            self._prepare_debtor_kind(
                "manual",
                self.env._("Handled by a person"),
                self.env._("Key accounts and doubtful debts: nothing leaves by itself."),
                self._get_decision_domain("manual", ["|", ("detail", "=", False), ("detail", "!=", "incident")]),
                icon="fa-user-o",
            ),
        ]

    def _get_ledger_kinds(self):
        return [
            {
                "code": "expired_money",
                "name": self.env._("Money to clear up"),
                "description": self.env._(
                    "Payments, receipts and “already paid” that keep no reminder back any more and are still open."
                ),
                "model": "collection.expired.money",
                "domain": [],
                "action": "credit_collection.action_collection_expired_money",
                "contact": False,
                "icon": "fa-hourglass-end",
            },
            self._prepare_debtor_kind(
                "old_credit",
                self.env._("Credits to reconcile"),
                self.env._("Credit notes and payments open for more than 30 days."),
                [("old_credit", ">", 0)],
                contact=False,
                icon="fa-link",
            ),
            self._prepare_debtor_kind(
                "no_collector",
                self.env._("Overdue without a collector"),
                self.env._("Nobody follows them, or somebody who has left: give each of them to a collector."),
                list(Domain("overdue", ">", 0) & self.env["collection.debtor"]._get_unfollowed_domain()),
                contact=False,
                shared=True,
                icon="fa-user-plus",
                urgent=True,
            ),
        ]

    def _prepare_debtor_kind(self, code, name, description, domain, **others):
        return {
            "code": code,
            "name": name,
            "description": description,
            "model": "collection.debtor",
            "domain": domain,
            "action": "credit_collection.action_collection_work_card",
            **others,
        }

    def _get_decision_domain(self, decision, conditions=()):
        """Debtors with such a decision in the snapshot of the last run."""
        return [("snapshot_ids", "any", [("decision", "=", decision), *conditions])]


class CollectionSnapshot(models.Model):
    _inherit = "collection.snapshot"

    _person_idx = models.Index(
        "(decision, debtor_id) WHERE decision IN ('manual', 'no_contact', 'no_plan', 'finished')"
    )
