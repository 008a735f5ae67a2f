from odoo import fields, models
from odoo.tools import pdf

from ..paper import clear_margins
from .snailmail_letter import Result


class CollectionDelivery(models.Model):
    """A letter in the hands of Snailmail: its number there, what it cost, and how it ended."""

    _inherit = "collection.delivery"

    snailmail_letter_id = fields.Many2one(
        "snailmail.letter", string="Letter at Snailmail", ondelete="set null", index="btree_not_null", readonly=True
    )
    snailmail_state = fields.Selection(related="snailmail_letter_id.state", string="Snailmail")
    snailmail_reference = fields.Char(string="Number at Snailmail", readonly=True)
    snailmail_cost = fields.Float(string="Stamps", digits=(12, 2), readonly=True, help="What Snailmail took for it.")

    def _get_proof_fields(self):
        return super()._get_proof_fields() | {"snailmail_letter_id", "snailmail_reference", "snailmail_cost"}

    def _write_snailmail(self, values):
        # Proofs are the program's to write: the rights on the delivery have been checked by whoever calls.
        self.sudo().write(values)
        self.flush_recordset()

    # -- making --------------------------------------------------------------------------------------------------------

    def _prepare_snailmail_letter(self):
        """The letter at Snailmail of what has just been made: the same one as before, if it is tried again."""
        self.ensure_one()
        # The program's own record, and its message on the customer's page, whoever sends.
        letter = self.sudo().snailmail_letter_id
        company = self.company_id.sudo()
        values = {
            "attachment_id": self.attachment_id.id,
            "partner_id": self.recipient_ids[:1].id,
            "state": "pending",
            "error_code": False,
            "color": company.snailmail_color,
            "duplex": company.snailmail_duplex,
            # The cover is a page of the document by now.
            "cover": False,
        }
        if letter:
            letter.write({**values, **letter._get_address_of(self.recipient_ids[:1])})
        else:
            letter = letter.create(
                {
                    **values,
                    "model": self.debtor_id._name,
                    "res_id": self.debtor_id.id,
                    "company_id": company.id,
                    "user_id": self.env.uid,
                    "is_collection": True,
                }
            )
            self._write_snailmail({"snailmail_letter_id": letter.id})
        letter.message_id.attachment_ids = self.attachment_id
        return letter

    def _fit_for_snailmail(self, content):
        """The document with white margins, behind a cover page where the company wants one."""
        content = clear_margins(content, pdf)
        # Which way a company posts its letters is no secret.
        company = self.company_id.sudo()
        if not company.snailmail_cover:
            return content
        letters = self.env["snailmail.letter"].sudo()
        letter = letters.new({"partner_id": self.recipient_ids[:1].id, "duplex": company.snailmail_duplex})
        return letter._append_cover_page(content)

    def _drop_letter(self):
        """A letter at Snailmail lives with its file, which goes: it waits for the next one."""
        # As above.
        letter = self.sudo().snailmail_letter_id
        letter.attachment_id = False
        return super()._drop_letter()

    # -- how it ended --------------------------------------------------------------------------------------------------

    def _record_snailmail(self, answer):
        """What Snailmail answered. Begins again after a serialization failure: it only writes."""
        self.ensure_one()
        # As above.
        self.sudo().snailmail_letter_id._record_answer(answer)
        if answer.result is Result.SENT:
            self._write_snailmail({"snailmail_reference": answer.reference, "snailmail_cost": answer.cost})
            self._record_handed_over()._date_letters()
        elif answer.result is Result.REFUSED:
            self._record_failure(answer.words)
        elif answer.result is Result.UNCLEAR:
            self._record_unknown(answer.words)
        else:
            self._move_to("queued", from_states=("handing_over",), error=answer.words)

    def action_mark_arrived(self):
        """A letter that a person found to have arrived was sent."""
        result = super().action_mark_arrived()
        arrived = self.filtered(lambda delivery: delivery.state == "handed_over")
        # As above.
        arrived.sudo().snailmail_letter_id.filtered(lambda letter: letter.state != "sent").state = "sent"
        return result

    def _move_to(self, state, from_states, **values):
        """What is taken out of the outbox is not sent any more: its letter at Snailmail neither."""
        moved = super()._move_to(state, from_states, **values)
        if state == "cancelled":
            # As above.
            letters = moved.sudo().snailmail_letter_id
            letters.filtered(lambda letter: letter.state in ("pending", "error")).cancel()
        return moved
