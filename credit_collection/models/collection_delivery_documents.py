from base64 import b64decode, b64encode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..calc.kept_message import fingerprint, pack
from .collection_delivery import LEFT_STATES
from .collection_document import unpack_message

# Written by the program alone: what they say would prove nothing otherwise.
PROOF_FIELDS = frozenset({"message_sha256", "message_content", "document_ids"})


class CollectionDelivery(models.Model):
    """Everything sent is kept as it left, and anyone can check that it still is.

    Letters and proofs are kept documents. An e-mail stands on the delivery itself: it is written by the statement
    that records its leaving, and costs no other.
    """

    _inherit = "collection.delivery"

    document_ids = fields.One2many("collection.document", "delivery_id", string="Kept Documents", readonly=True)
    message_sha256 = fields.Char(string="SHA-256 of the E-mail", readonly=True)
    message_content = fields.Binary(attachment=False, readonly=True, copy=False)

    # -- keeping -------------------------------------------------------------------------------------------------------

    def _prepare_kept_message(self, message, files):
        """Values that keep the bytes of an e-mail as handed over; ``files`` stand on the timeline already."""
        if not message:
            return {}
        return {"message_sha256": fingerprint(message), "message_content": b64encode(pack(message, files))}

    def _keep_as_letter(self, attachment):
        """Keep the letter as it was made; its day of sending comes when it is in the post."""
        self.ensure_one()
        return self.env["collection.document"]._keep(self, "letter", attachment)

    def _date_letters(self):
        """The letters are in the post: from now on they are what was sent."""
        letters = self.document_ids.filtered(lambda document: document.kind == "letter" and not document.sent_at)
        # The program's own record: see _keep().
        letters.sudo().sent_at = fields.Datetime.now()

    def action_mark_arrived(self):
        """A letter that a person found to have arrived is from now on what was sent."""
        self.check_access("write")
        result = super().action_mark_arrived()
        self.filtered(lambda delivery: delivery.state == "handed_over")._date_letters()
        return result

    def _drop_letter(self):
        """Throw away a letter made and not posted; one that was stays kept, and the next is made beside it."""
        posted = self.document_ids.filtered(lambda document: document.kind == "letter" and document.sent_at)
        # The program's own record: see _keep().
        (self.document_ids.filtered(lambda document: document.kind == "letter") - posted).sudo().unlink()
        if self.attachment_id in posted.attachment_id:
            self.attachment_id = False
            return
        super()._drop_letter()

    def _keep_past_message(self):
        """Before an e-mail goes again, make a document of the one that left first."""
        for delivery in self.filtered("message_sha256"):
            content = delivery._read_message()
            # The program's own file, on the debtor's page.
            attachment = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": delivery._get_message_name(),
                        "raw": content or b"",
                        "mimetype": "message/rfc822",
                        "res_model": "collection.debtor",
                        "res_id": delivery.debtor_id.id,
                    }
                )
            )
            document = self.env["collection.document"]._keep(delivery, "message", attachment)
            # The fingerprint of the day it left, even if it has changed since.
            document.write({"sha256": delivery.message_sha256, "sent_at": delivery.handed_over_at})
            delivery.sudo().write({"message_sha256": False, "message_content": False})

    def action_mark_not_arrived(self):
        """What goes again is another message: the first stays kept beside it."""
        self.check_access("write")
        self.filtered(lambda delivery: delivery.state in ("unknown", "bounced"))._keep_past_message()
        return super().action_mark_not_arrived()

    # -- reading -------------------------------------------------------------------------------------------------------

    def _get_message_name(self):
        return f"{self.reminder_id.name}.eml"

    def _read_message(self):
        """Bytes of the e-mail as it left; None when it or one of its files is damaged or gone."""
        self.ensure_one()
        # The files of the company's own message, whoever reads the delivery.
        files = self.sudo().mail_message_id.attachment_ids.mapped("raw")
        return unpack_message(b64decode(self.message_content or b""), (content or b"" for content in files))

    def action_verify(self):
        """Compute every fingerprint again and say in words whether what was sent is still what is kept."""
        self.check_access("read")
        verdicts = []
        for delivery in self:
            verdicts += delivery._verify()
        if not verdicts:
            raise UserError(self.env._("Nothing was sent yet: documents are kept when they leave."))
        return self.env["collection.document"]._show_verdicts(verdicts)

    def _verify(self):
        verdicts = self.document_ids._verify()
        if self.message_sha256:
            name, day = self._get_message_name(), self.handed_over_at or self.write_date
            judge = self.env["collection.document"]._judge
            verdicts.append(judge(name, self.message_sha256, self._read_message(), day))
        return verdicts

    def action_download_message(self):
        """The e-mail as it left, as a file that mail programs open."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/collection/message/{self.id}", "target": "self"}

    # -- nobody changes what was sent ----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse proofs that somebody makes up."""
        for vals in vals_list:
            self._check_no_proof_in(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change the proof of what was sent."""
        self._check_no_proof_in(vals)
        return super().write(vals)

    def _check_no_proof_in(self, vals):
        if not self.env.su and self._get_proof_fields() & vals.keys():
            raise AccessError(self.env._("What was sent is kept as it was: nobody changes it."))

    def _get_proof_fields(self):
        """Fields that the program alone writes. Override to add some."""
        return PROOF_FIELDS

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left(self):
        if any(delivery.state in LEFT_STATES for delivery in self):
            raise UserError(self.env._("What was sent is kept: a delivery that has left cannot be deleted."))
