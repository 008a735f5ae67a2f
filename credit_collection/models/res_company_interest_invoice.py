from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# Where the French chart books them, the most precise account first: PCG 763, "revenus des autres créances", for
# interest; 758, "indemnités et autres produits", for the lump sums.
INTEREST_CODES = ("7631", "763")
LUMP_SUM_CODES = ("7588", "7581", "758")


class ResCompany(models.Model):
    """Products and accounts of the invoices of interest."""

    _inherit = "res.company"

    collection_interest_product_id = fields.Many2one(
        "product.product",
        string="Product of Late-payment Interest",
        ondelete="restrict",
        default=lambda self: self.env.ref("credit_collection.product_interest", raise_if_not_found=False),
    )
    collection_lump_sum_product_id = fields.Many2one(
        "product.product",
        string="Product of Recovery Costs",
        ondelete="restrict",
        default=lambda self: self.env.ref("credit_collection.product_lump_sum", raise_if_not_found=False),
    )

    @api.model
    def _preset_interest_invoicing(self):
        """Fill in products and accounts where nobody chose any."""
        for company in self.search([("parent_id", "=", False)]):
            company._fill_interest_invoicing()

    def _fill_interest_invoicing(self):
        presets = {
            "collection_interest_product_id": self.env.ref("credit_collection.product_interest").id,
            "collection_lump_sum_product_id": self.env.ref("credit_collection.product_lump_sum").id,
            "collection_interest_account_id": self._find_income_account(INTEREST_CODES).id,
            "collection_lump_sum_account_id": self._find_income_account(LUMP_SUM_CODES).id,
        }
        self.write({name: value for name, value in presets.items() if value and not self[name]})

    def _find_income_account(self, codes):
        """The first income account of the chart whose code begins with one of ``codes``, in this order."""
        accounts = self.env["account.account"].with_company(self)
        for code in codes:
            found = accounts.search(
                [
                    ("code", "=like", f"{code}%"),
                    ("account_type", "in", ("income", "income_other")),
                    *accounts._check_company_domain(self),
                ],
                order="code",
                limit=1,
            )
            if found:
                return found
        return accounts

    def _check_interest_invoicing(self):
        """Raise UserError, saying where to go, while an account is missing."""
        self.ensure_one()
        self._fill_interest_invoicing()
        if not self.collection_interest_account_id or not self.collection_lump_sum_account_id:
            raise UserError(
                self.env._(
                    "Choose the accounts of late-payment interest and of recovery costs "
                    "in the accounting settings of %s.",
                    self.name,
                )
            )

    def _prepare_charge_line(self, kind, name, amount):
        """Values of an invoice line of interest or of a lump sum: out of the scope of VAT, so without any tax."""
        product = self[f"collection_{kind}_product_id"]
        return {
            "name": name,
            "product_id": product.id,
            "account_id": self[f"collection_{kind}_account_id"].id,
            "quantity": 1,
            "price_unit": float(amount),
            "tax_ids": [Command.clear()],
        }


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_interest_product_id = fields.Many2one(
        related="company_id.root_id.collection_interest_product_id", readonly=False
    )
    collection_lump_sum_product_id = fields.Many2one(
        related="company_id.root_id.collection_lump_sum_product_id", readonly=False
    )
