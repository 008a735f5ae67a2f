from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionItem(models.Model):
    """Which items were assigned, to whom and when."""

    _inherit = "collection.item"

    assignee_id = fields.Many2one(
        "collection.assignee",
        string="Assigned to",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
        help="Who alone may be paid. Without it nobody is reminded of an assigned item: whom to pay would be unknown.",
    )
    customer_kind = fields.Selection(related="debtor_id.customer_kind")
    assigned_on = fields.Date(help="Day on which the item was assigned, as the schedule of claims says.")

    @api.constrains("assignee_id", "status", "debtor_id")
    def _check_assignee(self):
        for item in self.filtered("assignee_id"):
            if item.status != "assigned":
                raise ValidationError(
                    self.env._(
                        "%s has an assignee: its status is “Assigned”. Empty the assignee first if it is yours again.",
                        item.display_name,
                    )
                )
            if item.assignee_id.company_id != item.company_id:
                raise ValidationError(self.env._("%s was not assigned by this company.", item.assignee_id.display_name))

    @api.onchange("assignee_id")
    def _onchange_assignee(self):
        """Naming the assignee says that the item is assigned; taking it away, that it is ours again."""
        if self.assignee_id:
            self.status = "assigned"
            self.assigned_on = self.assigned_on or self.company_id._get_collection_today()
        elif self._origin.assignee_id and self.status == "assigned":
            self.status = self.assigned_on = False

    def write(self, vals):
        """A change of assignee stands on the timeline, and calls back what asks to pay somebody else."""
        before = {item: item.assignee_id for item in self} if "assignee_id" in vals else {}
        result = super().write(vals)
        moved = self.filtered(lambda item: item in before and before[item] != item.assignee_id)
        if moved:
            moved._note_assignment()
            moved.debtor_id._recheck_pending_reminders()
        return result

    def _note_assignment(self):
        for assignee, items in self.grouped("assignee_id").items():
            if assignee:
                # The name may hold a percent sign, and the items come after it.
                name = assignee.display_name.replace("%", "%%")
                items._note_on_timelines(self.env._("Assigned to %(assignee)s: %(items)s", assignee=name, items="%s"))
            else:
                items._note_on_timelines(self.env._("No longer assigned: %s"))

    def _get_payee(self):
        """The assignee to whom alone the item may be paid; empty where it is the company itself."""
        self.ensure_one()
        return self.assignee_id if self.status == "assigned" else self.env["collection.assignee"]
