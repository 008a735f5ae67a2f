from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

BATCH_SIZE = 500


class CollectionDebtor(models.Model):
    """Who receives a monthly statement of account, and what it sums up."""

    _inherit = "collection.debtor"

    statement_sending = fields.Selection(
        [("always", "Always"), ("never", "Never")],
        string="Monthly Statement",
        tracking=True,
        help="Empty: as the company does. Those never chased, chased by a person and key accounts get one only if it "
        "is always sent to them. Nothing is sent during a pause.",
    )
    statement_contact_ids = fields.Many2many(
        "res.partner",
        "collection_debtor_statement_contact_rel",
        string="Receive the Statement",
        help="Without any, those who receive the reminders do.",
    )
    public_term = fields.Selection(
        [
            ("30", "30 days: State, local authorities and their bodies"),
            ("50", "50 days: public hospitals, health service of the armed forces"),
            ("60", "60 days: public undertakings"),
        ],
        string="Time to pay from Receipt",
        tracking=True,
        help="Of a public body (Public Procurement Code, art. R2192-10 and R2192-11); empty: that of each invoice.",
    )

    # -- who gets one --------------------------------------------------------------------------------------------------

    @api.model
    def _get_statement_domain(self, company):
        """Debtors of the company to whom this month's statement may go.

        Neither during a pause, which promises that nothing is sent, nor to those whom a person handles or nobody
        chases: to them a list of what is overdue is a reminder. Whoever asked for a statement gets it all the same.
        """
        asked = Domain("statement_sending", "=", "always")
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("open_item_count", ">", 0),
                "|",
                ("pause_until", "=", False),
                ("pause_until", "<", company._get_collection_today()),
            ]
        )
        if company.collection_statement_scope == "asked":
            return domain & asked
        chased = Domain([("statement_sending", "=", False), ("chase", "=", "on"), ("is_key_account", "=", False)])
        return domain & (asked | chased)

    def _is_left_without_statement(self, by_person=False):
        """Whether the debtor must not receive a statement now: by its own choice, a pause, or how it is chased.

        A person's order ``by_person`` stands against all but the first two.
        """
        self.ensure_one()
        if self.is_paused or self.statement_sending == "never":
            return True
        scope = self.company_id.collection_statement_scope
        if by_person or (self.statement_sending == "always" and scope != "off"):
            return False
        return scope != "all" or self.chase != "on" or self.is_key_account

    def _find_with_open_debts(self):
        """Those of the debtors who owe something at this moment, in one query a company."""
        found = self.browse()
        for company, debtors in self.grouped("company_id").items():
            decision = self.env["collection.decision"].with_context(allowed_company_ids=company.ids)
            # What is open does not depend on who asks.
            owing = (
                self.env["account.move.line"]
                .sudo()
                ._read_group(
                    [
                        ("account_id", "in", decision._get_perimeter_accounts().ids),
                        ("partner_id", "in", debtors.partner_id.ids),
                        ("reconciled", "=", False),
                        ("parent_state", "=", "posted"),
                        ("amount_residual_currency", ">", 0),
                        ("company_id", "in", company._get_collection_companies().ids),
                    ],
                    ["partner_id"],
                )
            )
            partners = self.env["res.partner"].union(*(partner for (partner,) in owing))
            found |= debtors.filtered(lambda debtor, partners=partners: debtor.partner_id in partners)
        return found

    def _make_statements(self, month, **values):
        """Statements of the month, with these ``values``, for those of the debtors who can be e-mailed and have none.

        Returns (statements, debtors without a usable address).

        They wait in the outbox as everything that leaves by itself: held with it, and decided again before they go.
        """
        Reminder = self.env["collection.reminder"]
        having = Reminder.search([("debtor_id", "in", self.ids), ("statement_month", "=", month)]).debtor_id
        made, lost = Reminder.browse(), self.browse()
        for batch in split_every(BATCH_SIZE, (self - having).ids, self.browse):
            statements = Reminder.create([{**debtor._prepare_statement_reminder(month), **values} for debtor in batch])
            obstacles = self.env["collection.channel"]._get_channel("email")._get_obstacles(statements)
            unreachable = statements.filtered(lambda statement, obstacles=obstacles: statement in obstacles)
            lost |= unreachable.debtor_id
            # Never sent, so no history: the address may come before the month is over.
            unreachable.sudo().unlink()
            made |= statements - unreachable
        made.action_send()
        return made, lost

    def _prepare_statement_reminder(self, month):
        return {
            "debtor_id": self.id,
            "statement_month": month,
            "date": self.company_id._get_collection_today(),
            "state": "approved",
        }

    # -- what it sums up -----------------------------------------------------------------------------------------------

    def _sum_statement(self):
        """{"balance", "overdue", "not_due", "credit": {currency: amount}}; a currency without amount is left out."""
        self.ensure_one()
        today = self.company_id._get_collection_today()
        sums = {name: defaultdict(float) for name in ("balance", "overdue", "not_due", "credit")}
        lines = self._get_statement_lines()
        due_dates = self._get_statement_due_dates(lines)
        for line in lines:
            residual = line.amount_residual_currency
            sums["balance"][line.currency_id] += residual
            if residual < 0:
                sums["credit"][line.currency_id] -= residual
            else:
                sums["overdue" if due_dates[line] < today else "not_due"][line.currency_id] += residual
        return {
            name: {currency: amount for currency, amount in amounts.items() if not currency.is_zero(amount)}
            for name, amounts in sums.items()
        }

    def _get_statement_due_dates(self, lines):
        """{line: day it is owed from}: that of the decision, which knows retentions and public bodies."""
        # Whoever may send the statement may know when its lines fall due.
        decided = {decision.id: decision.due_date for decision in self.sudo()._read_decisions()}
        return {line: decided.get(line.id) or line.date_maturity or line.invoice_date or line.date for line in lines}

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_preview_statement(self):
        """The statement as the customer would receive it now; nothing is sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of account"),
            "res_model": "collection.statement.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_debtor_id": self.id},
        }

    def action_send_statement(self):
        """Put this month's statement of account into the outbox now. Raises UserError, saying why it cannot go."""
        self.ensure_one()
        self.check_access("write")
        month = self.company_id._get_collection_today().replace(day=1)
        if self.env["collection.reminder"].search_count(
            [("debtor_id", "=", self.id), ("statement_month", "=", month)], limit=1
        ):
            raise UserError(self.env._("%s already has its statement of account of this month.", self.display_name))
        if not self._find_with_open_debts():
            raise UserError(self.env._("%s owes nothing: there is no statement to send.", self.display_name))
        if self._is_left_without_statement(by_person=True):
            raise UserError(
                self.env._("Nothing may be sent to %s: see its pause and its choice of statements.", self.display_name)
            )
        _made, lost = self._make_statements(month, approved_by_id=self.env.uid)
        if lost:
            raise UserError(self.env._("No usable e-mail address for %s.", self.display_name))
        return True
