from datetime import timedelta

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

# What may be noted from a call: (outcome, field that keeps the record), by its model.
RESULTS = {
    "collection.promise": ("promise", "promise_id"),
    "collection.dispute": ("dispute", "dispute_id"),
    "collection.agreement": ("agreement", "agreement_id"),
}
# A message that nobody answers is followed by another call.
DAYS_AFTER_MESSAGE = 3


class CollectionCall(models.Model):
    """What came of a call, one button each: the call is noted, its task done, and the next step made.

    A promise, a dispute, an agreement or copies have a dialog of their own. The call is saved before it opens, as
    spoken to without result, and takes its outcome when the record is made: closing the dialog loses nothing.
    """

    _inherit = "collection.call"

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_no_answer(self):
        """Nobody answered; the context's ``collection_call_again`` says when to call again."""
        self._plan_next_call(self.env.context.get("collection_call_again"))
        self._conclude("no_answer")
        return self._close()

    def action_message_left(self):
        """A message was left: call again on the day chosen, else in some working days."""
        if not self.next_call_date:
            self._plan_next_call("three_days")
        self._conclude("message")
        return self._close()

    def action_other(self):
        """The customer was spoken to, and nothing was settled: the note and the reason say what."""
        self._conclude("other")
        return self._close()

    def action_promise(self):
        """Note what the customer promised to pay."""
        return self._open_result("collection.promise", heard_by="call", **self._get_note_default())

    def action_dispute(self):
        """Note what the customer contests."""
        return self._open_result("collection.dispute", **self._get_note_default())

    def action_agreement(self):
        """Propose a payment schedule."""
        return self._open_result("collection.agreement")

    def action_wrong_number(self):
        """The number does not lead to the contact: flag it, and ask for another one."""
        self.ensure_one()
        partner = self.partner_id
        if not partner:
            raise UserError(self.env._("Choose the contact whose number is wrong."))
        if partner.phone and self.phone in (False, partner.phone):
            partner._flag_wrong_phone(self.company_id._get_collection_today())
        self._conclude("wrong_number")
        self._schedule(
            "mail.mail_activity_data_todo",
            self.company_id._get_collection_today(),
            self.env._("Find another telephone number: %s", partner.display_name),
        )
        return self._close()

    def action_copy_sent(self):
        """Write to the contact with copies of the invoices talked about.

        Raises UserError where there is no copy to send.
        """
        self.ensure_one()
        self._check_may_note()
        attachments = self._make_copies(self._get_items())
        self._note_as_spoken()
        contact = self.partner_id or self.debtor_id.partner_id
        lang = self.debtor_id._get_call_lang()
        text = self.with_context(lang=lang)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send copies"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "collection.debtor",
                "default_res_ids": self.debtor_id.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": contact.ids,
                "default_subject": text._describe_copies_subject(),
                "default_body": text._describe_copies_body(contact),
                "default_attachment_ids": attachments.ids,
                "collection_call_id": self.id,
            },
        }

    # -- outcomes ------------------------------------------------------------------------------------------------------

    def _check_may_note(self):
        self.ensure_one()
        self.check_access("write")

    def _conclude(self, outcome):
        """The call was made, with this outcome: its tasks are done, and the next call is planned if there is one."""
        self._check_may_note()
        self.outcome = outcome
        self._close_tasks()
        self._renew_next_call()

    def _note_as_spoken(self):
        """Before a second dialog: the call stands whatever becomes of it."""
        if not self.outcome:
            self._conclude("other")

    def _open_result(self, model, **defaults):
        """The dialog of a record to be made from the call, which gives the call its outcome when it is."""
        self._check_may_note()
        # Defaults of the call's own dialog are none of the next one's.
        maker = self.env(context=clean_context(self.env.context))[model]
        action = maker._action_new(self.debtor_id, self._get_items(), **defaults)
        self._note_as_spoken()
        return {**action, "context": {**action.get("context", {}), "collection_call_id": self.id}}

    @api.model
    def _note_results(self, records):
        """Records made in a dialog that a call opened give it its outcome."""
        call = self.browse(self.env.context.get("collection_call_id")).exists()
        if not call or not records:
            return
        call._check_may_note()
        outcome, field = RESULTS[records._name]
        call.write({"outcome": outcome, field: records[:1].id})

    def _get_note_default(self):
        return {"note": self.note} if self.note else {}

    def _get_items(self):
        """Items talked about; where none was chosen, what is overdue and claimed."""
        return self.item_ids or self.debtor_id._find_call_items()

    @api.model
    def _close(self):
        return {"type": "ir.actions.act_window_close"}

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def _close_tasks(self):
        """The calls to the debtor that were due or planned are made, and the tasks of its reminders are done."""
        debtor = self.debtor_id
        deliveries = debtor._find_waiting_call_deliveries()
        # A colleague's task about the same customer is done by this call too.
        planned = (debtor.call_ids - self).sudo().next_activity_id | deliveries.sudo().activity_id
        activities = (debtor._find_due_call_activities() | planned).filtered("active") - self.next_activity_id.sudo()
        # How the task of a reminder ended is the program's record.
        deliveries.sudo().call_id = self
        if deliveries and not self.reminder_id:
            self.reminder_id = deliveries[:1].reminder_id
        # Not marked as done by core's button, which would write on the timeline what the call says there.
        activities.write({"feedback": self._describe_outcome(), "active": False})

    def _describe_outcome(self):
        """ "No answer. Called again in the afternoon.": what the history of a task says."""
        label = dict(self._fields["outcome"]._description_selection(self.env))[self.outcome]
        return ". ".join(filter(None, (label, self.note)))

    # -- the next call -------------------------------------------------------------------------------------------------

    def _plan_next_call(self, when):
        """Set when to call again: "afternoon", "tomorrow", "three_days", or the day "chosen" in the form.

        Raises UserError when no day was chosen.
        """
        self.ensure_one()
        today = self.company_id._get_collection_today()
        calendar = self.company_id._get_working_calendar()
        if when == "afternoon":
            self.write({"next_call_date": today, "next_call_moment": "afternoon"})
        elif when == "tomorrow":
            self.next_call_date = calendar.next_working_day(today + timedelta(days=1))
        elif when == "three_days":
            self.next_call_date = calendar.add_working_days(today, DAYS_AFTER_MESSAGE)
        elif not self.next_call_date:
            raise UserError(self.env._("Choose the day on which to call again."))

    def _renew_next_call(self):
        """Plan the next call that the form says, in place of the one planned before."""
        self.next_activity_id.filtered("active").unlink()
        if not self.next_call_date:
            return
        contact = self.partner_id.display_name or self.debtor_id.display_name
        summary = (
            self.env._("Call again in the morning: %s", contact)
            if self.next_call_moment == "morning"
            else self.env._("Call again in the afternoon: %s", contact)
            if self.next_call_moment == "afternoon"
            else self.env._("Call again: %s", contact)
        )
        self.next_activity_id = self._schedule("mail.mail_activity_data_call", self.next_call_date, summary)

    def _schedule(self, kind, day, summary):
        """An activity for whoever called, with the note of the call."""
        note = Markup("<p>%s</p>") % self.note if self.note else False
        # As above: the defaults are those of a call, not of an activity.
        debtor = self.debtor_id.with_env(self.env(context=clean_context(self.env.context)))
        return debtor.activity_schedule(
            kind, date_deadline=day, summary=summary[:250], note=note, user_id=self.user_id.id
        )

    # -- copies --------------------------------------------------------------------------------------------------------

    def _make_copies(self, items):
        """Attachments with a copy of each invoice, for the composer."""
        # The customer's own invoices, read on behalf of the company.
        moves = items.move_id.sudo().filtered(lambda move: move.is_sale_document(include_receipts=True))
        copies = self.env["collection.reminder"]._copy_invoices(moves)
        if not copies:
            raise UserError(
                self.env._("There is no copy to send: print the invoices of %s first.", self.debtor_id.display_name)
            )
        return self.env["ir.attachment"].create(
            [
                # As core's composer keeps files that have no message yet: it throws away those never sent.
                {"name": name, "raw": raw, "mimetype": mimetype, "res_model": "mail.compose.message", "res_id": 0}
                for name, raw, mimetype in copies.values()
            ]
        )

    def _describe_copies_subject(self):
        return self.env._("%(company)s – copies of our invoices", company=self.company_id.name)

    def _describe_copies_body(self, contact):
        numbers = ", ".join(self._get_items().mapped("display_name"))
        return Markup("<p>%s</p><p>%s</p><p>%s</p>") % (
            self.env._("Hello %s,", contact.name or ""),
            self.env._("As agreed on the telephone, here are copies of our invoices: %s.", numbers),
            self.env._("Do tell us if anything is missing for their payment."),
        )
