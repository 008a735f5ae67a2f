from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..calc.tracking_numbers import NotATrackingNumber, WrongCheckDigit, read_tracking_number

# A formal notice is answered at the earliest so many days after its first presentation.
DAYS_AFTER_PRESENTATION = 8
# What came back, with the envelope. The debtor is in default all the same: not fetching a letter does not undo it.
RETURNED_STATES = ("unclaimed", "refused", "undeliverable")
ENDED_STATES = ("delivered", *RETURNED_STATES)
DATE_FIELDS = {"deposited": "deposited_on", "presented": "presented_on", **dict.fromkeys(ENDED_STATES, "ended_on")}


class CollectionDelivery(models.Model):
    """What becomes of a registered letter: its number, its deposit, its presentation and its end."""

    _inherit = "collection.delivery"

    deposit_state = fields.Selection(
        [
            ("to_post", "To be posted"),
            ("deposited", "Deposited"),
            ("presented", "Presented"),
            ("delivered", "Delivered"),
            ("unclaimed", "Returned unclaimed"),
            ("refused", "Returned refused"),
            ("undeliverable", "Returned undeliverable"),
        ],
        string="Registered letter",
        readonly=True,
        index="btree_not_null",
    )
    deposited_on = fields.Date(readonly=True)
    presented_on = fields.Date(string="First presented on", readonly=True)
    ended_on = fields.Date(string="Delivered or returned on", readonly=True)
    deposit_id = fields.Many2one("collection.deposit", ondelete="set null", index="btree_not_null", readonly=True)
    has_receipt = fields.Boolean(compute="_compute_has_receipt", help="The acknowledgement or the envelope is kept.")

    _registered_dates = models.Constraint(
        "CHECK (deposited_on <= presented_on AND COALESCE(presented_on, deposited_on) <= ended_on)",
        "A registered letter is deposited first, then presented, then delivered or returned: look at the dates.",
    )
    _tracking_idx = models.Index("(tracking_number) WHERE tracking_number IS NOT NULL")

    @api.depends("document_ids.kind")
    def _compute_has_receipt(self):
        for delivery in self:
            delivery.has_receipt = bool({"receipt", "returned"} & set(delivery.document_ids.mapped("kind")))

    def _get_proof_fields(self):
        return super()._get_proof_fields() | {"deposit_state", "deposited_on", "presented_on", "ended_on", "deposit_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """A registered letter is to be posted from the start: the program says so, whoever sends it."""
        deliveries = super().create(vals_list)
        deliveries.filtered(lambda delivery: delivery.channel == "registered")._write_deposit(
            {"deposit_state": "to_post"}
        )
        return deliveries

    # -- number --------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Keep a number in one form, however it was typed or scanned, and note its change on the timeline."""
        if not vals.get("tracking_number"):
            return super().write(vals)
        vals = {**vals, "tracking_number": self._read_tracking_number(vals["tracking_number"])}
        changed = self.filtered(lambda delivery: delivery.tracking_number != vals["tracking_number"])
        result = super().write(vals)
        changed._check_tracking_number_unique()
        changed._note_registered(self.env._("Number of the registered letter: %s", vals["tracking_number"]))
        return result

    @api.model
    def _read_tracking_number(self, text):
        """The number in one form. Raises ValidationError, in words, for what is none."""
        try:
            return read_tracking_number(text)
        except WrongCheckDigit as error:
            raise ValidationError(
                self.env._("“%s” is mistyped: its check digit does not fit. Look at the sticker again.", text)
            ) from error
        except NotATrackingNumber as error:
            raise ValidationError(
                self.env._("“%s” is no number of a registered letter: 10 to 20 letters and digits.", text)
            ) from error

    def _check_tracking_number_unique(self):
        for delivery in self:
            other = delivery._find_numbered(delivery.tracking_number)
            if other:
                raise ValidationError(
                    self.env._(
                        "The number %(number)s is already that of the letter %(reference)s to %(customer)s.",
                        number=delivery.tracking_number,
                        reference=other.reminder_id.name,
                        customer=other.debtor_id.display_name,
                    )
                )

    def _find_numbered(self, number):
        """Another delivery of the company that has this number, whoever may see it."""
        self.ensure_one()
        # A number is given once, also to a letter of another collector.
        return self.sudo().search(
            [
                ("tracking_number", "=", number),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            limit=1,
        )

    # -- what becomes of it --------------------------------------------------------------------------------------------

    def _record_posted(self):
        """The letters are in the post, in this very moment."""
        moved = self._record_handed_over()
        moved._date_letters()
        registered = moved.filtered(lambda delivery: delivery.channel == "registered")
        for company, deliveries in registered.grouped("company_id").items():
            deliveries._write_deposit({"deposit_state": "deposited", "deposited_on": company._get_collection_today()})
        return moved

    def _record_deposit_state(self, state, on, presented_on=None):
        """What the post has done with letters that have left: ``state`` since the day ``on``.

        Noted on the timelines; the next step opens DAYS_AFTER_PRESENTATION after the presentation at the earliest.
        Returns those whose state or dates changed. Raises UserError for letters that have not left.
        """
        self._check_may_be_recorded(state, on)
        changed = self.browse()
        for delivery in self:
            values = delivery._prepare_deposit(state, on, presented_on)
            if any(delivery[name] != value for name, value in values.items()):
                delivery._check_dates(values)
                delivery._write_deposit(values)
                delivery._note_registered(delivery._describe_deposit(), delivery.tracking_number)
                changed += delivery
        changed._open_next_step_after_presentation()
        changed.filtered(lambda delivery: delivery.deposit_state == "undeliverable")._record_undeliverable()
        return changed

    def _check_may_be_recorded(self, state, on):
        for delivery in self:
            if delivery.channel != "registered":
                raise UserError(self.env._("“%s” is no registered letter.", delivery.reminder_id.name))
            if not delivery._has_left():
                raise UserError(
                    self.env._(
                        "The letter %s has not been posted yet: mark it as posted first.", delivery.reminder_id.name
                    )
                )
            if on and on > delivery.company_id._get_collection_today():
                raise UserError(
                    self.env._("%s is a day to come: enter the day on which it happened.", format_date(self.env, on))
                )

    def _prepare_deposit(self, state, on, presented_on):
        """Values of the state; what was handed to the debtor has been presented to him on that day at the latest."""
        values = {"deposit_state": state}
        if on:
            values[DATE_FIELDS[state]] = on
        if state == "delivered" and not (presented_on or self.presented_on):
            presented_on = on
        if presented_on:
            values["presented_on"] = presented_on
        if state == "deposited":
            values |= {"presented_on": False, "ended_on": False}
        elif state == "presented":
            values["ended_on"] = False
        return values

    def _check_dates(self, values):
        """Raise ValidationError, in words, where the days would not follow each other."""
        days = [values.get(name, self[name]) for name in ("deposited_on", "presented_on", "ended_on")]
        known = [day for day in days if day]
        if known != sorted(known):
            raise ValidationError(
                self.env._(
                    "A registered letter is deposited first, then presented, then delivered or returned: "
                    "look at the dates of %s.",
                    self.reminder_id.name,
                )
            )

    def _write_deposit(self, values):
        # Proofs are the program's to write: the rights on the delivery have been checked by whoever calls.
        self.sudo().write(values)
        self.flush_recordset()

    def _describe_deposit(self):
        """The state in words, with its day."""
        label = dict(self._fields["deposit_state"]._description_selection(self.env))[self.deposit_state]
        day = self[DATE_FIELDS.get(self.deposit_state) or "deposited_on"]
        if not day:
            return self.env._("Registered letter: %(state)s", state=label)
        return self.env._(
            "Registered letter: %(state)s on %(date)s", state=label.lower(), date=format_date(self.env, day)
        )

    def _note_registered(self, sentence, number=None):
        for delivery in self:
            details = [delivery.level_id.name, delivery.reminder_id.name, number]
            body = self.env._("%(label)s (%(details)s)", label=sentence, details=", ".join(filter(None, details)))
            # The program's own note, whoever or whatever learnt it.
            delivery.debtor_id.sudo().message_post(body=body)

    def _open_next_step_after_presentation(self):
        """What follows a formal notice opens at the later of the date it prints and presentation + 8 days.

        Only for items still at the level of that notice, in its cycle; a corrected date counts from the printed one.
        """
        if not self:
            return
        for model in ("collection.reminder", "collection.reminder.line", "collection.item", "collection.delivery"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_item item
                   SET deadline_date = GREATEST(reminder.deadline_date, shown.presented_on + %(days)s)
                  FROM collection_reminder reminder
                  JOIN collection_reminder_line line ON line.reminder_id = reminder.id AND line.dropped IS NOT TRUE
                  JOIN collection_level level ON level.id = line.level_id AND level.is_formal_notice
                  CROSS JOIN LATERAL (SELECT MAX(delivery.presented_on) AS presented_on
                                        FROM collection_delivery delivery
                                       WHERE delivery.reminder_id = reminder.id) shown
                 WHERE reminder.id IN %(reminders)s AND item.id = line.item_id
                   AND item.level_id = line.level_id AND item.cycle = line.cycle
                """,
                days=DAYS_AFTER_PRESENTATION,
                reminders=tuple(self.reminder_id.ids),
            )
        )
        self.env["collection.item"].invalidate_model(["deadline_date"], flush=False)

    def _get_next_step_date(self):
        """Day on which the next step opens at the earliest; False where the letter grants no date."""
        self.ensure_one()
        shown = self.presented_on and self.presented_on + timedelta(days=DAYS_AFTER_PRESENTATION)
        return max(filter(None, (self.reminder_id.deadline_date, shown)), default=False)

    def _record_undeliverable(self):
        """The post found nobody there: a person looks for another address, and the fallback takes over."""
        for delivery in self:
            reason = delivery._describe_deposit()
            if not delivery._move_to("bounced", from_states=("handed_over", "unknown"), error=reason):
                continue
            delivery._ask_person(self.env._("Find another address: %s", delivery.recipients))
            delivery.reminder_id._record_sent()
            delivery._use_fallback()

    # -- again ---------------------------------------------------------------------------------------------------------

    def action_mark_not_arrived(self):
        """What came back goes again as another letter, with another number; the first stays on the timeline."""
        self.check_access("write")
        back = self.filtered(
            lambda delivery: delivery.channel == "registered" and delivery.state in ("bounced", "failed")
        )
        result = super().action_mark_not_arrived()
        if back:
            back._write_deposit(back._prepare_new_letter())
        return result

    def _prepare_new_letter(self):
        """Values of a registered letter about which nothing is known yet. Override to add some."""
        return {
            "tracking_number": False,
            "deposit_state": "to_post",
            "deposited_on": False,
            "presented_on": False,
            "ended_on": False,
            "deposit_id": False,
        }

    # -- proofs --------------------------------------------------------------------------------------------------------

    def _keep_proof(self, kind, name, content, mimetype="application/pdf"):
        """Keep a receipt, a returned envelope or a proof of deposit, and note it on the timeline."""
        self.ensure_one()
        attachment = self.env["collection.document"]._attach(self.debtor_id, name, content, mimetype)
        document = self.env["collection.document"]._keep(self, kind, attachment)
        label = dict(document._fields["kind"]._description_selection(self.env))[kind]
        # Whoever may keep the proof may not write on the debtor's page: the program notes it.
        self.debtor_id.sudo().message_post(
            body=self.env._("%(label)s (%(details)s)", label=label, details=self.reminder_id.name),
            attachment_ids=attachment.ids,
        )
        return document

    def action_record_outcome(self):
        """Enter what the post has done with the letters."""
        self.check_access("write")
        registered = self.filtered(lambda delivery: delivery.channel == "registered" and delivery._has_left())
        if not registered:
            raise UserError(self.env._("Choose registered letters that are in the post."))
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_letter_outcome")
        return {**action, "context": {"default_delivery_ids": registered.ids}}

    def action_prepare_deposit(self):
        """Bring the letters to the post together: their deposit, with its slip."""
        self.check_access("write")
        deposits = self.env["collection.deposit"]._prepare_from(self)
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_deposit")
        if len(deposits) == 1:
            return {**action, "res_id": deposits.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", deposits.ids)]}

    def action_enter_numbers(self):
        """Give the letters their numbers, scanned or from a file."""
        self.check_access("write")
        registered = self.filtered(lambda delivery: delivery.channel == "registered")
        if not registered:
            raise UserError(self.env._("Choose registered letters."))
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_tracking_import")
        return {**action, "context": {"default_delivery_ids": registered.ids}}
