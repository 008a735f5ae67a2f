from odoo import api, fields, models

PROGRAM_FIELDS = frozenset({"done_on", "done_by_id"})


class CollectionDisputeStep(models.Model):
    """One thing to do for a dispute, ticked off by whoever did it."""

    _name = "collection.dispute.step"
    _description = "Step of a Dispute"
    _order = "sequence, id"

    dispute_id = fields.Many2one("collection.dispute", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    done = fields.Boolean()
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody is said to have ticked off what is only being noted."""
        return super().create([self._complete({"done": False, **vals}) for vals in vals_list])

    def write(self, vals):
        """Keep who ticked a step off, and when; a step stays on its dispute."""
        return super().write(self._complete({name: value for name, value in vals.items() if name != "dispute_id"}))

    @api.model
    def _complete(self, vals):
        own = {name: value for name, value in vals.items() if name not in PROGRAM_FIELDS}
        if "done" not in own:
            return own
        if not own["done"]:
            return {**own, "done_on": False, "done_by_id": False}
        return {**own, "done_on": self.env["collection.decision"]._get_today(), "done_by_id": self.env.uid}
