import calendar
import logging
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """Monthly statements of account: whether, when and with which words the company sends them."""

    _inherit = "res.company"

    collection_statement_scope = fields.Selection(
        [
            ("off", "Not sent"),
            ("asked", "To customers who asked for one"),
            ("all", "To every customer who owes something"),
        ],
        string="Monthly statements of account",
        default="off",
        required=True,
    )
    collection_statement_day = fields.Integer(
        string="Day of the statements",
        default=1,
        help="Day of the month, or the first working day after it; 31 is the last day of every month.",
    )
    collection_statement_template_id = fields.Many2one(
        "mail.template",
        string="Text of the statements",
        domain="[('model', '=', 'collection.reminder')]",
        ondelete="restrict",
    )
    collection_statement_month = fields.Date(
        string="Statements sent for", readonly=True, help="First day of the last month whose statements were made."
    )

    @api.constrains("collection_statement_day")
    def _check_collection_statement_day(self):
        for company in self:
            if not 1 <= company.collection_statement_day <= 31:
                raise ValidationError(self.env._("The day of the statements is a day of the month, from 1 to 31."))

    def write(self, vals):
        """Statements leave by a scheduled action of their own, which runs where a company wants it."""
        result = super().write(vals)
        if "collection_statement_scope" in vals:
            self._switch_statements_job()
        return result

    @api.model
    def _switch_statements_job(self):
        job = self.env.ref("credit_collection.cron_send_statements", raise_if_not_found=False)
        if job:
            # Whoever may set the company switches its job with it; other companies may want it too.
            wanted = self.sudo().search_count([("collection_statement_scope", "!=", "off")], limit=1)
            job.sudo().active = bool(wanted)

    def _get_statement_template(self):
        """The e-mail that carries the statement: the company's own, else the one shipped."""
        # A text of the company, whoever sends it.
        return self.sudo().collection_statement_template_id or self.env.ref("credit_collection.mail_template_statement")

    # -- once a month --------------------------------------------------------------------------------------------------

    @api.model
    def _cron_send_statements(self):
        """Make the month's statements of every company whose day has come; the outbox sends them."""
        # The scheduler acts for all companies; each one's debtors are then its own.
        companies = self.sudo().search([("collection_statement_scope", "!=", "off"), ("parent_id", "=", False)])
        for company in companies:
            # The scheduler speaks no language: what it writes for people is in the company's.
            company = company.with_context(lang=company.partner_id.lang)
            try:
                if company._is_day_of_statements():
                    self.env["collection.run"]._refresh_figures_of(company)
                    retrying(partial(company._send_statements), self.env)
            except Exception:
                # One company's trouble must not keep the others from sending theirs; tomorrow it is tried again.
                _logger.exception("Statements of account of company %s failed", company.id)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1)

    def _is_day_of_statements(self):
        """Whether this month's statements are still to be made, and their day has come.

        A day missed is made up for within the month: on a Sunday, or while the server was off.
        """
        self.ensure_one()
        today = self._get_collection_today()
        if self.collection_statement_month == today.replace(day=1) or not self._get_working_calendar().is_working_day(
            today
        ):
            return False
        last = calendar.monthrange(today.year, today.month)[1]
        return today.day >= min(self.collection_statement_day, last)

    def _send_statements(self):
        """Make the statements of the month, once; return them.

        Customers who come to owe something later in the month wait for the next.
        """
        self.ensure_one()
        month = self._get_collection_today().replace(day=1)
        debtors = self.env["collection.debtor"].with_company(self)
        made, lost = debtors.search(debtors._get_statement_domain(self), order="id")._make_statements(month)
        self.collection_statement_month = month
        _logger.info("Company %s: %s statements of account, %s customers without e-mail", self.id, len(made), len(lost))
        return made


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_statement_scope = fields.Selection(
        related="company_id.root_id.collection_statement_scope", readonly=False
    )
    collection_statement_day = fields.Integer(related="company_id.root_id.collection_statement_day", readonly=False)
    collection_statement_template_id = fields.Many2one(
        related="company_id.root_id.collection_statement_template_id", readonly=False
    )
    collection_statement_month = fields.Date(related="company_id.root_id.collection_statement_month")
