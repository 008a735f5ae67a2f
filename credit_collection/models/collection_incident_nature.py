from odoo import fields, models

EFFECTS = [
    ("none", "It is noted only"),
    ("hold", "Its reminders wait"),
    ("copy", "A copy of the invoice is sent, its reminders wait"),
    ("address", "Somebody looks for the address, its reminders wait"),
    ("said_paid", "The money is looked for"),
]


class CollectionIncidentNature(models.Model):
    """What may keep a customer from paying without contesting anything, and what it does to the reminders."""

    _name = "collection.incident.nature"
    _description = "Nature of Incident"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    effect = fields.Selection(EFFECTS, string="What it does", default="hold", required=True)
    hold_days = fields.Integer(
        string="Days of Waiting",
        default=5,
        help="Working days during which the item is not reminded, unless the incident is resolved before.",
    )
    instructions = fields.Text(translate=True, help="What to do; shown where the incident is noted.")

    _hold_plausible = models.Constraint(
        "CHECK (hold_days BETWEEN 0 AND 60)", "Reminders wait for a number of days, up to 60."
    )
