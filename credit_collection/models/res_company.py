from datetime import time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.tools import SQL, format_date

from ..calc.working_days import WorkingCalendar

# A bank journal without a movement for so long is taken as closed, unless all of them are.
JOURNAL_IN_USE_DAYS = 90


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_active = fields.Boolean(
        string="Automatic collection",
        help="The scheduled actions plan and send. A manager switches it on after a first dry run.",
    )
    collection_first_run_seen = fields.Boolean(help="A manager has looked at a dry run.")
    collection_own_debtors_only = fields.Boolean(
        string="Collectors see their own debtors only",
        help="And those nobody has been given.",
    )
    collection_freshness_days = fields.Integer(
        string="Bank data at most (working days old)",
        default=3,
        help="When the last receipt known of a bank journal is older, nothing is sent by itself "
        "and formal notices are refused. 0 switches the check off.",
    )
    collection_hour_from = fields.Float(string="Sending from", default=8.0)
    collection_hour_to = fields.Float(string="Sending until", default=18.0)
    collection_signature = fields.Image(string="Signature on letters", max_width=1024, max_height=512)
    collection_signatory_name = fields.Char(string="Letters signed by")
    collection_signatory_capacity = fields.Char(string="Capacity of the signatory")
    collection_legal_mentions = fields.Char(
        string="Legal mentions on letters",
        help="Legal form, capital and trade register, as they stand on your invoices.",
    )

    _collection_hours = models.Constraint(
        "CHECK (collection_hour_from >= 0 AND collection_hour_from < collection_hour_to AND collection_hour_to <= 24)",
        "Messages leave between two hours of the same day: the first must come before the second.",
    )
    _collection_freshness_positive = models.Constraint(
        "CHECK (collection_freshness_days >= 0)",
        "The age of the bank data is a number of days: enter 0 to switch the check off.",
    )

    # -- calendar ------------------------------------------------------------------------------------------------------

    def _get_collection_timezone(self):
        self.ensure_one()
        return ZoneInfo(self.resource_calendar_id.tz or self.partner_id.tz or "Europe/Paris")

    def _get_collection_today(self):
        """Today in the time zone of the company's working calendar: the only "today" of collection."""
        return fields.Datetime.now().replace(tzinfo=timezone.utc).astimezone(self._get_collection_timezone()).date()

    def _get_working_calendar(self):
        """The company's working days and hours, public holidays of its country included."""
        self.ensure_one()
        calendar = self.resource_calendar_id
        weekdays = {int(attendance.dayofweek) for attendance in calendar.attendance_ids}
        return WorkingCalendar(
            weekdays=frozenset(weekdays or range(5)),
            country=self.country_id.code or None,
            closed=frozenset(self._get_closed_days(calendar)),
            opens=_to_time(self.collection_hour_from),
            closes=_to_time(self.collection_hour_to),
        )

    def _get_closed_days(self, calendar):
        zone = self._get_collection_timezone()
        for leave in calendar.global_leave_ids:
            first = leave.date_from.replace(tzinfo=timezone.utc).astimezone(zone).date()
            last = leave.date_to.replace(tzinfo=timezone.utc).astimezone(zone).date()
            for offset in range((last - first).days + 1):
                yield first + timedelta(days=offset)

    def _get_next_sending_moment(self, moment):
        """First working moment from ``moment`` on; UTC, naive, as Odoo keeps times."""
        zone = self._get_collection_timezone()
        local = moment.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)
        allowed = self._get_working_calendar().next_moment(local)
        return allowed.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)

    # -- bank freshness ------------------------------------------------------------------------------------------------

    def _get_last_receipts(self):
        """Last movement known of each bank journal in use: {journal: date}."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT journal.id, MAX(move.date)
                  FROM account_journal journal
                  JOIN account_move move ON move.journal_id = journal.id AND move.state = 'posted'
                 WHERE journal.type = 'bank' AND journal.active AND journal.company_id IN %s
                   AND (move.statement_line_id IS NOT NULL OR move.origin_payment_id IS NOT NULL)
                 GROUP BY journal.id
                """,
                tuple(self._get_collection_companies().ids),
            )
        )
        # The dates of the journals are no secret to whoever may send reminders.
        receipts = {self.env["account.journal"].sudo().browse(journal_id): day for journal_id, day in rows}
        recent = self._get_collection_today() - timedelta(days=JOURNAL_IN_USE_DAYS)
        return {journal: day for journal, day in receipts.items() if day >= recent} or receipts

    def _get_collection_companies(self):
        """The root company with its branches: the limit of reconciliation."""
        # Which companies belong together does not depend on who asks; what they own is for the record rules.
        return self.sudo().search([("id", "child_of", self.root_id.id)])

    def _get_stale_journals(self):
        """Bank journals whose last movement is too old to send by itself: {journal: date}."""
        self.ensure_one()
        if not self.collection_freshness_days:
            return {}
        calendar = self._get_working_calendar()
        today = self._get_collection_today()
        return {
            journal: day
            for journal, day in self._get_last_receipts().items()
            if calendar.working_days_between(day, today) > self.collection_freshness_days
        }

    def _get_bank_hold(self):
        """Why nothing may be sent by itself, in words; None when the bank data is fresh."""
        stale = self._get_stale_journals()
        if not stale:
            return None
        journal, day = min(stale.items(), key=lambda entry: entry[1])
        return self.env._(
            "The last movement known of “%(journal)s” is of %(date)s: import the bank statements first, "
            "so that nobody is reminded of what has been paid.",
            journal=journal.name,
            date=format_date(self.env, day),
        )

    # -- answers -------------------------------------------------------------------------------------------------------

    def _get_collection_mail_warning(self):
        """What keeps answers and bounces from coming back, in words; None when all is set up."""
        # Whether mail can be received is no secret to whoever sets collection up.
        if not self.sudo().alias_domain_id:
            return self.env._(
                "No alias domain is set: answers go to the collector's own mailbox and bounces never come back here."
            )
        if not self.env["fetchmail.server"].sudo().search_count([("state", "=", "done")], limit=1):
            return self.env._(
                "No incoming mail server is confirmed: unless the mail gateway is fed otherwise, "
                "answers and bounces never come back here."
            )
        return None


def _to_time(hour):
    """19.5 is half past seven in the evening; 24 is the last minute of the day."""
    if hour >= 24:
        return time.max
    minutes = round(hour * 60)
    return time(minutes // 60, minutes % 60)
