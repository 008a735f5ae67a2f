from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.tools import SQL

from ..calc.sms_segments import SmsLength, measure, to_plain_signs
from .channel import ChannelUnavailable
from .mail_sessions import Outcome
from .sms_answers import Answer, read_error, read_result

# The service or the account is out of order: it is tried again sooner, and the recipient's attempts are not counted.
SERVICE_RETRY_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Sms:
    """One text message in plain values, which outlive the commits around its conversation."""

    number: str
    text: str
    length: SmsLength
    cost: float
    uuid: str
    today: date


class CollectionChannelSms(models.AbstractModel):
    """Text messages through Odoo's own SMS service, whose answer is heard in the same job.

    No ``sms.sms`` is made: core's own queue would send it a second time after a crash. A message is committed as
    being handed over, told to the service, and its answer committed; a worker that dies in between leaves a delivery
    that is unknown, and stands before a person.
    """

    _name = "collection.channel.sms"
    _inherit = "collection.channel"
    _description = "Text Messages"

    _code = "sms"

    @api.model
    def _get_label(self):
        return self.env._("SMS")

    @api.model
    def _check_level(self, level):
        if not level.sms_template_id:
            raise ValidationError(
                self.env._("The level “%s” goes out by SMS: choose the text of its message.", level.name)
            )

    @api.model
    def _describe_lost(self, reminder):
        return self.env._("No mobile number that can be written to for %s.", reminder.debtor_id.display_name)

    # -- to whom -------------------------------------------------------------------------------------------------------

    @api.model
    def _get_recipients(self, reminders):
        """{reminder: (one partner, nobody in copy)}: the first contact, in the order of reminders, with a mobile."""
        nobody = self.env["res.partner"]
        ranked = self._rank_contacts(reminders.debtor_id)
        found = {}
        for company, group in reminders.grouped("company_id").items():
            contacts = nobody.union(*(ranked.get(debtor.id, nobody) for debtor in group.debtor_id))
            # A number without country is one of the company's own.
            reachable = contacts.with_company(company)._filter_reachable_by_sms()
            for reminder in group:
                ways = ranked.get(reminder.debtor_id.id, nobody)
                found[reminder] = (ways.with_company(company).filtered(lambda w, r=reachable: w in r)[:1], nobody)
        return found

    @api.model
    def _rank_contacts(self, debtors):
        """{debtor id: partners that may be written to, the first to ask first}, in one query."""
        for model in ("res.partner", "mail.blacklist", "collection.debtor"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT debtor_id, array_agg(partner_id ORDER BY rank, partner_id) FROM (%s) way GROUP BY debtor_id",
                debtors._sql_recipients(SQL("debtor.id IN %s", tuple(debtors.ids) or (0,))),
            )
        )
        partners = self.env["res.partner"].browse(partner_id for _debtor_id, ids in rows for partner_id in ids)
        return {debtor_id: partners.browse(ids).with_prefetch(partners.ids) for debtor_id, ids in rows}

    @api.model
    def _describe_recipients(self, recipients):
        return ", ".join(partner._get_mobile_number() or "-" for partner in recipients) or "-"

    # -- what it says --------------------------------------------------------------------------------------------------

    @api.model
    def _compose(self, reminder, template=None):
        """(text, its length, its cost in the company's currency) of the message, in the debtor's language."""
        template = template or reminder.level_id.sms_template_id
        rendered = template._render_field("body", reminder.ids, set_lang=reminder.lang)[reminder.id]
        text = to_plain_signs(str(rendered or "")).strip()
        length = measure(text)
        return text, length, reminder.company_id._get_sms_cost(length.segments)

    @api.model
    def _prepare_deliveries(self, reminders, send_after):
        """Outbox rows that tell what the messages will cost, before anything leaves."""
        vals_list = super()._prepare_deliveries(reminders, send_after)
        for reminder, vals in zip(reminders, vals_list, strict=True):
            try:
                with self.env.cr.savepoint(flush=False):
                    _text, length, cost = self._compose(reminder)
            except Exception:  # noqa: BLE001 - a text that cannot be written is set aside when it should leave
                continue
            vals |= {"sms_segments": length.segments, "sms_cost": cost}
        return vals_list

    # -- handing over --------------------------------------------------------------------------------------------------

    @api.model
    def _process(self, deliveries):
        """One short conversation a message, with a commit on either side; each is decided again just before."""
        for delivery in self._refresh_recipients(deliveries):
            delivery._record_failure(self._describe_lost(delivery.reminder_id))
        troubles = {}
        for rank, delivery in enumerate(deliveries.filtered(lambda delivery: delivery.state == "queued")):
            if rank:
                # The messages before took their time: what has been paid meanwhile is not claimed.
                delivery.reminder_id._decide_again()
            if delivery.state != "queued":
                continue
            company = delivery.company_id
            if company not in troubles:
                answer = self._hand_over(delivery)
                if answer and answer.outcome is Outcome.UNAVAILABLE:
                    troubles[company] = self._describe(answer, "")
            else:
                delivery._postpone(troubles[company], SERVICE_RETRY_AFTER)
        if troubles:
            raise ChannelUnavailable(" ".join(troubles.values()))

    @api.model
    def _hand_over(self, delivery):
        """One message: commit that it begins, converse, commit how it ended. Return the answer; None if none began."""
        sms = self._prepare_sms(delivery)
        if not sms:
            return None
        service = self._get_service(delivery.company_id)
        begun = self._begin(delivery, sms)
        delivery._commit()
        if not begun:
            return None
        answer = self._converse(service, sms, delivery)
        retrying(partial(self._record, delivery, sms, answer), self.env)
        delivery._commit()
        return answer

    @api.model
    def _prepare_sms(self, delivery):
        """The message as it is owed now; None if it cannot be written, and a person is asked."""
        reminder = delivery.reminder_id
        reminder._set_deadline()
        try:
            with self.env.cr.savepoint():
                text, length, cost = self._compose(reminder)
        except Exception as error:  # noqa: BLE001 - a template may raise anything
            delivery._set_aside(self.env._("The text message cannot be written: %s", str(error)[:300]))
            return None
        if not text:
            delivery._set_aside(self.env._("The text message is empty."))
            return None
        number = delivery.recipient_ids[:1].with_company(delivery.company_id)._get_mobile_number()
        return Sms(number, text, length, cost, uuid4().hex, reminder.company_id._get_collection_today())

    @api.model
    def _get_service(self, company):
        """Core's object that talks to the company's SMS service."""
        # The company's account, whoever presses the button: nobody reads it.
        env = self.env(su=True, context={**self.env.context, "allowed_company_ids": company.ids})
        return company.with_env(env)._get_sms_api_class()(env)

    @api.model
    def _begin(self, delivery, sms):
        """The conversation begins, and what is sent is kept; False if somebody took the delivery back."""
        moved = delivery._move_to(
            "handing_over",
            from_states=("queued",),
            error=None,
            sms_text=sms.text,
            sms_number=sms.number,
            sms_segments=sms.length.segments,
            sms_cost=sms.cost,
            sms_state=None,
        )
        if moved:
            # Core's own way to hear of a message later: a technical record that nobody reads.
            self.env["sms.tracker"].sudo().create({"sms_uuid": sms.uuid, "collection_delivery_id": delivery.id})
        return bool(moved)

    @api.model
    def _converse(self, service, sms, delivery):
        """Tell the service; its answer, whatever happens on the way."""
        message = {"content": sms.text, "numbers": [{"number": sms.number, "uuid": sms.uuid}]}
        try:
            results = service._send_sms_batch([message], delivery_reports_url=f"{delivery.get_base_url()}/sms/status")
        except Exception as error:  # noqa: BLE001 - the message may have left: nothing may stop us from noting it
            return read_error(error)
        accepted = self.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS
        return read_result(results, sms.uuid, accepted, service.PROVIDER_TO_SMS_FAILURE_TYPE)

    @api.model
    def _record(self, delivery, sms, answer: Answer):
        """How the conversation ended. Begins again after a serialization failure: it only writes."""
        words = self._describe(answer, sms.number)
        if answer.outcome is Outcome.ACCEPTED:
            delivery._record_handed_over(on=sms.today, sms_state="sent")
        elif answer.outcome is Outcome.UNKNOWN:
            delivery._record_unknown(words)
        elif answer.outcome is Outcome.UNAVAILABLE:
            delivery._postpone(words, SERVICE_RETRY_AFTER)
        else:
            delivery._record_failure(words)

    @api.model
    def _describe(self, answer, number):
        """What the service answered, in the user's words; None where there is nothing to say."""
        words = {
            "sms_credit": self.env._("No SMS credit is left: buy some, then the messages leave by themselves."),
            "sms_acc": self.env._("The SMS account is not registered: see to it in the settings of SMS."),
            "unreachable": self.env._("The SMS service cannot be reached: the messages leave later by themselves."),
            "sms_number_format": self.env._("The number %s cannot receive SMS: correct it.", number),
            "sms_number_missing": self.env._("The number is missing."),
            "sms_country_not_supported": self.env._("The SMS service does not write to the country of %s.", number),
        }
        if answer.outcome is Outcome.ACCEPTED:
            return None
        if answer.outcome is Outcome.UNKNOWN:
            return self.env._("The SMS service did not say whether it sent the message (%s).", answer.detail)
        return words.get(answer.detail) or self.env._("The SMS service refuses the message (%s).", answer.detail)
