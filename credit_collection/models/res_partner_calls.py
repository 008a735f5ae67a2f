import phonenumbers

from odoo import fields, models

MOBILE_KINDS = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
READERS = "credit_collection.group_collection_reader"


class ResPartner(models.Model):
    """Telephone numbers: which were found to be wrong, and which can receive text messages."""

    _inherit = "res.partner"

    collection_wrong_phone = fields.Char(
        string="Wrong Number", groups=READERS, help="Number that did not lead to this contact when it was called."
    )
    collection_wrong_phone_on = fields.Date(string="Found wrong on", groups=READERS)

    def _has_wrong_phone(self):
        """Whether the contact's number is the one that was found to be wrong: a new number is given its chance."""
        # Whom not to call does not depend on who may see the field.
        own = self.sudo()
        return bool(own.phone and own.phone == own.collection_wrong_phone)

    def _flag_wrong_phone(self, day):
        """The contact's number did not lead to it on that day."""
        # Who calls customers need not be allowed to edit contacts: only what the call taught is written.
        for partner in self.sudo().filtered("phone"):
            partner.write({"collection_wrong_phone": partner.phone, "collection_wrong_phone_on": day})

    def _get_mobile_number(self):
        """Number in the form +33612345678 if it can receive text messages; None if not."""
        self.ensure_one()
        number = self._phone_format(fname="phone")
        if not number:
            return None
        kind = phonenumbers.number_type(phonenumbers.parse(number))
        return number if kind in MOBILE_KINDS else None

    def _filter_reachable_by_sms(self):
        """Those of the contacts who can be sent a text: a mobile, neither refused nor found to be wrong."""
        numbers = {
            partner: number
            for partner in self
            if partner.phone and not partner._has_wrong_phone() and (number := partner._get_mobile_number())
        }
        if not numbers:
            return self.browse()
        # Who refused to be written to binds every user.
        refused = self.env["phone.blacklist"].sudo().search([("number", "in", list(numbers.values()))]).mapped("number")
        return self.filtered(lambda partner: partner in numbers and numbers[partner] not in refused)
