from odoo import api, fields, models
from odoo.exceptions import UserError

from .collection_debtor import CUSTOMER_KINDS


class CollectionCall(models.Model):
    """A telephone call to a debtor: whom, about which items, what came of it and what comes next.

    It is noted by ``collection_call_outcomes``; what its screen shows is in ``collection_call_screen``.
    """

    _name = "collection.call"
    _description = "Call"
    _order = "date desc, id desc"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Spoken to", ondelete="set null", index="btree_not_null")
    phone = fields.Char(string="Number dialled")
    user_id = fields.Many2one(
        "res.users", string="Called by", required=True, index=True, default=lambda self: self.env.user
    )
    date = fields.Datetime(string="Called on", required=True, default=fields.Datetime.now, index=True)
    duration = fields.Integer(string="Minutes", aggregator="sum")
    reminder_id = fields.Many2one(
        "collection.reminder", string="From the reminder", ondelete="set null", index="btree_not_null"
    )
    level_id = fields.Many2one("collection.level", ondelete="set null")
    item_ids = fields.Many2many("collection.item", string="Items talked about")
    outcome = fields.Selection(
        [
            ("no_answer", "No answer"),
            ("message", "Message left"),
            ("promise", "Promise"),
            ("dispute", "Dispute"),
            ("agreement", "Agreement"),
            ("copy_sent", "Copies sent"),
            ("wrong_number", "Wrong number"),
            ("other", "Spoken to, nothing settled"),
        ],
        readonly=True,
        index=True,
    )
    note = fields.Text()
    lateness_reason_id = fields.Many2one(
        "collection.lateness.reason", string="Reason for lateness", ondelete="restrict", index="btree_not_null"
    )
    next_call_date = fields.Date(string="Call again on")
    next_call_moment = fields.Selection([("morning", "Morning"), ("afternoon", "Afternoon")], string="At what time")
    next_activity_id = fields.Many2one(
        "mail.activity", string="Next call", ondelete="set null", readonly=True, index="btree_not_null"
    )

    # As they stood at the time of the call: figures that later payments do not change.
    overdue = fields.Monetary(string="Overdue at the time", readonly=True)
    days_overdue = fields.Integer(string="Days late at the time", readonly=True, aggregator="avg")
    customer_kind = fields.Selection(CUSTOMER_KINDS, string="Segment", readonly=True)

    _duration_positive = models.Constraint(
        "CHECK (COALESCE(duration, 0) >= 0)", "The minutes of a call cannot be negative."
    )

    @api.depends("debtor_id", "date")
    def _compute_display_name(self):
        for call in self:
            call.display_name = self.env._("Call to %s", call.debtor_id.display_name)

    @api.model_create_multi
    def create(self, vals_list):
        """Keep how late the customers were when they were called."""
        calls = super().create(vals_list)
        # Figures are the program's own: who may note a call may ask for them.
        calls.debtor_id.sudo()._refresh_figures()
        for call in calls:
            debtor = call.debtor_id
            call.write(
                {
                    "overdue": debtor.overdue,
                    "days_overdue": debtor.days_overdue,
                    "customer_kind": debtor.customer_kind,
                    "level_id": (call.level_id or call.reminder_id.level_id).id,
                }
            )
        return calls

    @api.constrains("item_ids", "debtor_id")
    def _check_items(self):
        for call in self:
            if call.item_ids.debtor_id - call.debtor_id:
                raise UserError(
                    self.env._("The items talked about are those of %s alone.", call.debtor_id.display_name)
                )

    # -- opening -------------------------------------------------------------------------------------------------------

    @api.model
    def _action_new(self, debtor, items, **defaults):
        """Open the call screen about ``items`` of the debtor; each of ``defaults`` is a field of the call.

        Raises UserError for items of somebody else, AccessError for who may not note calls.
        """
        debtor.ensure_one()
        self.check_access("create")
        if items.debtor_id - debtor:
            raise UserError(self.env._("The items talked about are those of %s alone.", debtor.display_name))
        defaults = {**self._prepare_new(debtor, defaults), **defaults}
        name = self.env._("Call %s", debtor.display_name)
        return debtor._open_new(self._name, name, items, view="view_collection_call_screen", large=True, **defaults)

    @api.model
    def _prepare_new(self, debtor, known):
        """Values of the call to begin with, given those ``known``: the task it comes from and whom to ask for."""
        reminder = self.env["collection.reminder"].browse(known.get("reminder_id"))
        reminder = reminder or debtor._find_waiting_call_deliveries()[:1].reminder_id
        level = reminder.level_id.filtered("call_script") or debtor._find_call_level()
        contact = self.env["res.partner"].browse(known.get("partner_id")) or debtor._find_callable_contacts()[:1]
        return {
            "reminder_id": reminder.id,
            "level_id": level.id,
            "partner_id": contact.id,
            "phone": contact.phone,
        }
