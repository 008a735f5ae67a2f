from odoo import fields, models


class CollectionSnooze(models.Model):
    """A debtor that a collector put off until a day: his list leaves it out, the others' do not."""

    _name = "collection.snooze"
    _description = "Customer put off"
    _order = "until, id"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", readonly=True)
    until = fields.Date(string="Back on", required=True, readonly=True)

    _once = models.UniqueIndex("(user_id, debtor_id)", "A customer is put off once by each collector.")
