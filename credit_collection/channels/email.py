import smtplib
import time
from datetime import timedelta

from odoo import api, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import ValidationError
from odoo.tools.mail import generate_tracking_message_id

# Seconds after which the decision behind a message is taken anew before the next conversation.
DECISION_AGE = 2
RETRY_AFTER = timedelta(hours=1)


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
    def _obstacle(self, reminder):
        recipients, _copies = self._get_recipients(reminder)
        if not recipients:
            return self.env._("No usable e-mail address for %s.", reminder.debtor_id.display_name)
        return None

    @api.model
    def _describe_recipients(self, recipients):
        return ", ".join(recipients.mapped("email_normalized")) or "-"

    # -- handing over --------------------------------------------------------------------------------------------------

    @api.model
    def _process(self, deliveries):
        """Render the batch, then hold one short conversation a message, with a commit on either side."""
        deliveries.reminder_id._set_deadline()
        contents = self._render(deliveries)
        sessions, count, decided_at = {}, 0, time.monotonic()
        try:
            for delivery in deliveries:
                if time.monotonic() - decided_at > DECISION_AGE:
                    deliveries = self._decide_rest_again(deliveries, contents)
                    decided_at = time.monotonic()
                if delivery.state == "queued" and delivery in deliveries:
                    count += self._hand_over(delivery, contents[delivery], sessions)
        finally:
            for session in sessions.values():
                _quit(session)
        return count

    @api.model
    def _decide_rest_again(self, deliveries, contents):
        """Deliveries still to go whose reminder stands; what changed is rendered anew."""
        rest = deliveries.filtered(lambda delivery: delivery.state == "queued")
        before = {delivery: self._get_claims(delivery) for delivery in rest}
        rest.reminder_id._decide_again()
        rest = rest.filtered(lambda delivery: delivery.state == "queued")
        changed = rest.filtered(lambda delivery: self._get_claims(delivery) != before[delivery])
        if changed:
            contents.update(self._render(changed))
        return rest

    @api.model
    def _get_claims(self, delivery):
        return {line.id: line.claim for line in delivery.reminder_id._get_live_lines()}

    @api.model
    def _hand_over(self, delivery, content, sessions):
        """One message: commit that it begins, converse, commit how it ended. Return whether it was accepted."""
        if content.get("error"):
            delivery._record_failure(content["error"])
            return False
        try:
            session = self._get_session(content["email_from"], sessions)
        except (MailDeliveryException, OSError) as error:
            delivery._record_failure(_describe(error), retry_after=RETRY_AFTER)
            self.env["ir.cron"]._commit_progress()
            return False
        message = self._keep_message(delivery, content)
        delivery._move_to("handing_over", from_states=("queued",), mail_message_id=message.id)
        delivery._try_conversation_lock()
        self.env["ir.cron"]._commit_progress()
        try:
            self._converse(delivery, message, content, session)
        except (MailDeliveryException, OSError, ValueError, AssertionError) as error:
            sessions.pop(content["email_from"], None)
            self._record_refusal(delivery, message, error)
            accepted = False
        else:
            delivery._record_handed_over()
            accepted = True
        self.env["ir.cron"]._commit_progress()
        delivery._release_conversation_lock()
        return accepted

    @api.model
    def _get_session(self, email_from, sessions):
        """A living session for the sender; a server closes those that wait too long."""
        session = sessions.get(email_from)
        if session is not None and not _is_alive(session):
            session = None
        if session is None:
            session = sessions[email_from] = self.env["ir.mail_server"]._connect__(smtp_from=email_from)
        return session

    @api.model
    def _converse(self, delivery, message, content, session):
        server = self.env["ir.mail_server"]
        email = server._build_email__(
            email_from=content["email_from"],
            email_to=delivery.recipient_ids.mapped("email_formatted"),
            email_cc=delivery.copy_recipient_ids.filtered("email_normalized").mapped("email_formatted"),
            subject=content["subject"],
            body=content["body_html"],
            reply_to=content["reply_to"],
            attachments=[(item.name, item.raw, item.mimetype) for item in message.attachment_ids],
            message_id=message.message_id,
            object_id=f"{delivery.debtor_id.id}-collection.debtor",
            subtype="html",
            headers=self._prepare_headers(delivery),
        )
        server.send_email(email, smtp_session=session)

    @api.model
    def _prepare_headers(self, delivery):
        """Headers of the message, the address for what comes back among them. Override to add some."""
        headers = {"X-Auto-Response-Suppress": "OOF, AutoReply"}
        bounce = delivery.company_id.sudo().bounce_email
        if bounce:
            headers["Return-Path"] = bounce
        return headers

    @api.model
    def _record_refusal(self, delivery, message, error):
        """Tell a refusal, which surely did not leave, from a silence, of which nobody can say."""
        cause = error.__context__ if isinstance(error, MailDeliveryException) and error.__context__ else error
        if _is_silence(cause):
            delivery._move_to("unknown", from_states=("handing_over",), error=_describe(error))
            delivery._ask_person(self.env._("Find out whether this reminder arrived"))
            return
        message.unlink()
        delivery._record_failure(_describe(cause), retry_after=RETRY_AFTER if _is_temporary(cause) else None)

    # -- content -------------------------------------------------------------------------------------------------------

    @api.model
    def _render(self, deliveries):
        """Content of each delivery, rendered in batch in the language of its debtor: {delivery: values}.

        A message that does not render is set aside with its reason: the others go.
        """
        contents = {}
        for level, group in deliveries.grouped("level_id").items():
            template = level.mail_template_id
            fields_to_render = ("subject", "body_html", "email_from", "reply_to")
            try:
                rendered = template._generate_template(group.reminder_id.ids, fields_to_render)
            except Exception as error:  # noqa: BLE001 - a template may raise anything; each is then tried alone
                rendered = self._render_one_by_one(template, group, fields_to_render, error)
            for delivery in group:
                values = rendered[delivery.reminder_id.id]
                contents[delivery] = values if "error" in values else self._complete(delivery, values)
        return contents

    @api.model
    def _render_one_by_one(self, template, deliveries, fields_to_render, error):
        if len(deliveries) == 1:
            return {deliveries.reminder_id.id: {"error": self.env._("The e-mail cannot be written: %s", error)}}
        rendered = {}
        for delivery in deliveries:
            try:
                rendered |= template._generate_template(delivery.reminder_id.ids, fields_to_render)
            except Exception as single_error:  # noqa: BLE001 - as above
                rendered |= self._render_one_by_one(template, delivery, fields_to_render, single_error)
        return rendered

    @api.model
    def _complete(self, delivery, values):
        reminder = delivery.reminder_id
        try:
            attachments = reminder._prepare_email_attachments()
        except Exception as error:  # noqa: BLE001 - one bad invoice or letter never stops the rest
            return {"error": self.env._("An attachment cannot be made: %s", error)}
        return {
            **values,
            "email_from": values.get("email_from") or reminder.email_from,
            "reply_to": values.get("reply_to") or reminder._get_reply_to(),
            "attachments": attachments,
        }

    @api.model
    def _keep_message(self, delivery, content):
        """The message as it goes out, on the debtor's timeline, so that answers and bounces find their way back."""
        debtor = delivery.debtor_id
        # Written by the program on behalf of the company, whoever pressed the button.
        return (
            self.env["mail.message"]
            .sudo()
            .create({
                "message_type": "email_outgoing",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "model": debtor._name,
                "res_id": debtor.id,
                "record_name": debtor.display_name,
                "subject": content["subject"],
                "body": content["body_html"],
                "email_from": content["email_from"],
                "author_id": self.env.user.partner_id.id,
                "reply_to": content["reply_to"],
                "message_id": generate_tracking_message_id(f"{debtor.id}-{debtor._name}"),
                "outgoing_email_to": delivery.recipients,
                "partner_ids": [(6, 0, (delivery.recipient_ids | delivery.copy_recipient_ids).ids)],
                "attachment_ids": [
                    (0, 0, {"name": name, "raw": raw, "mimetype": mimetype, "res_model": debtor._name, "res_id": debtor.id})
                    for name, raw, mimetype in content["attachments"]
                ],
            })
        )


def _is_alive(session):
    try:
        return session.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _quit(session):
    if session is not None:
        try:
            session.quit()
        except (smtplib.SMTPException, OSError):
            # The server hung up first: what it accepted stays accepted.
            return


def _is_silence(error):
    """Whether the server may have accepted the message without our having heard it."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _is_temporary(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 500


def _describe(error):
    return " ".join(str(part) for part in (getattr(error, "args", None) or (error,)))[:500]
