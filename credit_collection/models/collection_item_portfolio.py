from odoo import api, models
from odoo.exceptions import ValidationError

# Not constraints: those are checked for the program too, which moves items when a customer changes its company.


class CollectionItem(models.Model):
    """What is said of an instalment is said by who follows its customer: never under the name of another."""

    _inherit = "collection.item"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse an instalment of another customer."""
        items = super().create(vals_list)
        items._check_line_of_debtor()
        return items

    def write(self, vals):
        """Refuse to move an item to another customer by hand."""
        result = super().write(vals)
        if {"debtor_id", "move_line_id"} & vals.keys():
            self._check_line_of_debtor()
        return result

    def _check_line_of_debtor(self):
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
    """A reminder claims what its own debtor owes."""

    _inherit = "collection.reminder.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to claim what another customer owes."""
        lines = super().create(vals_list)
        lines._check_item_of_debtor()
        return lines

    def write(self, vals):
        """Refuse to claim what another customer owes."""
        result = super().write(vals)
        if {"item_id", "reminder_id"} & vals.keys():
            self._check_item_of_debtor()
        return result

    def _check_item_of_debtor(self):
        if self.env.su:
            return
        # As above: only whether they belong together is asked.
        for line in self.sudo():
            if line.item_id.debtor_id != line.reminder_id.debtor_id:
                raise ValidationError(
                    self.env._("A reminder to %s cannot claim what another customer owes.", line.debtor_id.display_name)
                )


class CollectionDelivery(models.Model):
    """A delivery carries a reminder of its own debtor, and a letter that whoever writes it may read."""

    _inherit = "collection.delivery"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse the reminder of another customer, and a file that the user may not read."""
        deliveries = super().create(vals_list)
        deliveries._check_own_reminder()
        return deliveries

    def write(self, vals):
        """Refuse the reminder of another customer, and a file that the user may not read."""
        result = super().write(vals)
        if {"reminder_id", "debtor_id", "attachment_id"} & vals.keys():
            self._check_own_reminder()
        return result

    def _check_own_reminder(self):
        if self.env.su:
            return
        # As above: only whether they belong together is asked.
        for delivery in self.sudo():
            if delivery.reminder_id.debtor_id != delivery.debtor_id:
                raise ValidationError(self.env._("This reminder is not one of %s.", delivery.debtor_id.display_name))
        self.attachment_id.check_access("read")
