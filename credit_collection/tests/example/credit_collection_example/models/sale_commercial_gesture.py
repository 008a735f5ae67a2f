from odoo import fields, models


class CommercialGesture(models.Model):
    _name = "sale.commercial.gesture"
    _description = "Commercial Gesture"

    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade", index=True)
    amount = fields.Float(digits=(16, 2), required=True)
    until = fields.Date(required=True)
