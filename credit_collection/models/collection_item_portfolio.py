from odoo import api, models
from odoo.exceptions import ValidationError


class CollectionItem(models.Model):
    _inherit = "collection.item"

    @api.constrains("debtor_id", "move_line_id")
    def _check_line_of_debtor(self):
        """What is said of an instalment is said by who follows its customer: never under the name of another."""
        if self.env.su:
            return
        # Only whether they belong together is asked, of a line that the user may not read.
        for item in self.sudo().filtered("move_line_id"):
            line, debtor = item.move_line_id, item.debtor_id
            if line.partner_id != debtor.partner_id or line.company_id.root_id != debtor.company_id:
                raise ValidationError(
                    self.env._("This instalment is not one of %s: open it from its own customer.", debtor.display_name)
                )


class CollectionReminderLine(models.Model):
    _inherit = "collection.reminder.line"

    @api.constrains("item_id", "reminder_id")
    def _check_item_of_debtor(self):
        """A reminder claims what its own debtor owes."""
        if self.env.su:
            return
        # As above; later a customer may take its items to another debtor, and past reminders stay.
        for line in self.sudo():
            if line.item_id.debtor_id != line.reminder_id.debtor_id:
                raise ValidationError(
                    self.env._("A reminder to %s cannot claim what another customer owes.", line.debtor_id.display_name)
                )


class CollectionDelivery(models.Model):
    _inherit = "collection.delivery"

    @api.constrains("reminder_id", "debtor_id", "attachment_id")
    def _check_own_reminder(self):
        """A delivery carries a reminder of its own debtor, and a letter that whoever writes it may read."""
        if self.env.su:
            return
        for delivery in self:
            # Only whether they belong together is asked.
            if delivery.sudo().reminder_id.debtor_id != delivery.debtor_id:
                raise ValidationError(self.env._("This reminder is not one of %s.", delivery.debtor_id.display_name))
            if delivery.attachment_id:
                delivery.attachment_id.check_access("read")
