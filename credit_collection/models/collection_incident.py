from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

PROGRAM_FIELDS = frozenset({"noted_by_id", "noted_on", "resolved_on", "resolved_by_id"})
# What makes reminders wait, of the effects of a nature.
HOLDING = ("hold", "copy", "address")


class CollectionIncident(models.Model):
    """What keeps an item from being paid without being contested: noted on the item, resolved in a click.

    It is no dispute: nothing is taken out of the claim. While it is looked into, the item's reminders wait, which
    the decision says as a pause of that item alone; interest and limitation run on.
    """

    _name = "collection.incident"
    _description = "Incident"
    _order = "resolved_on desc, noted_on desc, id desc"
    _rec_name = "item_id"

    item_id = fields.Many2one("collection.item", required=True, ondelete="restrict", index=True, readonly=True)
    debtor_id = fields.Many2one(related="item_id.debtor_id", string="Customer")
    company_id = fields.Many2one(related="item_id.debtor_id.company_id")
    collector_id = fields.Many2one(related="item_id.debtor_id.user_id", string="Collector")
    lang = fields.Selection(related="item_id.debtor_id.partner_id.lang", string="Language of the Customer")
    amount = fields.Monetary(related="item_id.amount")
    currency_id = fields.Many2one(related="item_id.currency_id")
    nature_id = fields.Many2one(
        "collection.incident.nature", required=True, ondelete="restrict", index=True, readonly=True
    )
    effect = fields.Selection(related="nature_id.effect")
    note = fields.Char()
    hold_until = fields.Date(string="Not reminded until", help="That day included; empty: reminders go on.")
    noted_on = fields.Date(
        required=True, readonly=True, default=lambda self: self.env["collection.decision"]._get_today()
    )
    noted_by_id = fields.Many2one("res.users", string="Noted by", readonly=True, default=lambda self: self.env.user)
    resolved_on = fields.Date(readonly=True)
    resolved_by_id = fields.Many2one("res.users", string="Resolved by", readonly=True)

    _open_idx = models.Index("(item_id, nature_id) WHERE resolved_on IS NULL")
    _hold_after = models.Constraint(
        "CHECK (hold_until IS NULL OR hold_until >= noted_on)", "Reminders cannot wait until a day that is over."
    )

    # -- noting --------------------------------------------------------------------------------------------------------

    @api.model
    def _action_new(self, debtor, items, **defaults):
        """Action that notes an incident on items of a debtor, with ``defaults`` of its fields."""
        self.browse().check_access("create")
        return debtor._open_new("collection.incident.note", self.env._("New incident"), items, **defaults)

    @api.model
    def _note(self, items, nature, note=None):
        """Note an incident on each of the items that has none of the nature open, and let it have its effect.

        Returns the incidents made. Raises UserError where all items have one, or none is chosen.
        """
        known = self.search([("item_id", "in", items.ids), ("nature_id", "=", nature.id), ("resolved_on", "=", False)])
        fresh = items - known.item_id
        if not fresh:
            raise UserError(
                self.env._("“%s” is noted on these items already.", nature.name)
                if items
                else self.env._("Choose the items that the incident is about.")
            )
        incidents = self.create([self._prepare_note(item, nature, note) for item in fresh])
        if nature.effect == "said_paid":
            fresh.action_said_paid()
        elif nature.effect == "address":
            incidents._ask_for_address()
        fresh.debtor_id._recheck_pending_reminders()
        return incidents

    @api.model
    def _prepare_note(self, item, nature, note):
        today = item.company_id._get_collection_today()
        calendar = item.company_id._get_working_calendar()
        holds = nature.effect in HOLDING and nature.hold_days
        return {
            "item_id": item.id,
            "nature_id": nature.id,
            "note": note,
            "hold_until": calendar.add_working_days(today, nature.hold_days) if holds else False,
        }

    def _ask_for_address(self):
        """An activity on each customer, of its collector: find another address. Those in use are to verify again."""
        for debtor, incidents in self.grouped("debtor_id").items():
            contacts = debtor.contact_ids or debtor.payer_id or debtor.partner_id
            # A collector may not edit contacts; of his debtor's, he says that they are to be verified again.
            contacts.sudo().collection_verified_on = False
            debtor.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=debtor.company_id._get_collection_today(),
                user_id=(debtor.user_id or self.env.user).id,
                summary=incidents.nature_id[:1].name,
                note=", ".join(filter(None, incidents.mapped("note"))) or False,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Who notes an incident, and when, is not for anybody to say."""
        if not self.env.su:
            facts = {
                "noted_on": self.env["collection.decision"]._get_today(),
                "noted_by_id": self.env.uid,
                "resolved_on": False,
                "resolved_by_id": False,
            }
            vals_list = [{**vals, **facts} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """What an incident is about does not change; a longer or shorter wait is decided at once."""
        if not self.env.su and (PROGRAM_FIELDS | {"item_id", "nature_id"}) & vals.keys():
            raise AccessError(self.env._("An incident keeps its item and its dates: note another one."))
        result = super().write(vals)
        if "hold_until" in vals:
            self.debtor_id._recheck_pending_reminders()
        return result

    # -- resolving -----------------------------------------------------------------------------------------------------

    def action_resolve(self):
        """Nothing keeps the customer from paying any more: the items are chased again as they stood."""
        self.check_access("write")
        unresolved = self.filtered(lambda incident: not incident.resolved_on)
        for company, incidents in unresolved.grouped("company_id").items():
            # The right has been checked: the facts are the program's.
            incidents.sudo().write({"resolved_on": company._get_collection_today(), "resolved_by_id": self.env.uid})
            looked_for = incidents.filtered(lambda incident: incident.effect == "said_paid").item_id
            looked_for.filtered("said_paid_on").said_paid_on = False
            incidents.debtor_id._recheck_pending_reminders()
        return True

    def action_send_copy(self):
        """The e-mail with a copy of the invoices, to be read over and sent. Raises UserError where there is none."""
        self.check_access("write")
        debtor = self.debtor_id
        if len(debtor) != 1:
            raise UserError(self.env._("Choose incidents of one customer: one message goes to one customer."))
        # The customer's own invoices, read on behalf of the company.
        moves = self.item_id.sudo().move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))
        copies = self.env["collection.reminder"]._copy_invoices(moves)
        if not copies:
            raise UserError(
                self.env._(
                    "No copy can be made of %s: it was never printed.",
                    ", ".join(self.item_id.mapped("display_name")),
                )
            )
        files = [(name, content) for name, content, _mimetype in copies.values()]
        return debtor._compose_message("credit_collection.mail_template_incident_copy", self[:1], files)

    def action_open_move(self):
        """The invoice."""
        self.ensure_one()
        return self.item_id.action_open_move()

    @api.model
    def _resolve_settled(self, scope):
        """Resolve the incidents of items that are settled, of debtors in ``scope``, a condition on ``debtor``."""
        self.flush_model()
        self.env["collection.item"].flush_model()
        self.env["account.move.line"].flush_model(["reconciled"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_incident incident SET resolved_on = %(day)s
                  FROM collection_item item
                  JOIN collection_debtor debtor ON debtor.id = item.debtor_id
                 WHERE item.id = incident.item_id AND incident.resolved_on IS NULL AND %(scope)s
                   AND NOT EXISTS (SELECT FROM account_move_line line
                                    WHERE line.id = item.move_line_id AND line.reconciled IS NOT TRUE)
                """,
                day=self.env["collection.decision"]._get_today(),
                scope=scope,
            )
        )
        self.invalidate_model(["resolved_on"])
