from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from ..calc.contact_worth import CLASSES, chance_of, days_of_silence


class CollectionDebtor(models.Model):
    """The day's list of a collector: whom to contact, in the order of what a contact is worth, and why.

    The formula is that of ``calc/contact_worth.py``. The chance of being paid is that of the customer's score; where it
    has none, what the company says of each class of lateness.
    """

    _inherit = "collection.debtor"

    # Refreshed aside by SQL, with the other figures
    last_contact_date = fields.Date(
        string="Last Contact", readonly=True, copy=False, help="Reminder, call or task done on the customer."
    )
    contact_worth = fields.Float(
        string="Worth",
        digits=(24, 3),
        readonly=True,
        copy=False,
        aggregator=None,
        help="Amount overdue × days late × chance of payment × days without contact ÷ 1 000, each counting as the "
        "settings say. A rank, not an amount of money.",
    )
    worth_text = fields.Char(string="Why this Place", compute="_compute_worth_text")
    work_reason = fields.Char(string="Why it is here", compute="_compute_work_reason")
    phone = fields.Char(related="partner_id.phone")

    is_to_contact = fields.Boolean(
        string="To contact today", compute="_compute_is_to_contact", search="_search_is_to_contact"
    )
    put_off_until = fields.Date(string="Put off until", compute="_compute_put_off_until")

    _worth_idx = models.Index("(contact_worth DESC, id) WHERE overdue > 0")

    # -- the order -----------------------------------------------------------------------------------------------------

    def _refresh_figures(self, companies=None):
        result = super()._refresh_figures(companies)
        self._refresh_worth(companies or self.company_id)
        return result

    def _refresh_worth(self, companies):
        """Refresh the last contact and what a new one is worth of these debtors, or of all those of ``companies``."""
        for company in companies:
            scope = (
                SQL("debtor.company_id = %s AND debtor.id IN %s", company.id, tuple(self.ids))
                if self
                else SQL("debtor.company_id = %s", company.id)
            )
            self.env["collection.debtor"].flush_model()
            self.env["mail.message"].flush_model(["model", "res_id", "mail_activity_type_id", "date"])
            self.env.cr.execute(self._sql_refresh_worth(company, scope))
        self.env["collection.debtor"].invalidate_model(["last_contact_date", "contact_worth"])

    def _sql_refresh_worth(self, company, scope):
        return SQL(
            """
            UPDATE collection_debtor debtor SET last_contact_date = fresh.last_contact, contact_worth = fresh.worth
              FROM (SELECT debtor.id, contact.last_contact,
                           CASE WHEN debtor.overdue > 0 AND debtor.days_overdue > 0
                                THEN ROUND(%(worth)s * 0.001, 3) ELSE 0 END AS worth
                      FROM collection_debtor debtor
                      LEFT JOIN (SELECT debtor_id, MAX(day) AS last_contact FROM (%(contacts)s) one GROUP BY debtor_id
                                ) contact ON contact.debtor_id = debtor.id
                     WHERE %(scope)s) fresh
             WHERE fresh.id = debtor.id
               AND (debtor.last_contact_date, debtor.contact_worth) IS DISTINCT FROM (fresh.last_contact, fresh.worth)
            """,
            worth=self._sql_worth(company),
            contacts=SQL(" UNION ALL ").join(self._get_contact_sources(company, scope)),
            scope=scope,
        )

    def _sql_worth(self, company):
        """Product of the factors of ``debtor`` and ``contact``, each as often as its weight says."""
        today = company._get_collection_today()
        weights = company._get_worth_weights()
        *percents, beyond = company._get_worth_chances()
        chance = SQL(
            "(CASE WHEN debtor.score_date IS NOT NULL THEN GREATEST(debtor.score, 1) %s ELSE %s END * 0.01)",
            SQL(" ").join(
                SQL("WHEN debtor.days_overdue <= %s THEN %s", last, percent)
                for last, percent in zip(CLASSES, percents, strict=True)
            ),
            beyond,
        )
        silence = SQL("GREATEST(%s - COALESCE(contact.last_contact, debtor.oldest_due_date), 1)::numeric", today)
        factors = [
            *[SQL("debtor.overdue")] * weights.amount,
            *[SQL("debtor.days_overdue::numeric")] * weights.age,
            *[chance] * weights.chance,
            *[silence] * weights.silence,
        ]
        return SQL(" * ").join(factors) if factors else SQL("1")

    @api.model
    def _get_contact_sources(self, company, scope):
        """Queries of contacts (debtor_id, day) with the debtors of ``scope``. Override to add one."""
        zone = company._get_collection_timezone().key
        return [
            SQL(
                """SELECT debtor.id AS debtor_id, debtor.last_reminder_date AS day
                     FROM collection_debtor debtor WHERE %s""",
                scope,
            ),
            # A call or a task that somebody marked as done.
            SQL(
                """SELECT debtor.id, (message.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                     FROM mail_message message
                     JOIN collection_debtor debtor ON debtor.id = message.res_id
                    WHERE message.model = 'collection.debtor' AND message.mail_activity_type_id IS NOT NULL AND %s""",
                zone,
                scope,
            ),
        ]

    @api.depends("contact_worth", "overdue", "days_overdue", "last_contact_date", "oldest_due_date", "score")
    @api.depends_context("lang")
    def _compute_worth_text(self):
        for debtor in self:
            debtor.worth_text = debtor._describe_worth() if debtor.contact_worth else False

    def _describe_worth(self):
        """ "12 400,00 € × 45 days late × 90 %; no contact for 20 days"."""
        # The weights are the company's, whoever reads the list.
        company = self.company_id.sudo()
        weights = company._get_worth_weights()
        score = self.score if self.score_date else None
        chance = chance_of(self.days_overdue, company._get_worth_chances(), score)
        factors = [
            (weights.amount, format_amount(self.env, self.overdue, self.currency_id)),
            (weights.age, self._describe_age()),
            # Where nothing is known, nothing is said.
            (weights.chance if chance != 1 else 0, self.env._("%s%% chance", int(chance * 100))),
        ]
        counted = [f"({words})^{weight}" if weight > 1 else words for weight, words in factors if weight]
        silence = self._describe_silence()
        if weights.silence > 1:
            silence = f"({silence})^{weights.silence}"
        if not weights.silence:
            return " × ".join(counted)
        return " × ".join([*counted, silence])

    def _describe_age(self):
        if self.days_overdue == 1:
            return self.env._("1 day late")
        return self.env._("%s days late", self.days_overdue)

    def _describe_silence(self):
        if not self.last_contact_date:
            return self.env._("no contact yet")
        today = self.company_id._get_collection_today()
        return self.env._(
            "%s days without contact", days_of_silence(today, self.last_contact_date, self.oldest_due_date)
        )

    # -- why it is here ------------------------------------------------------------------------------------------------

    @api.depends_context("lang", "uid", "collection_todo_code")
    def _compute_work_reason(self):
        reasons = self.env["collection.todo"]._find_reasons(self)
        for debtor in self:
            debtor.work_reason = " · ".join(reasons.get(debtor.id, ())) or debtor._describe_automation()

    def _describe_automation(self):
        """What happens to a debtor for whom nobody has to do anything."""
        if self.is_paused:
            return self.pause_text
        if self.chase == "off":
            return self.env._("Never chased.")
        if self.chase == "manual":
            return self.env._("Handled by a person: nothing leaves by itself.")
        if not self.overdue:
            return self.env._("Nothing overdue.")
        if self.last_reminder_date:
            return self.env._("Reminded on %s: reminders go on.", format_date(self.env, self.last_reminder_date))
        return self.env._("Overdue, not reminded yet.")

    @api.depends_context("uid")
    def _compute_is_to_contact(self):
        found = self.search([("id", "in", self.ids), ("is_to_contact", "=", True)])
        for debtor in self:
            debtor.is_to_contact = debtor in found

    @api.model
    def _search_is_to_contact(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env["collection.todo"]._get_contact_domain() & ~self._get_put_off_domain()

    # -- later ---------------------------------------------------------------------------------------------------------

    @api.model
    def _get_put_off_domain(self):
        """Debtors that the user put off until a day to come."""
        snoozes = self.env["collection.snooze"]._search(
            [("user_id", "=", self.env.uid), ("until", ">", self.env["collection.decision"]._get_today())]
        )
        return Domain("id", "in", snoozes.subselect("debtor_id"))

    @api.depends_context("uid")
    def _compute_put_off_until(self):
        snoozes = self.env["collection.snooze"].search([("user_id", "=", self.env.uid), ("debtor_id", "in", self.ids)])
        until = {snooze.debtor_id: snooze.until for snooze in snoozes}
        for debtor in self:
            debtor.put_off_until = until.get(debtor, False)

    def _put_off(self, until):
        """Leave the debtors out of the user's list until that day. Raises UserError for a day that has come."""
        self.check_access("read")
        if until <= self.env["collection.decision"]._get_today():
            raise UserError(self.env._("Choose a day to come."))
        # The user's own list, of debtors that he may read.
        snoozes = self.env["collection.snooze"].sudo()
        known = snoozes.search([("user_id", "=", self.env.uid), ("debtor_id", "in", self.ids)])
        known.until = until
        snoozes.create(
            [
                {"debtor_id": debtor.id, "user_id": self.env.uid, "until": until}
                for debtor in self - known.debtor_id.sudo(False)
            ]
        )
        self.invalidate_recordset(["put_off_until", "is_to_contact"])

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_put_off_until_tomorrow(self):
        """Not today: the debtor is back on the next working day."""
        for company, debtors in self.grouped("company_id").items():
            calendar = company._get_working_calendar()
            day = company._get_collection_today() + timedelta(days=1)
            while not calendar.is_working_day(day):
                day += timedelta(days=1)
            debtors._put_off(day)
        return True

    def action_open_debtor(self):
        """The debtor's page."""
        self.ensure_one()
        return self._open_record(self)
