from odoo import fields, models


class CollectionDisputeNature(models.Model):
    """What customers contest, and what is done about it: by whom, how quickly, in which steps."""

    _name = "collection.dispute.nature"
    _description = "Nature of Dispute"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner by Default",
        domain="[('share', '=', False)]",
        help="Who settles these disputes, in any department. Empty: the customer's collector.",
    )
    days = fields.Integer(
        string="Delay", default=10, help="Working days from the opening of a dispute to its deadline."
    )
    procedure = fields.Html(translate=True, help="How such a dispute is settled; its owner reads it on the dispute.")
    step_ids = fields.One2many(
        "collection.dispute.nature.step",
        "nature_id",
        string="Steps",
        copy=True,
        help="Copied on each new dispute as a list to tick off.",
    )

    _days_plausible = models.Constraint("CHECK (days BETWEEN 0 AND 250)", "A delay is a number of days, up to 250.")
