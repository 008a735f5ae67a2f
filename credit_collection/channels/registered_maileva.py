from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone

from odoo import api, models

from .maileva_client import SERVERS, Account, MailevaClient, MailevaError, Trouble
from .registered_provider import ProviderRefused, ProviderUnavailable, ProviderUnclear, Stage, Tracking

# Where Maileva posts registered letters to (schema "country_code").
COUNTRIES = frozenset({"FR", "MC", "RE", "YT", "MQ", "GP", "MF", "BL", "GF"})
STAGES = {"DRAFT": Stage.DRAFT, "REJECTED": Stage.REJECTED, "CANCELED": Stage.REJECTED}
# What ended a letter that was not delivered, by the reason of its return or the last event of the post.
OUTCOMES = {
    "N02": "undeliverable",
    "N03": "unclaimed",
    "N05": "refused",
    "N07": "undeliverable",
    "LP19": "unclaimed",
    "LP20": "undeliverable",
    "LP21": "undeliverable",
    "LP22": "refused",
    "LP25": "unclaimed",
}
TAKEN_IN_CHARGE = "LP01"
# Dates that announce a proof, by the kind of the document that we keep.
PROOF_DATES = {
    "deposit_proof": "deposit_proof_archive_date",
    "receipt": "acknowledgement_of_receipt_archive_date",
    "returned": "undelivered_mail_archive_date",
}


class CollectionRegisteredProviderMaileva(models.AbstractModel):
    """Maileva prints, posts and follows the letters: see ``maileva_client`` for its API and where it was found.

    A letter is a sending of one document to one addressee. Off until the company's settings hold an account.
    """

    _name = "collection.registered.provider.maileva"
    _inherit = "collection.registered.provider"
    _description = "Registered Letters Posted by Maileva"

    _code = "maileva"

    @api.model
    def _get_label(self):
        return self.env._("Maileva (La Poste), over the internet")

    @api.model
    def _get_obstacle(self, company):
        # Whether an account is set is no secret; what it is stays here.
        settings = company.sudo()
        needed = ("client_id", "client_secret", "username", "password")
        if all(settings[f"collection_maileva_{name}"] for name in needed):
            return None
        return self.env._("The account at Maileva is not complete: enter it in the settings of collection.")

    @api.model
    @contextmanager
    def _open(self, company):
        obstacle = self._get_obstacle(company)
        if obstacle:
            raise ProviderUnavailable(obstacle)
        with MailevaClient(self._get_account(company)) as client:
            yield client

    @api.model
    def _get_account(self, company):
        # Whoever sends letters uses the company's account without reading it.
        settings = company.sudo()
        return Account(
            client_id=settings.collection_maileva_client_id,
            client_secret=settings.collection_maileva_client_secret,
            username=settings.collection_maileva_username,
            password=settings.collection_maileva_password,
            servers=self._get_servers(settings),
        )

    @api.model
    def _get_servers(self, company):
        """Addresses of authentication and API. Override for a proxy of one's own."""
        return SERVERS["sandbox" if company.collection_maileva_sandbox else "production"]

    # -- the four steps ------------------------------------------------------------------------------------------------

    @api.model
    def _draft(self, session, delivery):
        recipient = self._prepare_recipient(delivery)
        # The letter that the delivery is about, made by the program.
        letter = delivery.attachment_id.sudo()
        with self._in_words():
            sending = session.create_sending(self._prepare_sending(delivery))
            try:
                session.add_document(sending, letter.name, letter.raw)
                session.add_recipient(sending, recipient)
            except MailevaError:
                # A draft posts nothing; it would only stand in the way there.
                with suppress(MailevaError):
                    session.delete(sending)
                raise
        return sending

    @api.model
    def _discard(self, session, delivery):
        try:
            session.delete(delivery.provider_reference)
        except MailevaError as error:
            if error.trouble not in (Trouble.GONE, Trouble.REFUSED):
                raise ProviderUnavailable(self._describe(error)) from error

    @api.model
    def _submit(self, session, delivery):
        try:
            session.submit(delivery.provider_reference)
        except MailevaError as error:
            if error.reached:
                raise ProviderUnclear(self._describe(error)) from error
            raise self._translate(error) from error

    @api.model
    def _ask(self, session, delivery):
        try:
            sending = session.get_sending(delivery.provider_reference)
            recipients = session.get_recipients(delivery.provider_reference)
        except MailevaError as error:
            if error.trouble is Trouble.GONE:
                return Tracking(Stage.GONE)
            raise ProviderUnavailable(self._describe(error), _wait(error)) from error
        return self._read_tracking(sending, recipients[0] if recipients else {}, delivery.company_id)

    @api.model
    def _fetch(self, session, delivery, kind):
        with self._in_words():
            recipients = session.get_recipients(delivery.provider_reference)
            identifier = recipients[0].get("id") if recipients else None
            if not isinstance(identifier, str):
                raise ProviderRefused(self.env._("Maileva does not know the addressee of this letter."))
            return session.get_proof(delivery.provider_reference, identifier, kind)

    # -- what is asked -------------------------------------------------------------------------------------------------

    @api.model
    def _prepare_sending(self, delivery):
        """Options of the sending (schema "sending_creation"). Override to change them."""
        # The sender's name and address stand on every envelope.
        reminder, company = delivery.reminder_id, delivery.company_id.sudo()
        lines = _spread(company.partner_id._get_postal_lines(company) or (company.name,))
        return {
            "name": f"{reminder.name} {delivery.debtor_id.display_name}"[:256],
            "custom_id": f"{self.env.cr.dbname[:20]}-{delivery.id}"[:38],
            "acknowledgement_of_receipt": True,
            "color_printing": False,
            "duplex_printing": True,
            # The letter shows its own address where Maileva would print one: it prints a sheet of its own.
            "optional_address_sheet": True,
            "print_sender_address": True,
            "reference_to_print_enabled": False,
            "returned_mail_scanning": True,
            "archiving_duration": 3,
            "postage_type": "FAST",
            "sender_country_code": company.country_id.code or "FR",
            **{f"sender_{name}": line for name, line in lines.items()},
        }

    @api.model
    def _prepare_recipient(self, delivery):
        """The addressee (schema "recipient_creation"). Raises ProviderRefused for where Maileva does not post to."""
        reminder = delivery.reminder_id
        partner = reminder._get_letter_recipient()
        code = partner.country_id.code or reminder.company_id.country_id.code
        if code not in COUNTRIES:
            raise ProviderRefused(
                self.env._("Maileva posts no registered letter to this country: %s.", partner.country_id.name or code)
            )
        lines = reminder._get_letter_address(reminder._get_letter_company(), partner)
        if code != delivery.company_id.country_id.code:
            # The country is told apart: its line, the last, is not the town's.
            lines = lines[:-1]
        if len(lines) < 2:
            raise ProviderRefused(self.env._("There is no complete postal address for %s.", partner.display_name))
        return {"custom_id": reminder.name, "country_code": code, **_spread(lines)}

    # -- what is answered ----------------------------------------------------------------------------------------------

    @api.model
    def _read_tracking(self, sending, recipient, company):
        zone = company._get_collection_timezone()
        stage = STAGES.get(sending.get("status"), Stage.ACCEPTED)
        if stage is Stage.ACCEPTED and recipient.get("status") in ("REJECTED", "SENDING_REJECTED", "CANCELED"):
            stage = Stage.REJECTED
        events = {event.get("category"): event for event in _objects(recipient.get("main_delivery_statuses"))}
        history = {event.get("code"): event for event in _objects(recipient.get("delivery_statuses"))}
        ended = events.get("DELIVERED") or events.get("UNDELIVERED") or {}
        outcome = None
        if "DELIVERED" in events:
            outcome = "delivered"
        elif ended or recipient.get("undelivered_mail_reason"):
            reason = recipient.get("undelivered_mail_reason") or ended.get("code")
            outcome = OUTCOMES.get(reason, "undeliverable")
        return Tracking(
            stage=stage,
            detail=str(recipient.get("status_detail") or sending.get("status_detail") or "")[:300],
            number=str(recipient.get("registered_number") or ""),
            deposited_on=_read_day(recipient.get("deposit_proof_date"), zone)
            or _read_day(history.get(TAKEN_IN_CHARGE, {}).get("date"), zone),
            presented_on=_read_day(events.get("FIRST_PRESENTATION", {}).get("date"), zone),
            outcome=outcome,
            ended_on=_read_day(ended.get("date"), zone) or _read_day(recipient.get("undelivered_mail_date"), zone),
            proofs=tuple(kind for kind, announced in PROOF_DATES.items() if recipient.get(announced)),
        )

    # -- words ---------------------------------------------------------------------------------------------------------

    @api.model
    @contextmanager
    def _in_words(self):
        """Errors of the conversation as those that the channel knows."""
        try:
            yield
        except MailevaError as error:
            raise self._translate(error) from error

    @api.model
    def _translate(self, error):
        if error.trouble in (Trouble.REFUSED, Trouble.GONE):
            return ProviderRefused(self._describe(error))
        return ProviderUnavailable(self._describe(error), _wait(error))

    @api.model
    def _describe(self, error):
        """What went wrong, in the user's words."""
        if error.trouble is Trouble.CREDENTIALS:
            return self.env._("Maileva does not accept the account: look at the user and passwords in the settings.")
        if error.trouble is Trouble.BUSY:
            return self.env._("Maileva has too much to do: the letters go later by themselves.")
        if error.trouble is Trouble.GONE:
            return self.env._("Maileva does not know this letter.")
        if error.trouble is Trouble.REFUSED:
            return self.env._("Maileva refuses the letter: %s", error.detail)
        return self.env._("Maileva does not answer (%s).", error.detail or "-")


def _wait(error):
    return timedelta(seconds=error.retry_after) if error.retry_after else None


def _objects(values):
    return [value for value in values or () if isinstance(value, dict)] if isinstance(values, list) else []


def _read_day(text, zone):
    """Local day of "2018-03-14T07:21:40.757Z"; None for what is no date."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(zone).date()


def _spread(lines):
    """{address_line_1 … address_line_6}: the name first, the town on the sixth, the rest above the street's line."""
    first, *middle, town = lines if len(lines) > 1 else (*lines, "")
    places = {1: (4,), 2: (3, 4), 3: (2, 3, 4)}.get(len(middle), (2, 3, 4, 5))
    spread = {1: first, 6: town, **dict(zip(places, middle, strict=False))}
    return {f"address_line_{place}": spread[place] for place in sorted(spread)}
