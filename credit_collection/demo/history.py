"""The reminders of the past months, decided by the engine itself as of each day and then dated back."""

from datetime import datetime, time, timedelta

from .calls import note_past_call, plan_calls_again
from .correspondence import print_letters

FIRST_DAY = -80
# What the people in charge have not got round to yet: reminders planned since these days wait for them.
NOT_APPROVED_SINCE = {"batch": -5, "manager": -8}
NOT_POSTED_SINCE = -8
OPEN_CALLS_SINCE = -10
TASK_NOTE = "Vu avec le commercial du client : rien de nouveau."


def write_history(ledger, users):
    """Plan and hand over on every working day of the past months; return the runs that proposed something."""
    History(ledger, users)._write()


class History:
    """Reminders sent in the past, one working day after the other."""

    def __init__(self, ledger, users):
        self.ledger = ledger
        self.env = ledger.env
        self.users = users

    def _write(self):
        calendar = self.ledger.company._get_working_calendar()
        for offset in range(FIRST_DAY, 0):
            if calendar.is_working_day(self.ledger.day(offset)):
                self._run(offset)
        self._date_closed_items()
        plan_calls_again(self.ledger)

    def _run(self, offset):
        day = self.ledger.day(offset)
        run = self.env["collection.run"].create({"company_id": self.ledger.company.id, "date": day})
        run.action_plan()
        if not run.reminder_ids:
            run.unlink()
            return
        run.write(
            {"hold_reason": False, "planned_at": self._moment(day, 6), "last_receipt_info": self._last_receipt(day)}
        )
        self._approve(run.reminder_ids, offset)
        self._send(run.reminder_ids.filtered(lambda reminder: reminder.state == "approved"), offset)
        run.state = "done" if all(reminder.state != "proposed" for reminder in run.reminder_ids) else "planned"

    def _approve(self, reminders, offset):
        for reminder in reminders.filtered(lambda reminder: reminder.state == "proposed" and not reminder.hold_reason):
            if offset < NOT_APPROVED_SINCE[reminder.approval]:
                collector = reminder.user_id or self.users["manager"]
                approver = self.users["manager"] if reminder.approval == "manager" else collector
                reminder.write({"state": "approved", "approved_by_id": approver.id})

    def _send(self, reminders, offset):
        day = self.ledger.day(offset)
        last_message = self.env["mail.message"].search([], order="id desc", limit=1).id
        for reminder in reminders:
            # What letters print; sending sets it for good.
            reminder.write({"sent_date": day, "deadline_date": day + timedelta(days=reminder.level_id.deadline_days)})
        for channel, deliveries in reminders._create_deliveries().grouped("channel").items():
            {"email": self._email, "task": self._call}.get(channel, self._print)(deliveries, offset)
        reminders.sent_date = False
        for delivery in reminders.delivery_ids.filtered(lambda delivery: self._is_handed_over(delivery, offset)):
            delivery._record_handed_over(on=day)
        reminders.delivery_ids.send_after = self._moment(day, 7)
        reminders.delivery_ids.filtered("handed_over_at").handed_over_at = self._moment(day, 8, 12)
        self.env["mail.message"].search([("id", ">", last_message)]).date = self._moment(day, 8, 12)

    def _is_handed_over(self, delivery, offset):
        if delivery.state == "to_post":
            return offset < NOT_POSTED_SINCE
        return delivery.state in ("queued", "handing_over")

    def _email(self, deliveries, _offset):
        channel = self.env["collection.channel.email"]
        contents = channel._render(deliveries)
        channel._keep_messages(contents)
        for delivery, content in contents.items():
            channel._begin(delivery, content)
            if delivery.debtor_id in self.ledger.silent_servers:
                delivery._move_to(
                    "unknown",
                    from_states=("handing_over",),
                    error=self.env._("The server stopped during the sending: ask the customer or the mail server."),
                )
                delivery._ask_person(self.env._("Find out whether this reminder arrived"))

    def _call(self, deliveries, offset):
        channel = self.env["collection.channel.task"]
        for delivery in deliveries:
            values = channel._prepare_activity(delivery)
            delivery.activity_id = delivery.debtor_id.activity_schedule(**values, date_deadline=self.ledger.day(offset))
            if offset < OPEN_CALLS_SINCE:
                person = self.env["res.users"].browse(values["user_id"])
                if delivery.activity_id.activity_type_id.category == "phonecall":
                    note_past_call(self.ledger, delivery, offset, person)
                else:
                    delivery.activity_id.with_user(person).action_feedback(feedback=TASK_NOTE)

    def _print(self, deliveries, offset):
        posted = offset < NOT_POSTED_SINCE
        for delivery in deliveries.filtered(lambda delivery: posted and delivery.channel == "registered"):
            delivery.tracking_number = f"1A 999 {delivery.id:03d} {delivery.reminder_id.id:04d} 0"
        print_letters(deliveries)
        for delivery in deliveries.filtered(lambda delivery: posted and delivery.state == "to_post"):
            person = delivery.user_id or self.users["manager"]
            self.env["collection.channel"]._get_channel(delivery.channel)._note_on_timeline(delivery.with_user(person))

    def _date_closed_items(self):
        """Items are found settled by the next refresh, that is today: give them the day of the payment."""
        for item in self.env["collection.item"].search([("closed_on", "=", self.ledger.today)]):
            line = item.move_line_id
            days = (line.matched_debit_ids | line.matched_credit_ids).mapped("max_date")
            item.closed_on = max(days, default=item.closed_on)

    def _last_receipt(self, day):
        known = self.env["account.move"].search(
            [
                ("journal_id", "=", self.ledger.bank.id),
                ("state", "=", "posted"),
                ("date", "<", day),
            ],
            order="date desc",
            limit=1,
        )
        return f"{self.ledger.bank.name}\u00a0: {known.date:%d/%m/%Y}" if known else False

    @staticmethod
    def _moment(day, hour, minute=0):
        return datetime.combine(day, time(hour, minute))
