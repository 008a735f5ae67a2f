from odoo import api, fields, models


class CollectionItem(models.Model):
    """What collection knows of one open item; created when there is something to know.

    It survives its ledger line: number, due date and amount are its own.
    """

    _name = "collection.item"
    _description = "Collection Item"
    _order = "due_date, id"
    _rec_name = "name"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    move_line_id = fields.Many2one("account.move.line", string="Journal Item", ondelete="set null", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", ondelete="set null", readonly=True, index=True)
    name = fields.Char(string="Number", readonly=True)
    due_date = fields.Date(readonly=True)
    due_rank = fields.Integer(readonly=True, help="Rank of the instalment among those of its invoice.")
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)

    plan_id = fields.Many2one("collection.plan", string="Plan of its Own", ondelete="set null")
    cycle = fields.Integer(default=1, required=True, readonly=True)
    level_id = fields.Many2one("collection.level", string="Level reached", ondelete="restrict", readonly=True)
    level_date = fields.Date(string="Level reached on", readonly=True)
    deadline_date = fields.Date(string="Deadline granted", readonly=True)

    status = fields.Selection(
        [
            ("assigned", "Assigned (factoring)"),
            ("undelivered", "E-invoice not delivered"),
            ("collecting", "Direct debit or bill to be presented"),
        ],
        help="Keeps reminders away from the item.",
    )
    status_date = fields.Date(help="Day on which the status ends by itself: the day of presentation.")
    release_date = fields.Date(help="Day on which the retention money is due.")
    said_paid_on = fields.Date(string="Said to be paid on", help="The customer told us: we look for the money for five days.")
    closed_on = fields.Date(readonly=True, help="Day on which the item was found settled.")

    _move_line_unique = models.UniqueIndex("(move_line_id) WHERE move_line_id IS NOT NULL")

    @api.depends("name", "due_date")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.name or "/"
