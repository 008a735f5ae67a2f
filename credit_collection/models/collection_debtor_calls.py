from odoo import api, fields, models
from odoo.tools import format_amount, format_date, format_list


class CollectionDebtor(models.Model):
    """Whom to call, about what, and with which figures."""

    _inherit = "collection.debtor"

    call_ids = fields.One2many("collection.call", "debtor_id", string="Calls")
    call_count = fields.Integer(string="Number of calls", compute="_compute_call_count")
    next_call_date = fields.Date(compute="_compute_next_call", help="Day of the first call that is planned.")
    next_call_summary = fields.Char(string="Call to make", compute="_compute_next_call")

    def _compute_call_count(self):
        counts = dict(
            self.env["collection.call"]._read_group([("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"])
        )
        for debtor in self:
            debtor.call_count = counts.get(debtor, 0)

    @api.depends("activity_ids.date_deadline", "activity_ids.summary")
    def _compute_next_call(self):
        for debtor in self:
            calls = debtor.activity_ids.filtered(lambda activity: activity.activity_type_id.category == "phonecall")
            first = calls.sorted(lambda activity: (activity.date_deadline, activity.id))[:1]
            debtor.next_call_date = first.date_deadline
            debtor.next_call_summary = first.summary

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_call(self):
        """The call screen about what is overdue."""
        self.ensure_one()
        return self.env["collection.call"]._action_new(self, self._find_call_items())

    def action_open_calls(self):
        """Calls to the debtor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_call")
        return {**action, "domain": [("debtor_id", "=", self.id)], "context": {"default_debtor_id": self.id}}

    # -- whom and about what -------------------------------------------------------------------------------------------

    def _find_callable_contacts(self):
        """Contacts with a telephone, in the order in which they are asked for; wrong numbers come last."""
        self.ensure_one()
        partner, payer = self.partner_id, self.payer_id
        people = (payer | partner).child_ids.filtered(lambda contact: contact.type in ("invoice", "contact", "other"))
        invoicing = people.filtered(lambda contact: contact.type == "invoice")
        ordered = self.contact_ids | payer | invoicing | partner | people
        with_phone = ordered.filtered("phone")
        wrong = with_phone.filtered(lambda contact: contact._has_wrong_phone())
        return (with_phone - wrong) | wrong

    def _find_call_items(self):
        """Items that a call is about: what is overdue and claimed now."""
        self.ensure_one()
        return self.env["collection.item"]._ensure_for(self._find_claimed_decisions())

    def _find_claimed_decisions(self):
        return self._read_decisions().filtered(lambda decision: decision.days_late > 0 and decision.claim > 0)

    def _find_waiting_call_deliveries(self):
        """Reminders to the debtor that asked for a call which nobody has made, the last one first."""
        self.ensure_one()
        deliveries = self.env["collection.delivery"].search(
            [
                ("debtor_id", "=", self.id),
                ("channel", "=", "task"),
                ("state", "=", "handed_over"),
                ("activity_id", "!=", False),
                ("call_id", "=", False),
            ],
            order="id desc",
        )
        return deliveries.filtered(lambda delivery: delivery._waits_for_a_call())

    def _find_call_level(self):
        """Level whose script fits: of the debtor's plan, the last call whose day has come, else the first."""
        self.ensure_one()
        decisions = self._read_decisions()
        plan = self.plan_id or decisions.plan_id[:1]
        levels = plan.level_ids.filtered(
            lambda level: (
                level.call_script
                and level.counted_from == "due_date"
                and level.activity_type_id.category in (False, "phonecall")
            )
        ).sorted("day")
        late = max(decisions.mapped("days_late"), default=0)
        return levels.filtered(lambda level: level.day <= late)[-1:] or levels[:1]

    def _find_due_call_activities(self):
        """Calls to these debtors that are due today, whoever should make them."""
        today = self.env["collection.decision"]._get_today()
        # One call does for all: a colleague's task about the same customer is done by it too.
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id.category", "=", "phonecall"),
                    ("date_deadline", "<=", today),
                ]
            )
        )

    # -- what a script says --------------------------------------------------------------------------------------------

    def _get_call_lang(self):
        """Language in which the customer is spoken to, if it is installed; else the user's."""
        self.ensure_one()
        lang = self.partner_id.lang
        return lang if lang and self.env["res.lang"]._get_data(code=lang) else self.env.lang

    @api.model
    def _get_call_placeholders(self):
        """{placeholder of a script: what it stands for, in words}. Override to add some."""
        return {
            "customer": self.env._("the customer’s name"),
            "contact": self.env._("the person called"),
            "amount": self.env._("what is overdue and claimed, by currency"),
            "oldest_invoice": self.env._("the number of the oldest overdue invoice"),
            "oldest_due_date": self.env._("its due date"),
            "days_late": self.env._("the days it is late"),
            "invoice_count": self.env._("the number of overdue invoices"),
            "company": self.env._("your company"),
            "collector": self.env._("the user’s name"),
        }

    def _get_call_figures(self, contact=None, caller=None):
        """{placeholder: text} for a script, in the language of the environment; ``caller`` is the user unless said.

        Override to add some.
        """
        self.ensure_one()
        claimed = self._find_claimed_decisions()
        oldest = claimed.sorted(lambda decision: (decision.due_date, decision.id))[:1]
        amounts = [
            format_amount(self.env, sum(same.mapped("claim")), currency)
            for currency, same in claimed.grouped("currency_id").items()
        ] or [format_amount(self.env, 0, self.currency_id)]
        return {
            "customer": self.partner_id.name or "",
            "contact": (contact or self.partner_id).name or "",
            "amount": format_list(self.env, amounts),
            "oldest_invoice": oldest.move_name or "-",
            "oldest_due_date": format_date(self.env, oldest.due_date) if oldest else "-",
            "days_late": str(oldest.days_late) if oldest else "0",
            "invoice_count": str(len(claimed)),
            "company": self.company_id.name,
            "collector": (caller or self.env.user).name,
        }
