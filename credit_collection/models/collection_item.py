from datetime import date

from odoo import api, fields, models

# What a person sets, and what may make a reminder in preparation wrong.
PERSONAL_FIELDS = frozenset({"plan_id", "status", "status_date", "release_date", "receipt_date", "said_paid_on"})


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
    receipt_date = fields.Date(
        string="Received on",
        help="Day on which a public body received the invoice, such as that of its deposit in Chorus Pro: its time to "
        "pay runs from it. Unknown, it is taken for the date of the invoice.",
    )
    said_paid_on = fields.Date(
        string="Said to be paid on", help="The customer told us: we look for the money for five days."
    )
    closed_on = fields.Date(readonly=True, help="Day on which the item was found settled.")

    _move_line_unique = models.UniqueIndex("(move_line_id) WHERE move_line_id IS NOT NULL")

    @api.depends("name", "due_date")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.name or "/"

    # -- a person's decisions ------------------------------------------------------------------------------------------

    def write(self, vals):
        """What a person says about an item decides its reminders in preparation again."""
        result = super().write(vals)
        if PERSONAL_FIELDS & vals.keys():
            self.debtor_id._recheck_pending_reminders()
        return result

    def action_restart(self):
        """Begin dunning anew from the first level; what was sent stays in the history."""
        for item in self:
            item.write(
                {
                    "cycle": item.cycle + 1,
                    "level_id": False,
                    "level_date": False,
                    "deadline_date": False,
                    "closed_on": False,
                }
            )
        self._note_on_timelines(self.env._("Dunning starts anew for: %s"))
        self.debtor_id._recheck_pending_reminders()
        return True

    def action_resume(self):
        """Go on after a payment that came back, at the level already reached."""
        incidents = self.filtered("closed_on")
        incidents.closed_on = False
        incidents._note_on_timelines(self.env._("Reminders go on after a payment that came back: %s"))
        return True

    def action_said_paid(self):
        """The customer says that it is paid: we look for the money for some days."""
        for item in self:
            item.said_paid_on = item.company_id._get_collection_today()
        return True

    def _note_not_found(self):
        """The money that the customer said was paid has been looked for, in vain."""
        self.said_paid_on = False
        self._note_on_timelines(self.env._("Said to be paid, looked for and not found: %s"))

    def action_explain(self):
        """Why the item is reminded or not, live."""
        self.ensure_one()
        return self.move_id.action_collection_explain()

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.move_id.action_collection_open()

    def _note_on_timelines(self, sentence):
        for debtor, items in self.grouped("debtor_id").items():
            debtor.message_post(body=sentence % ", ".join(item.display_name for item in items))

    # -- on demand -----------------------------------------------------------------------------------------------------

    @api.model
    def _ensure_for(self, decisions):
        """Items of these decisions, created where collection knew nothing of them yet."""
        lines = decisions.filtered("debtor_id").move_line_id
        known = self.search([("move_line_id", "in", lines.ids)])
        unknown = decisions.filtered(lambda decision: decision.move_line_id in lines - known.move_line_id)
        return known | self.create([self._prepare_for(decision) for decision in unknown])

    @api.model
    def _prepare_for(self, decision):
        return {
            "debtor_id": decision.debtor_id.id,
            "move_line_id": decision.move_line_id.id,
            "move_id": decision.move_id.id,
            "name": decision.move_name,
            "due_date": decision.due_date,
            "due_rank": self._get_due_rank(decision.move_line_id),
            "amount": decision.amount,
            "currency_id": decision.currency_id.id,
        }

    @api.model
    def _get_due_rank(self, line):
        """Rank of the instalment: how the item finds its line again if the invoice is edited."""
        # Only the order of the instalments is read, whoever may see them.
        siblings = line.sudo().move_id.line_ids.filtered(
            lambda sibling: (sibling.account_id, sibling.partner_id) == (line.account_id, line.partner_id)
        )
        ordered = siblings.sorted(lambda sibling: (sibling.date_maturity or date.max, sibling.id))
        return ordered.ids.index(line.id) + 1
