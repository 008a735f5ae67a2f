from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

DECISIONS = [
    ("level", "To remind"),
    ("waiting", "Waiting"),
    ("small", "Too small"),
    ("no_plan", "No plan"),
    ("manual", "By a person"),
    ("no_contact", "No address"),
    ("finished", "Plan finished"),
    ("settling", "Payment in sight"),
    ("disputed", "Disputed"),
    ("promised", "Promised"),
    ("scheduled", "In an agreement"),
    ("covered", "Covered by credits"),
    ("lapsed", "Lapsed"),
    ("insolvent", "Insolvency proceeding"),
    ("in_case", "In a case"),
    ("assigned", "Assigned"),
    ("undelivered", "Invoice not delivered"),
    ("excluded", "No follow-up"),
    ("blocked", "Payment blocked"),
    ("off", "Never chased"),
    ("paused", "Paused"),
    ("collecting", "Collection under way"),
    ("no_debtor", "No customer"),
    ("out_of_scope", "Out of scope"),
]
# What takes euros out of the claim, in the order in which they are used.
TRANCHES = ("settling", "disputed", "promised", "scheduled", "covered")

# Parts that put a few columns beside every item: copying a million wide rows aside costs more than putting them
# together for each part that reads them. All other parts are worked out once.
WIDE_PARTS = ("remaining", "claim", "verdict")

DEPENDS_CONTEXT = ("collection_date", "collection_debtor_ids")


def _per_context(field_type, **attributes):
    """A column of the query: its value belongs to one date and one set of debtors."""
    return field_type(readonly=True, depends_context=DEPENDS_CONTEXT, **attributes)


class CollectionDecision(models.Model):
    """Whether each open item is chased on a day, for how much, at which level, or why not and when next.

    How to use: ``env["collection.decision"].with_context(collection_date=day, collection_debtor_ids=debtors.ids)``
    then search and read as any model; the id of a decision is that of its journal item. Without debtors it covers
    the whole of the companies allowed: that is for a run, never for a screen.

    How it works: one query, whose named parts (``_decision_parts``) each build on those before. The ledger gives the
    open items (collection_decision_ledger), money in sight (collection_decision_settling) and the other tranches
    (collection_decision_tranches) take euros out of the claim, and the verdict says what happens to the rest
    (collection_decision_verdict).
    """

    _name = "collection.decision"
    _description = "Dunning Decision"
    _auto = False
    _order = "debtor_id, due_date, id"
    _rec_name = "move_name"

    debtor_id = _per_context(fields.Many2one, comodel_name="collection.debtor")
    partner_id = _per_context(fields.Many2one, comodel_name="res.partner", string="Customer")
    company_id = _per_context(fields.Many2one, comodel_name="res.company")
    root_company_id = _per_context(fields.Many2one, comodel_name="res.company")
    move_line_id = _per_context(fields.Many2one, comodel_name="account.move.line", string="Journal Item")
    move_id = _per_context(fields.Many2one, comodel_name="account.move", string="Invoice")
    move_name = _per_context(fields.Char, string="Number")
    account_id = _per_context(fields.Many2one, comodel_name="account.account")
    item_id = _per_context(fields.Many2one, comodel_name="collection.item")
    currency_id = _per_context(fields.Many2one, comodel_name="res.currency")
    company_currency_id = _per_context(fields.Many2one, comodel_name="res.currency")
    invoice_date = _per_context(fields.Date)
    due_date = _per_context(fields.Date)
    days_late = _per_context(fields.Integer, aggregator=None)
    amount = _per_context(fields.Monetary, string="Original Amount", aggregator=None)
    residual = _per_context(fields.Monetary, string="Open", aggregator=None)
    settling = _per_context(fields.Monetary, string="Payment in Sight", aggregator=None)
    disputed = _per_context(fields.Monetary, aggregator=None)
    promised = _per_context(fields.Monetary, aggregator=None)
    scheduled = _per_context(fields.Monetary, string="In an Agreement", aggregator=None)
    covered = _per_context(fields.Monetary, string="Covered by Credits", aggregator=None)
    claim = _per_context(fields.Monetary, string="Claimed", aggregator=None)
    claim_company = _per_context(
        fields.Monetary,
        string="Claimed (company currency)",
        currency_field="company_currency_id",
        help="At the rate of the entry.",
    )
    plan_id = _per_context(fields.Many2one, comodel_name="collection.plan")
    position_level_id = _per_context(fields.Many2one, comodel_name="collection.level", string="Level reached")
    level_id = _per_context(fields.Many2one, comodel_name="collection.level", string="Next Level")
    cycle = _per_context(fields.Integer, aggregator=None)
    decision = _per_context(fields.Selection, selection=DECISIONS)
    detail = _per_context(fields.Char)
    next_date = _per_context(fields.Date)

    @property
    def _table_query(self):
        wide, worked_out_once = SQL("NOT MATERIALIZED"), SQL("MATERIALIZED")
        common_tables = SQL(", ").join(
            SQL("%s AS %s (%s)", SQL.identifier(name), wide if name in WIDE_PARTS else worked_out_once, part)
            for name, part in self._decision_parts().items()
        )
        return SQL("WITH %s SELECT * FROM verdict", common_tables)

    def _decision_parts(self):
        """Named parts of the decision query, each built on those before it. Override to add or replace one."""
        return {
            # What is open, and whose
            "company_root": self._part_company_root(),
            "debtor": self._part_debtor(),
            "open_line": self._part_open_line(),
            "open_item": self._part_open_item(),
            "rate": self._part_rate(),
            # What forbids a message
            "lapsed": self._part_lapsed(),
            "insolvent": self._part_insolvent(),
            "in_case": self._part_in_case(),
            "blocked_move": self._part_blocked_move(),
            "stop": self._part_stop(),
            # What takes euros out of the claim
            "receipt": self._part_receipt(),
            "reference": self._part_reference(),
            "bank": self._part_bank(),
            "money": self._part_money(),
            "settling": self._part_settling(),
            "disputed": self._part_disputed(),
            "promised": self._part_promised(),
            "scheduled": self._part_scheduled(),
            "taken": self._part_taken(),
            "remaining": self._part_remaining(),
            "credit": self._part_credit(),
            "reversed": self._part_reversed(),
            "covered": self._part_covered(),
            "claim": self._part_claim(),
            # What happens to the rest
            "level": self._part_level(),
            "position": self._part_position(),
            "sent_before": self._part_sent_before(),
            "step": self._part_step(),
            "urged": self._part_urged(),
            "candidate": self._part_candidate(),
            "debtor_claim": self._part_debtor_claim(),
            "verdict": self._part_verdict(),
        }

    @api.model
    @contextmanager
    def _tuned_for_large_sets(self, joins_by_hash=True):
        """Settings of the server for what reads or writes all items of a company, until the end of the block."""
        # Hashes and sorts of a million rows need more memory than the server's default of 4 MB.
        settings = {"work_mem": "256MB", "jit": "off"}
        if joins_by_hash:
            # Parts of a query have no statistics: the planner takes large ones for small, and would loop over them.
            settings |= {"enable_nestloop": "off", "enable_mergejoin": "off"}
        for name, value in settings.items():
            self.env.cr.execute(SQL("SET LOCAL %s = %s", SQL.identifier(name), value))
        yield
        for name in settings:
            self.env.cr.execute(SQL("SET LOCAL %s TO DEFAULT", SQL.identifier(name)))

    @api.model
    def _get_collection_date(self):
        """Day of the decision: the context's ``collection_date``, else the company's today."""
        return fields.Date.to_date(self.env.context.get("collection_date")) or self._get_today()

    @api.model
    def _get_today(self):
        return self.env.company.root_id._get_collection_today()

    @api.model
    def _get_root_companies(self):
        return self.env.companies.root_id

    @api.model
    def _get_debtors(self):
        """Debtors of the context in the companies allowed, or None for all of theirs."""
        debtor_ids = self.env.context.get("collection_debtor_ids")
        if debtor_ids is None:
            return None
        roots = self._get_root_companies()
        # Only their company is read here; which rows the user may see is for the record rules.
        debtors = self.env["collection.debtor"].browse(debtor_ids)
        return debtors.sudo().filtered(lambda debtor: debtor.company_id in roots).sudo(False)

    @api.model
    def _search(self, *args, **kwargs):
        # To compile a query of this size takes longer than to run it.
        self.env.cr.execute("SET LOCAL jit = off")
        return super()._search(*args, **kwargs)

    @api.model
    def _flush_for_decision(self):
        """Write what is pending on the models that the query reads."""
        for model in (
            "account.move",
            "account.move.line",
            "account.payment",
            "account.bank.statement.line",
            "account.partial.reconcile",
            "payment.transaction",
            "res.partner",
            "res.company",
            "res.currency.rate",
            "collection.plan",
            "collection.level",
            "collection.level.channel",
            "collection.debtor",
            "collection.item",
            "collection.reminder",
            "collection.reminder.line",
        ):
            self.env[model].flush_model()
