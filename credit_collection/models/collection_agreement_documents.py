from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# Kinds of letters about an agreement, and where each has its place.
LETTER_STATES = {
    "agreement": ("draft", "proposed", "accepted", "kept"),
    "warning": ("accepted",),
    "revocation": ("revoked",),
}
REPORTS = {
    "agreement": "credit_collection.action_report_agreement_letter",
    "warning": "credit_collection.action_report_agreement_warning",
    "revocation": "credit_collection.action_report_agreement_revocation",
}


class CollectionDocument(models.Model):
    """Letters of agreements and what customers signed are kept as everything sent is."""

    _inherit = "collection.document"

    agreement_id = fields.Many2one("collection.agreement", ondelete="restrict", index="btree_not_null", readonly=True)
    kind = fields.Selection(
        selection_add=[
            ("agreement", "Payment agreement"),
            ("warning", "Warning of a missed instalment"),
            ("revocation", "Revocation of an agreement"),
            ("signed", "Agreement signed by the customer"),
        ],
        ondelete={
            "agreement": "cascade",
            "warning": "cascade",
            "revocation": "cascade",
            "signed": "cascade",
        },
    )

    _owner = models.Constraint(
        "CHECK (num_nonnulls(delivery_id, deposit_id, agreement_id) = 1)",
        "A kept document belongs to one delivery, one deposit or one agreement.",
    )

    @api.model
    def _get_owner_field(self, owner):
        """Keep also what an agreement sent or received."""
        return "agreement_id" if owner._name == "collection.agreement" else super()._get_owner_field(owner)


class CollectionAgreement(models.Model):
    """Letters about the agreement: shown, printed, sent with an e-mail, and kept with their fingerprints."""

    _inherit = "collection.agreement"

    def action_send_letter(self, kind=None):
        """Dialog that sends the letter of the agreement, or that of its warning or revocation."""
        self.ensure_one()
        kind = kind or self.env.context.get("collection_letter_kind") or self._get_letter_kind()
        self._check_letter_kind(kind)
        wizard = self.env["collection.agreement.send"]._prepare_for(self, kind)
        return {
            **self.env["collection.debtor"]._open_record(wizard),
            "name": dict(wizard._fields["kind"]._description_selection(self.env))[kind],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_warn(self):
        """Warn the customer of a missed instalment: in a dialog for one agreement, by e-mail at once for several."""
        if len(self) == 1:
            return self.action_send_letter("warning")
        unreachable = self.browse()
        for agreement in self.filtered("to_warn"):
            wizard = self.env["collection.agreement.send"]._prepare_for(agreement, "warning")
            if wizard.partner_ids:
                wizard.action_send()
            else:
                unreachable |= agreement
        if unreachable:
            names = ", ".join(unreachable.debtor_id.mapped("display_name"))
            return self.env["collection.delivery"]._notify(
                self.env._("Not sent yet"), self.env._("No usable e-mail address: print the letters of %s.", names)
            )
        return True

    def action_print(self):
        """The letter that the agreement is at, as PDF."""
        self.ensure_one()
        return self._print(self._get_letter_kind())

    def _print(self, kind):
        return self.env.ref(REPORTS[kind]).report_action(self, config=False)

    def _get_letter_kind(self):
        """The letter that comes next."""
        if self.state == "revoked":
            return "revocation"
        return "warning" if self.state == "accepted" and self.missed_since else "agreement"

    def _check_letter_kind(self, kind):
        """Raise UserError where such a letter would say what is not true."""
        if self.state not in LETTER_STATES[kind] or (kind == "warning" and not self.missed_since):
            raise UserError(
                {
                    "agreement": self.env._("%s is over: its letter cannot be sent any more.", self.name),
                    "warning": self.env._("No instalment of %s is missed.", self.name),
                    "revocation": self.env._("%s has not been revoked.", self.name),
                }[kind]
            )

    # -- leaving -------------------------------------------------------------------------------------------------------

    def _send_letter(self, kind, partners, subject, body):
        """Send the letter with an e-mail from the customer's page, where the answers come back; it is kept.

        Raises UserError where the letter cannot be printed or nobody can receive it.
        """
        if not partners:
            raise UserError(self.env._("No usable e-mail address for %s.", self.debtor_id.display_name))
        document = self._keep_letter(kind)
        self.debtor_id.message_post(
            body=body,
            subject=subject,
            partner_ids=partners.ids,
            attachment_ids=document.attachment_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_add_signature=False,
            email_layout_xmlid="mail.mail_notification_light",
            force_email_lang=self.lang,
        )
        self._record_letter(kind)

    def _post_letter(self, kind):
        """The letter is printed for the post: it is kept as it is, and the customer counts as written to."""
        document = self._keep_letter(kind)
        self._record_letter(kind)
        return document

    def _keep_letter(self, kind):
        self.check_access("write")
        self._check_letter_kind(kind)
        if self.state == "draft":
            raise UserError(self.env._("%s has to be proposed before its letter leaves.", self.name))
        documents = self.env["collection.document"]
        content = self._render_agreement_letter(kind)
        attachment = documents._attach(self.debtor_id, self._get_letter_file_name(kind), content)
        return documents._keep(self, kind, attachment, sent=True)

    def _get_letter_file_name(self, kind):
        return f"{self.with_context(lang=self.lang)._get_letter_title(kind)} {self.name}.pdf"

    def _get_letter_title(self, kind):
        return {
            "agreement": self.env._("Payment agreement"),
            "warning": self.env._("Missed instalment"),
            "revocation": self.env._("Revocation of the payment agreement"),
        }[kind]

    def _record_letter(self, kind):
        if kind == "warning":
            self._record_warning()

    def _keep_signed(self, name, content):
        """Keep the agreement as the customer signed it."""
        documents = self.env["collection.document"]
        attachment = documents._attach(self.debtor_id, name, content, mimetype=None)
        return documents._keep(self, "signed", attachment)

    # -- interest in the instalments -----------------------------------------------------------------------------------

    def action_invoice_interest(self):
        """Draft invoice of the interest that the instalments carry, due with the last of them; a person posts it."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "accepted" or not self.interest:
            raise UserError(self.env._("The instalments of an agreement in force carry no interest here."))
        # The program's own link: see interest_move_id.
        move = self.sudo().interest_move_id
        if not move or move.state == "cancel":
            move = self._create_interest_invoice()
            self.sudo().interest_move_id = move
        return move.sudo(False).action_collection_open()

    def _create_interest_invoice(self):
        # Accounts and products are the company's, whoever asks for an invoice.
        company = self.company_id.sudo()
        company._check_interest_invoicing()
        label = self.with_context(lang=self.lang).env._("Interest of the payment agreement %s", self.name)
        # A draft that the person asked for, as interest invoices are; an accountant posts it.
        return (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_id.id,
                    "currency_id": self.currency_id.id,
                    "invoice_payment_term_id": False,
                    "invoice_date_due": self.last_date,
                    "invoice_origin": self.name,
                    "invoice_line_ids": [
                        Command.create(company._prepare_charge_line("interest", label, self.interest))
                    ],
                }
            )
        )

    def _adopt_interest_invoice(self):
        """Once it is posted, the invoice of the interest is one of the items that the instalments pay."""
        # Written by the program, on its own records.
        agreement = self.sudo()
        move = agreement.interest_move_id
        if move.state != "posted":
            return
        items = self.env["collection.item"].sudo()
        lines = move.line_ids.filtered("account_id.collection_role")
        known = items.search([("move_line_id", "in", lines.ids)])
        known |= items.create([agreement._prepare_interest_item(line) for line in lines - known.move_line_id])
        for item in known - agreement.line_ids.item_id:
            agreement.item_ids += item
            agreement.line_ids = [
                Command.create(
                    {
                        "item_id": item.id,
                        "name": item.name,
                        "due_date": item.due_date,
                        "amount": item.amount,
                        "is_interest": True,
                    }
                )
            ]

    def _prepare_interest_item(self, line):
        return {
            "debtor_id": self.debtor_id.id,
            "move_line_id": line.id,
            "move_id": line.move_id.id,
            "name": line.move_id.name,
            "due_date": line.date_maturity or line.date,
            "due_rank": self.env["collection.item"]._get_due_rank(line),
            "amount": line.amount_currency,
            "currency_id": line.currency_id.id,
        }
