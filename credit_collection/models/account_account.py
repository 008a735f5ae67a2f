from odoo import api, fields, models
from odoo.tools import ormcache

# French chart (PCG): 4117 holds retentions, 413 bills receivable, 416 doubtful customers.
FRENCH_ROLE_BY_PREFIX = {"4117": "retention", "413": "bill", "416": "doubtful"}


class AccountAccount(models.Model):
    _inherit = "account.account"

    collection_role = fields.Selection(
        selection=[
            ("trade", "Trade receivable"),
            ("bill", "Bill receivable"),
            ("retention", "Retention money"),
            ("doubtful", "Doubtful receivable"),
        ],
        string="Role in Collection",
        help="What collection does with the open items of this account.\n"
        "Trade receivable: chased.\n"
        "Bill receivable: silent until the bill's term.\n"
        "Retention money: silent until its release date.\n"
        "Doubtful receivable: only by a person or a case.\n"
        "Empty: out of scope.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """New accounts get the role that their type and code deserve."""
        accounts = super().create(vals_list)
        accounts._preset_collection_roles()
        self.env.registry.clear_cache()
        return accounts

    def write(self, vals):
        """Whatever changes of an account, what collection reads may."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """See ``write``."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _get_collection_perimeter(self, root_companies):
        """Accounts with a role in collection, and the receivable ones without: these are counted, not chased."""
        return self.browse(self._find_collection_perimeter(tuple(root_companies.ids)))

    @api.model
    @ormcache("company_ids")
    def _find_collection_perimeter(self, company_ids):
        # Asked several times for one page. Which accounts collection reads is a setting of the company, the same for
        # every reader.
        return tuple(
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    ("collection_role", "!=", False),
                    ("account_type", "=", "asset_receivable"),
                    ("company_ids", "child_of", company_ids),
                ]
            )
            .ids
        )

    def _preset_collection_roles(self):
        """Give a role to the accounts that have none; called without records, to all of them."""
        candidates = self or self.search([("account_type", "in", ("asset_receivable", "asset_current"))])
        for account in candidates.filtered(lambda account: not account.collection_role):
            role = account._get_default_collection_role()
            if role:
                account.collection_role = role

    def _get_default_collection_role(self):
        """Role an account deserves from its type and French code; False outside the perimeter."""
        self.ensure_one()
        french_role = self._get_french_collection_role()
        if french_role == "doubtful" and self.account_type in ("asset_receivable", "asset_current"):
            return french_role
        if self.account_type != "asset_receivable" or self.non_trade:
            return False
        return french_role or "trade"

    def _get_french_collection_role(self):
        # An account shared by several companies has a code in each: any of them tells its nature.
        codes = [self.with_company(company.root_id).code or "" for company in self.company_ids]
        for prefix, role in FRENCH_ROLE_BY_PREFIX.items():
            if any(code.startswith(prefix) for code in codes):
                return role
        return False
