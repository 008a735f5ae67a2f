from odoo import fields, models


class CollectionPromiseCancel(models.TransientModel):
    """Cancel promises, with the reason."""

    _name = "collection.promise.cancel"
    _description = "Cancel a Promise"

    promise_ids = fields.Many2many("collection.promise", string="Promises", required=True)
    reason = fields.Char()

    def action_cancel(self):
        """Record the cancellation."""
        self.promise_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
