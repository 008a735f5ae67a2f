from odoo import api, fields, models
from odoo.fields import Domain

COLLECTOR = "credit_collection.group_collection_collector"
MANAGER = "credit_collection.group_collection_manager"
# Each of accounting's groups implies one of these, and sees every entry of its companies.
ACCOUNTING_GROUPS = ("account.group_account_invoice", "account.group_account_readonly")


class ResUsers(models.Model):
    """Whose debtors a user follows today, and what of the ledger this leaves him."""

    _inherit = "res.users"

    collection_rights_text = fields.Char(
        string="Not limited by the portfolio", compute="_compute_collection_rights_text", groups=MANAGER
    )

    @api.private
    def _get_collection_followed(self):
        """The user, and those whom he replaces today; who replaces a replacement follows both."""
        self.ensure_one()
        # Who is away is no secret: what the replacement may then read is for the rules to say.
        absences = self.env["collection.absence"].sudo()._get_current()
        followed, added = self, self
        while added:
            replaced = absences.filtered_domain([("replacement_id", "in", added.ids)]).user_id
            added = replaced - followed
            followed |= added
        return followed

    @api.private
    def _get_collection_portfolio(self):
        """For the rules: identifiers of those whose debtors the user follows today, and False for those of nobody."""
        return [*self._get_collection_followed().ids, False]

    @api.private
    def _is_limited_to_portfolio(self):
        """Whether the user sees his own debtors only, where his company says so."""
        self.ensure_one()
        return self.has_group(COLLECTOR) and not self.has_group(MANAGER)

    @api.private
    def _get_collection_customer_domain(self, path):
        """For the rules on the ledger: a term on the customer at ``path`` that leaves out other collectors' debtors.

        It is true of all for auditors and managers, and where no company limits its collectors.
        """
        if not self._is_limited_to_portfolio():
            return list(Domain.TRUE)
        # Which companies limit their collectors is a setting, the same for whoever asks.
        companies = self.env["res.company"].sudo().search([("collection_own_debtors_only", "=", True)]).root_id
        followed = self._get_collection_followed()
        return list(Domain.AND(self._get_customer_domain_of(path, company, followed) for company in companies))

    def _get_customer_domain_of(self, path, company, followed):
        every = ("active", "in", (True, False))
        of_others = [("company_id", "=", company.id), ("user_id", "not in", [*followed.ids, False]), every]
        customers_of_others = [("collection_debtor_ids", "any", of_others), every]
        return Domain("company_id", "not in", company._get_collection_companies().ids) | Domain(
            path, "not any", customers_of_others
        )

    @api.model
    @api.private
    def _get_collection_readers_of_everything(self, companies):
        """Collectors limited to their debtors by one of ``companies`` who see every entry as accountants anyway."""
        limiting = companies.root_id.filtered("collection_own_debtors_only")
        if not limiting:
            return self.browse()
        group = self.env.ref(COLLECTOR)
        # A manager is warned about whomever it concerns, without having to administer users.
        users = self.sudo().search([("all_group_ids", "in", group.ids), ("company_ids", "in", limiting.ids)])
        return users.filtered(
            lambda user: user._is_limited_to_portfolio() and any(user.has_group(name) for name in ACCOUNTING_GROUPS)
        )

    @api.depends_context("lang", "allowed_company_ids")
    def _compute_collection_rights_text(self):
        everything = self._get_collection_readers_of_everything(self.env.companies)
        for user in self:
            user.collection_rights_text = user in everything and self.env._(
                "Accounting rights: sees the entries of every customer of its companies"
            )
