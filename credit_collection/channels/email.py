import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.tools import SQL, email_normalize
from odoo.tools.mail import generate_tracking_message_id

from .channel import ChannelUnavailable
from .mail_sessions import MailSessions, Outcome

# Seconds after which the decision behind a message is taken anew before the next conversation.
DECISION_AGE = 2
RETRY_AFTER = timedelta(hours=1)
# The mail server is down: it is tried again sooner, and the recipient's attempts are not counted.
SERVER_RETRY_AFTER = timedelta(minutes=15)
RENDERED_FIELDS = ("subject", "body_html", "email_from", "reply_to")


@dataclass(frozen=True, slots=True)
class Content:
    """One e-mail in plain values, which outlive the commits between conversations."""

    subject: str
    body: str
    email_from: str
    reply_to: str
    to: tuple[str, ...]
    copy_to: tuple[str, ...]
    recipients: str
    partner_ids: tuple[int, ...]
    author_id: int
    debtor_id: int
    debtor_name: str
    reminder_id: int
    today: date
    message_id: str
    server_context: dict
    headers: dict
    attachments: list = field(default_factory=list)
    claims: dict = field(default_factory=dict)
    notice: str | None = None


class CollectionChannelEmail(models.AbstractModel):
    """E-mails, handed over by our own conversation with the mail server: its acceptance is the proof."""

    _name = "collection.channel.email"
    _inherit = "collection.channel"
    _description = "E-mails"

    _code = "email"
    _address_kind = "email"

    @api.model
    def _get_label(self):
        return self.env._("E-mail")

    @api.model
    def _check_level(self, level):
        if not level.mail_template_id:
            raise ValidationError(
                self.env._("The level “%s” goes out by e-mail: choose the text of its e-mail.", level.name)
            )

    @api.model
    def _describe_lost(self, reminder):
        return self.env._("No usable e-mail address for %s.", reminder.debtor_id.display_name)

    @api.model
    def _describe_recipients(self, recipients):
        return ", ".join(dict.fromkeys(recipients.mapped("email_normalized"))) or "-"

    # -- handing over --------------------------------------------------------------------------------------------------

    @api.model
    def _process(self, deliveries):
        """Render the batch, then hold one short conversation a message, with a commit on either side."""
        decided_at = time.monotonic()
        contents = self._render(deliveries)
        self._keep_messages(contents)
        unavailable = {}
        with MailSessions(self.env["ir.mail_server"]) as sessions:
            for delivery in deliveries:
                if time.monotonic() - decided_at > DECISION_AGE:
                    self._decide_rest_again(deliveries, contents)
                    decided_at = time.monotonic()
                content = contents.pop(delivery, None)
                if not content:
                    continue
                if content.email_from in unavailable:
                    delivery._postpone(unavailable[content.email_from], SERVER_RETRY_AFTER)
                    continue
                ending = self._hand_over(delivery, content, sessions)
                if ending and ending.outcome is Outcome.UNAVAILABLE:
                    unavailable[content.email_from] = ending.words
        self._forget_messages(deliveries)
        if unavailable:
            raise ChannelUnavailable(" ".join(unavailable.values()))

    @api.model
    def _decide_rest_again(self, deliveries, contents):
        """Keep in ``contents`` what still has to go and still stands; what changed is rendered anew."""
        rest = deliveries.filtered(lambda delivery: delivery in contents and delivery.state == "queued")
        rest.reminder_id._decide_again()
        rest = rest.filtered(lambda delivery: delivery.state == "queued")
        changed = rest.filtered(lambda delivery: delivery._get_claims() != contents[delivery].claims)
        for delivery in list(contents):
            if delivery in changed or delivery not in rest:
                del contents[delivery]
        renewed = self._render(changed)
        self._keep_messages(renewed)
        contents.update(renewed)

    @api.model
    def _hand_over(self, delivery, content, sessions):
        """One message: commit that it begins, converse, commit how it ended. Return its ending; None if taken back."""
        begun = self._begin(delivery, content)
        delivery._commit()
        if not begun:
            return None
        ending = sessions.send(content.email_from, self._build(content), content.server_context)
        retrying(partial(self._record, delivery, content, ending), self.env)
        return ending

    @api.model
    def _begin(self, delivery, content):
        """The conversation begins, and the message stands on the timeline; False if somebody took the delivery back."""
        moved = delivery._move_to("handing_over", from_states=("queued",), error=content.notice)
        if moved:
            # Not write(): between two commits nothing is in the cache, and each message would read its debtor again.
            self.env.cr.execute(
                SQL(
                    """UPDATE mail_message SET model = 'collection.debtor', res_id = %s, date = %s
                         FROM collection_delivery delivery
                        WHERE delivery.id = %s AND mail_message.id = delivery.mail_message_id""",
                    content.debtor_id,
                    fields.Datetime.now(),
                    delivery.id,
                )
            )
            self.env["mail.message"].invalidate_model(["model", "res_id", "date"])
        return bool(moved)

    @api.model
    def _record(self, delivery, content, ending):
        """How the conversation ended. Begins again after a serialization failure: it only writes."""
        if ending.outcome is Outcome.ACCEPTED:
            left_out = self._describe_left_out(ending)
            if left_out:
                delivery._ask_person(left_out)
            delivery._record_handed_over(
                reminders=self.env["collection.reminder"].browse(content.reminder_id),
                on=content.today,
                error=" ".join(filter(None, (left_out, content.notice))) or None,
                **self._keep_message(delivery, content, ending),
            )
        elif ending.outcome is Outcome.UNKNOWN:
            delivery._record_unknown(ending.words, **self._keep_message(delivery, content, ending))
        else:
            self._forget_messages(delivery, shown=True)
            self._record_not_sent(delivery, ending)

    @api.model
    def _keep_message(self, delivery, content, ending):
        """Values that keep the message as it left; its files are on the timeline, and are not kept twice."""
        return delivery._prepare_kept_message(ending.message, [raw for _name, raw, _mimetype in content.attachments])

    @api.model
    def _record_not_sent(self, delivery, ending):
        if ending.outcome is Outcome.REFUSED:
            delivery._record_failure(ending.words)
        elif ending.outcome is Outcome.LATER:
            delivery._record_failure(ending.words, retry_after=RETRY_AFTER)
        else:
            delivery._postpone(ending.words, SERVER_RETRY_AFTER)

    @api.model
    def _describe_left_out(self, ending):
        if not ending.left_out:
            return None
        return self.env._("The server refused one of the recipients: %s.", ", ".join(ending.left_out))

    @api.model
    def _build(self, content):
        return self.env["ir.mail_server"]._build_email__(
            email_from=content.email_from,
            email_to=list(content.to),
            email_cc=list(content.copy_to),
            subject=content.subject,
            body=content.body,
            reply_to=content.reply_to,
            attachments=content.attachments,
            message_id=content.message_id,
            object_id=f"{content.debtor_id}-collection.debtor",
            subtype="html",
            headers=content.headers,
        )

    # -- content -------------------------------------------------------------------------------------------------------

    @api.model
    def _render(self, deliveries):
        """{delivery: Content}, rendered in batch in the language of each debtor.

        A delivery that nobody can receive, or that does not render, is set aside with its reason: the others go.
        """
        for delivery in self._refresh_recipients(deliveries):
            delivery._record_failure(self._describe_lost(delivery.reminder_id))
        deliveries = deliveries.filtered(lambda delivery: delivery.state == "queued")
        if not deliveries:
            return {}
        deliveries.reminder_id._set_deadline()
        copies = deliveries.reminder_id._make_invoice_copies()
        reply_to = deliveries.reminder_id._find_reply_to()
        contents = {}
        for template, group in deliveries.grouped(lambda delivery: delivery.reminder_id._get_mail_template()).items():
            texts = self._render_texts(template, group)
            for delivery in group:
                content = self._prepare_content(delivery, texts.get(delivery), reply_to[delivery.reminder_id], copies)
                if content:
                    contents[delivery] = content
        return contents

    @api.model
    def _render_texts(self, template, deliveries):
        """{delivery: rendered fields}: together, else one by one, so that only the culprit is set aside."""
        try:
            with self.env.cr.savepoint():
                rendered = template.with_context(collection_compiled={})._generate_template(
                    deliveries.reminder_id.ids, RENDERED_FIELDS
                )
        except Exception as error:  # noqa: BLE001 - a template may raise anything
            if len(deliveries) > 1:
                texts = {}
                for delivery in deliveries:
                    texts |= self._render_texts(template, delivery)
                return texts
            deliveries._set_aside(self.env._("The e-mail cannot be written: %s", _in_short(error)))
            return {}
        return {delivery: rendered[delivery.reminder_id.id] for delivery in deliveries}

    @api.model
    def _prepare_content(self, delivery, texts, reply_to, copies):
        """Content of the e-mail; None if it had to be set aside."""
        if texts is None:
            return None
        reminder = delivery.reminder_id
        try:
            with self.env.cr.savepoint(flush=False):
                attachments = reminder._prepare_email_attachments(copies)
        except Exception as error:  # noqa: BLE001 - one bad invoice or letter never stops the rest
            delivery._set_aside(self.env._("An attachment cannot be made: %s", _in_short(error)))
            return None
        recipients, in_copy = delivery.recipient_ids, delivery.copy_recipient_ids
        to = _get_addresses(recipients)
        return Content(
            subject=texts["subject"],
            body=texts["body_html"],
            email_from=texts.get("email_from") or reminder.email_from,
            reply_to=texts.get("reply_to") or reply_to,
            to=tuple(to.values()),
            copy_to=tuple(_get_addresses(in_copy, besides=to).values()),
            recipients=delivery.recipients,
            partner_ids=tuple((recipients | in_copy).ids),
            author_id=reminder._get_author().id,
            debtor_id=reminder.debtor_id.id,
            debtor_name=reminder.debtor_id.display_name,
            reminder_id=reminder.id,
            today=reminder.company_id._get_collection_today(),
            server_context=self._prepare_server_context(reminder),
            message_id=generate_tracking_message_id(f"{reminder.debtor_id.id}-collection.debtor"),
            headers=self._prepare_headers(delivery),
            attachments=attachments,
            claims=delivery._get_claims(),
            notice=reminder._describe_missing_copies(copies),
        )

    @api.model
    def _prepare_server_context(self, reminder):
        """What core's mail server reads of the company for each message, told beforehand as its mail queue does."""
        # The company's addresses are on every message it sends.
        company = reminder.company_id.sudo()
        server = self.env["ir.mail_server"].with_company(company)
        bounce = company.bounce_email or server._get_default_bounce_address() or reminder.email_from
        sender = email_normalize(company.default_from_email or server._get_default_from_address())
        return {"domain_bounce_address": bounce, **({"domain_notifications_email": sender} if sender else {})}

    @api.model
    def _prepare_headers(self, delivery):
        """Headers of the message, the address for what comes back among them. Override to add some."""
        headers = {"X-Auto-Response-Suppress": "OOF, AutoReply"}
        # The address for what comes back is the company's, whoever sends.
        bounce = delivery.company_id.sudo().bounce_email
        return {**headers, "Return-Path": bounce} if bounce else headers

    # -- timeline ------------------------------------------------------------------------------------------------------

    @api.model
    def _keep_messages(self, contents):
        """Make the messages as they go out, so that answers and bounces find their way back to the debtor.

        They come onto its timeline as their conversation begins: see _begin().
        """
        self._forget_messages(self.env["collection.delivery"].union(*contents))
        # Written by the program on behalf of the company, whoever pressed the button.
        messages = self.env["mail.message"].sudo().create([self._prepare_message(c) for c in contents.values()])
        for delivery, message in zip(contents, messages, strict=True):
            delivery.mail_message_id = message

    @api.model
    def _prepare_message(self, content):
        """Values of the message on the timeline. Override to add some."""
        attachments = [
            (
                0,
                0,
                {
                    "name": name,
                    "raw": raw,
                    "mimetype": mimetype,
                    "res_model": "collection.debtor",
                    "res_id": content.debtor_id,
                },
            )
            for name, raw, mimetype in content.attachments
        ]
        return {
            "message_type": "email_outgoing",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "record_name": content.debtor_name,
            "subject": content.subject,
            "body": content.body,
            "email_from": content.email_from,
            "author_id": content.author_id,
            "reply_to": content.reply_to,
            "message_id": content.message_id,
            "outgoing_email_to": content.recipients,
            "partner_ids": [(6, 0, content.partner_ids)],
            "attachment_ids": attachments,
        }

    @api.model
    def _forget_messages(self, deliveries, shown=False):
        """Throw away messages that did not leave: those not ``shown`` yet, left by a batch that ended before them."""
        # As they were made: on behalf of the company.
        messages = deliveries.mail_message_id.sudo().filtered(lambda message: shown or not message.res_id)
        if messages:
            messages.attachment_ids.unlink()
            messages.unlink()


def _get_addresses(partners, besides=()):
    """{address: address with its name}, each address once."""
    return {
        partner.email_normalized: partner.email_formatted
        for partner in partners
        if partner.email_normalized and partner.email_normalized not in besides
    }


def _in_short(error):
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__
