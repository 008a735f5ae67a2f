from collections import defaultdict, namedtuple
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, format_date

# Ages of what is owed, by days late: (code, from, to).
AGES = (
    ("not_due", None, 0),
    ("late_30", 1, 30),
    ("late_60", 31, 60),
    ("late_90", 61, 90),
    ("late_more", 91, None),
)
# Columns of a decision whose sums are figures of the page.
TRANCHE_FIGURES = ("settling", "disputed", "promised", "scheduled")
# Usual delay: of what was paid in so many days.
DELAY_DAYS = 365

# What the ledger says is open of one debtor in one currency; ``balance_company`` in the company's currency.
LedgerSum = namedtuple("LedgerSum", "balance overdue not_due credit balance_company")


class CollectionDebtor(models.Model):
    """The figures of a debtor's page, live, by currency; each opens the list of what adds up to it."""

    _inherit = "collection.debtor"

    def _get_page_figures(self, decisions):
        """All the figures of the page, ready to be shown, from the live ``decisions`` about the debtor."""
        self.ensure_one()
        group = self._find_group()
        ledger = (self | group)._read_ledger_sums()
        own = ledger.get(self, {})
        return {
            "can_act": self.has_access("write"),
            "currencies": self._describe_currencies(self._sum_figures(decisions, own)),
            "next_step": self._get_next_step(decisions),
            "credit_limits": self._get_credit_limits(own),
            "delay": self._get_usual_delay_text(),
            "supplier_debts": self._describe_supplier_debts(),
            "group": self._describe_group(group, ledger),
        }

    # -- sums ----------------------------------------------------------------------------------------------------------

    def _sum_figures(self, decisions, ledger):
        """{currency: {figure: amount}}: what is open by age and by what keeps it back, and what credits there are.

        ``ledger`` is what the ledger says of the debtor: {currency: LedgerSum}. The balance is that of the ledger, what
        is late that of the decisions, which know when each item falls due.
        """
        sums = defaultdict(lambda: defaultdict(float))
        for decision in decisions:
            if decision.decision == "out_of_scope":
                continue
            figures = sums[decision.currency_id]
            figures[_get_age(decision.days_late)] += decision.residual
            for name in TRANCHE_FIGURES:
                figures[name] += decision[name]
            if decision.decision == "in_case":
                figures["in_court"] += decision.residual
            if decision.days_late > 0:
                figures["overdue"] += decision.residual
                figures["claim"] += decision.claim
        for currency, known in ledger.items():
            sums[currency] |= {"balance": known.balance, "credit": known.credit}
        names = (*self._get_figure_labels(), *(code for code, _from, _to in AGES))
        return {
            currency: {name: currency.round(figures[name]) for name in names}
            for currency, figures in sorted(sums.items(), key=self._get_currency_order)
        }

    def _get_currency_order(self, entry):
        currency = entry[0]
        return (currency not in self.company_id.currency_id, currency.name)

    def _read_ledger_sums(self):
        """{debtor: {currency: LedgerSum}} of what is open on the accounts of collection, in one query."""
        Decision = self.env["collection.decision"].with_context(
            allowed_company_ids=self.company_id.ids, collection_debtor_ids=self.ids, collection_date=None
        )
        Decision._flush_for_decision()
        found = defaultdict(dict)
        for debtor_id, currency_id, *amounts in self.env.execute_query(self._sql_ledger_sums(Decision)):
            currency = self.env["res.currency"].browse(currency_id)
            found[self.browse(debtor_id)][currency] = LedgerSum(*map(float, amounts))
        return found

    def _sql_ledger_sums(self, Decision):
        return SQL(
            """
            WITH company_root AS (%(company_root)s), open_line AS (%(open_line)s)
            SELECT debtor_id, currency_id, SUM(residual),
                   COALESCE(SUM(residual) FILTER (WHERE residual > 0 AND payable_on < %(day)s), 0),
                   COALESCE(SUM(residual) FILTER (WHERE residual > 0 AND payable_on >= %(day)s), 0),
                   COALESCE(-SUM(residual) FILTER (WHERE residual < 0), 0),
                   SUM(residual_company)
              FROM (SELECT debtor.id AS debtor_id, line.currency_id, line.residual, line.residual_company,
                           %(payable_on)s AS payable_on
                      FROM open_line line
                      JOIN account_account account
                        ON account.id = line.account_id AND account.collection_role IS NOT NULL
                      JOIN collection_debtor debtor
                        ON debtor.partner_id = line.partner_id AND debtor.company_id = line.root_id
                      LEFT JOIN collection_item item ON item.move_line_id = line.line_id
                     WHERE debtor.id IN %(ids)s) owed
             GROUP BY debtor_id, currency_id
            """,
            company_root=Decision._part_company_root(),
            open_line=Decision._part_open_line(),
            payable_on=Decision._sql_payable_on(),
            day=Decision._get_collection_date(),
            ids=tuple(self.ids) or (0,),
        )

    # -- figures by currency -------------------------------------------------------------------------------------------

    def _describe_currencies(self, sums):
        return [
            {
                "id": currency.id,
                "name": currency.name,
                "figures": [
                    self._describe_figure(name, label, figures[name], currency)
                    for name, label in self._get_figure_labels().items()
                ],
                "ages": self._describe_ages(figures, currency),
            }
            for currency, figures in sums.items()
        ]

    def _get_figure_labels(self):
        """{figure: label}, in the order of the page. Override to add one: see ``_get_figure_domains`` too."""
        return {
            "overdue": self.env._("Overdue"),
            "claim": self.env._("To claim"),
            "balance": self.env._("Outstanding"),
            "not_due": self.env._("Not yet due"),
            "credit": self.env._("Credits and payments to allocate"),
            "settling": self.env._("Payment in sight"),
            "disputed": self.env._("Disputed"),
            "promised": self.env._("Promised"),
            "scheduled": self.env._("In an agreement"),
            "in_court": self.env._("In court"),
        }

    def _get_age_labels(self):
        return {
            "not_due": self.env._("Not due"),
            "late_30": self.env._("1–30 days"),
            "late_60": self.env._("31–60 days"),
            "late_90": self.env._("61–90 days"),
            "late_more": self.env._("Over 90 days"),
        }

    def _describe_figure(self, name, label, amount, currency):
        return {
            "name": name,
            "label": label,
            "amount": amount,
            "text": format_amount(self.env, amount, currency),
            "empty": currency.is_zero(amount),
        }

    def _describe_ages(self, figures, currency):
        """The bar: amounts by age, each with its share of all that is owed, in percent."""
        labels = self._get_age_labels()
        owed = sum(figures[code] for code in labels)
        return [
            {
                **self._describe_figure(code, label, figures[code], currency),
                "share": round(100 * figures[code] / owed, 2) if owed > 0 else 0,
            }
            for code, label in labels.items()
        ]

    # -- the list behind a figure --------------------------------------------------------------------------------------

    def action_open_figure(self):
        """What adds up to a figure: its name in the context's ``figure``, its currency in ``figure_currency_id``."""
        self.ensure_one()
        self.check_access("read")
        name = str(self.env.context.get("figure"))
        currency = self.env["res.currency"].browse(int(self.env.context.get("figure_currency_id") or 0)).exists()
        if name == "group":
            return self.action_open_group()
        if name == "delay":
            return self._open_paid_late()
        if name == "supplier_debt":
            return self._open_supplier_debts(currency)
        if name in ("balance", "credit"):
            return self._open_ledger_lines(name, currency)
        domains = self._get_figure_domains()
        if name not in domains:
            raise UserError(self.env._("There is nothing to open here."))
        labels = {**self._get_figure_labels(), **self._get_age_labels()}
        return self._open_decisions(labels[name], [*domains[name], *_in_currency(currency)])

    @api.model
    def _get_figure_domains(self):
        """{figure: domain over the decisions that add up to it}."""
        late = [("days_late", ">", 0)]
        ages = {
            code: [
                *([("days_late", ">=", first)] if first is not None else []),
                *([("days_late", "<=", last)] if last is not None else []),
            ]
            for code, first, last in AGES
        }
        tranches = {name: [(name, ">", 0)] for name in TRANCHE_FIGURES}
        return {
            **ages,
            **tranches,
            "overdue": late,
            "claim": [*late, ("claim", ">", 0)],
            "in_court": [("decision", "=", "in_case")],
        }

    def _open_decisions(self, label, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_decision")
        return {
            **action,
            "name": label,
            "display_name": label,
            "domain": [("debtor_id", "=", self.id), ("decision", "!=", "out_of_scope"), *domain],
            "context": self._get_decision_context(),
        }

    def _open_ledger_lines(self, name, currency):
        label = self._get_figure_labels()[name]
        sign = [("amount_residual_currency", "<", 0)] if name == "credit" else [("amount_residual_currency", "!=", 0)]
        return self._open_lines(label, [*self._get_ledger_domain(), *sign, *_in_currency(currency)])

    def _get_ledger_domain(self):
        """Journal items of the debtor that are open on the accounts of collection."""
        accounts = self._get_collection_accounts()
        return [
            ("account_id", "in", accounts.ids),
            ("partner_id", "=", self.partner_id.id),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("company_id", "child_of", self.company_id.id),
        ]

    def _get_collection_accounts(self):
        Decision = self.env["collection.decision"].with_context(allowed_company_ids=self.company_id.ids)
        return Decision._get_perimeter_accounts().filtered("collection_role")

    @api.model
    def _open_lines(self, label, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_ledger_line")
        return {**action, "name": label, "display_name": label, "domain": domain, "context": {}}

    # -- the next step -------------------------------------------------------------------------------------------------

    def _get_next_step(self, decisions):
        """What comes next, in words, and the reminder that already waits to leave, if there is one."""
        text, tone = self._describe_next_step(decisions.filtered(lambda it: it.decision != "out_of_scope"))
        pending = self._find_pending_reminder()
        waiting = pending and self.env._(
            "%(level)s: %(state)s",
            level=pending.level_id.name,
            state=dict(pending._fields["state"]._description_selection(self.env))[pending.state].lower(),
        )
        return {"text": text, "tone": tone, "pending_id": pending.id, "pending": waiting or ""}

    def _describe_next_step(self, decisions):
        """(words, tone) of what the decisions say comes first."""
        now = decisions.filtered(lambda decision: decision.decision == "level")
        if now:
            # The reminder goes at the highest level of what it carries.
            level = max(now.level_id, key=lambda level: (level.counted_from == "deadline", level.day, level.id))
            if len(now) == 1:
                return self.env._("%(level)s, now", level=level.name), "danger"
            return self.env._("%(level)s, now (%(count)s items)", level=level.name, count=len(now)), "danger"
        waiting = decisions.filtered(lambda decision: decision.decision == "waiting")
        dated = (waiting or decisions).filtered("next_date").sorted("next_date")
        if dated:
            first = dated[0]
            labels = dict(decisions._fields["decision"]._description_selection(self.env))
            what = first.level_id.name if waiting else labels[first.decision]
            day = format_date(self.env, first.next_date)
            return self.env._("%(what)s, on %(date)s", what=what, date=day), "info" if waiting else "warning"
        if not decisions:
            return self.env._("Nothing is open"), "muted"
        labels = dict(decisions._fields["decision"]._description_selection(self.env))
        groups = decisions.grouped("decision")
        return labels[max(groups, key=lambda code: len(groups[code]))], "warning"

    # -- credit limit --------------------------------------------------------------------------------------------------

    def _get_credit_limits(self, ledger):
        """Limits of credit with what remains of them, in the company's currency. Override to add a limit."""
        company = self.company_id
        # A limit is for who grants credit and for who collects: core shows it to accountants alone.
        partner = self.partner_id.sudo().with_company(company)
        if not company.sudo().account_use_credit_limit or partner.credit_limit <= 0:
            return []
        used = sum(known.balance_company for known in ledger.values()) + partner.credit_to_invoice
        return [self._describe_limit(self.env._("Credit limit"), partner.credit_limit, used)]

    def _describe_limit(self, label, limit, used):
        """A limit in the company's currency, and what is left of it: negative where it is exceeded."""
        currency = self.company_id.currency_id
        remaining = currency.round(limit - used)
        return {
            "label": label,
            "limit": format_amount(self.env, limit, currency),
            "remaining": format_amount(self.env, remaining, currency),
            "remaining_amount": remaining,
            "exceeded": remaining < 0,
        }

    # -- usual delay ---------------------------------------------------------------------------------------------------

    def _get_usual_delay_text(self):
        delay = self._get_usual_delay()
        if delay is None:
            return {"text": self.env._("No payment in twelve months"), "known": False}
        if delay > 0:
            return {"text": self.env._("%s days late", delay), "known": True}
        if delay < 0:
            return {"text": self.env._("%s days early", -delay), "known": True}
        return {"text": self.env._("On the day"), "known": True}

    def _get_usual_delay(self):
        """Days between due dates and payments of the last twelve months, weighted by amount; None without any.

        Money alone counts: neither credit notes nor write-offs. Negative where the customer pays early.
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """SELECT ROUND(SUM(paid.amount * (paid.day - paid.due_date)) / NULLIF(SUM(paid.amount), 0))
                     FROM (%s) paid""",
                self._sql_paid(),
            )
        )
        return None if rows[0][0] is None else int(rows[0][0])

    def _sql_paid(self):
        """What was paid of the debtor's items in the last twelve months: (line_id, amount, day, due_date)."""
        Decision = self.env["collection.decision"].with_context(allowed_company_ids=self.company_id.ids)
        today = self.company_id._get_collection_today()
        return SQL(
            """
            SELECT line.id AS line_id, part.amount, part.max_date AS day,
                   COALESCE(line.date_maturity, line.invoice_date, line.date) AS due_date
              FROM account_move_line line
              JOIN account_partial_reconcile part ON part.debit_move_id = line.id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_journal journal
                ON journal.id = credit.journal_id AND journal.type IN ('bank', 'cash', 'credit')
             WHERE line.partner_id = %(partner)s AND line.account_id IN %(accounts)s
               AND line.company_id IN %(companies)s AND line.parent_state = 'posted'
               AND part.max_date > %(since)s AND part.max_date <= %(today)s
            """,
            partner=self.partner_id.id,
            accounts=tuple(Decision._get_perimeter_accounts().filtered("collection_role").ids) or (0,),
            companies=tuple(self.company_id._get_collection_companies().ids),
            since=today - timedelta(days=DELAY_DAYS),
            today=today,
        )

    def _open_paid_late(self):
        rows = self.env.execute_query(SQL("SELECT DISTINCT paid.line_id FROM (%s) paid", self._sql_paid()))
        return self._open_lines(self.env._("Paid in twelve months"), [("id", "in", [line_id for (line_id,) in rows])])

    # -- what we owe ---------------------------------------------------------------------------------------------------

    def _describe_supplier_debts(self):
        """What we owe the customer as our supplier, by currency."""
        debts = (
            self.env["collection.supplier.debt"]
            .with_context(collection_debtor_ids=self.ids, allowed_company_ids=self.company_id.ids)
            ._read_group([("debtor_id", "=", self.id)], ["currency_id"], ["residual:sum"])
        )
        return [
            {"currency_id": currency.id, "amount": amount, "text": format_amount(self.env, amount, currency)}
            for currency, amount in debts
            if not currency.is_zero(amount)
        ]

    def _open_supplier_debts(self, currency):
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_supplier_debt")
        return {
            **action,
            "domain": [("debtor_id", "=", self.id), *_in_currency(currency)],
            "context": {"collection_debtor_ids": self.ids},
        }


def _get_age(days_late):
    return next(code for code, _first, last in AGES if last is None or days_late <= last)


def _in_currency(currency):
    return [("currency_id", "=", currency.id)] if currency else []
