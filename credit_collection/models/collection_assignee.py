from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionAssignee(models.Model):
    """To whom the company has assigned invoices: a factor or a bank, with the account that alone may be paid into.

    Changing that account is what a fraud would do: managers alone may, and it stays in the history.
    """

    _name = "collection.assignee"
    _description = "Assignee of Invoices"
    _inherit = ["mail.thread"]
    _order = "partner_id, id"
    _rec_names_search = ["partner_id"]

    partner_id = fields.Many2one(
        "res.partner", string="Assignee", required=True, ondelete="restrict", index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    active = fields.Boolean(default=True)
    bank_account_id = fields.Many2one(
        "res.partner.bank",
        string="Account to pay into",
        required=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        tracking=True,
    )
    basis = fields.Selection(
        [
            ("subrogation", "Subrogation: factoring (Civil Code, art. 1346-1)"),
            ("business", "Assignment to a bank (Monetary and Financial Code, art. L313-23 et seq.)"),
            ("civil", "Assignment of a claim (Civil Code, art. 1321 et seq.)"),
        ],
        default="subrogation",
        required=True,
        tracking=True,
        help="Chooses the sentence by which reminders say whom to pay.",
    )
    mention = fields.Text(
        string="Mention of its own",
        translate=True,
        help="Takes the place of the sentence of the legal basis, word for word as your contract wants it.",
    )
    mention_shown = fields.Text(string="What customers read", compute="_compute_mention_shown")
    item_ids = fields.One2many("collection.item", "assignee_id", string="Assigned Items")

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        for assignee in self:
            assignee.display_name = assignee.partner_id.display_name

    @api.depends("mention", "basis", "partner_id.name")
    @api.depends_context("lang")
    def _compute_mention_shown(self):
        for assignee in self:
            assignee.mention_shown = assignee._get_mention()

    @api.constrains("bank_account_id", "partner_id")
    def _check_bank_account_holder(self):
        for assignee in self:
            if assignee.bank_account_id.partner_id.commercial_partner_id != assignee.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "The account %(account)s is not one of %(assignee)s.",
                        account=assignee.bank_account_id.acc_number,
                        assignee=assignee.partner_id.display_name,
                    )
                )

    @api.constrains("company_id")
    def _check_root_company(self):
        for assignee in self:
            if assignee.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%s is a branch: invoices are assigned for its parent company.", assignee.company_id.name
                    )
                )

    def _get_mention(self):
        """Whom to pay, and that nobody else may be, in the language of the context."""
        self.ensure_one()
        name = self.partner_id.name or ""
        texts = {
            # C. civ. 1346-5: the debtor who knows of the subrogation can pay nobody else.
            "subrogation": self.env._(
                "%(assignee)s has been subrogated to our rights in the invoices listed here (article 1346-1 of the "
                "French Civil Code). To discharge your debt, payment must be made exclusively to %(assignee)s.",
                assignee=name,
            ),
            # C. mon. fin. L313-28: once notified, the debtor is discharged by paying the bank alone.
            "business": self.env._(
                "The invoices listed here have been assigned to %(assignee)s under articles L. 313-23 to L. 313-34 of "
                "the French Monetary and Financial Code. To discharge your debt, payment must be made exclusively to "
                "%(assignee)s.",
                assignee=name,
            ),
            "civil": self.env._(
                "The invoices listed here have been assigned to %(assignee)s (articles 1321 to 1326 of the French "
                "Civil Code). To discharge your debt, payment must be made exclusively to %(assignee)s.",
                assignee=name,
            ),
        }
        return self.mention or texts[self.basis]
