from odoo import api, fields, models
from odoo.tools import SQL


class CollectionDebtorEvent(models.Model):
    """What a person or a portfolio decided about how a debtor is followed, and why: a pause, another collector.

    Made by the program alone. Pauses of the past are read from here: the debtor knows the present one only.
    """

    _name = "collection.debtor.event"
    _description = "Pause or Handing Over of a Debtor"
    _order = "date desc, id desc"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one("collection.debtor", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    kind = fields.Selection(
        [("pause", "Pause"), ("resume", "Reminders go on"), ("hand_over", "Another collector")],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="In the time zone of the company.")
    reason = fields.Char(readonly=True)
    author_id = fields.Many2one("res.partner", ondelete="set null", readonly=True)

    until = fields.Date(readonly=True, help="Last day of the pause; empty: it has no end.")
    ended_on = fields.Date(readonly=True, help="Day on which a person or another pause ended it, before its time.")

    user_id = fields.Many2one("res.users", string="Collector", ondelete="set null", readonly=True)
    former_user_id = fields.Many2one("res.users", string="Collector before", ondelete="set null", readonly=True)

    _pause_idx = models.Index("(debtor_id, day) WHERE kind = 'pause'")

    @api.model
    def _record(self, debtors, kind, **values):
        """Keep that this happened to the debtors now; ``values`` may be those of all, or a function of each."""
        now = fields.Datetime.now()
        vals_list = [
            {
                "debtor_id": debtor.id,
                "kind": kind,
                "date": now,
                "day": debtor.company_id._get_collection_today(),
                "author_id": self.env.user.partner_id.id,
                **{name: value(debtor) if callable(value) else value for name, value in values.items()},
            }
            for debtor in debtors
        ]
        # The program's own history: nobody writes it himself.
        return self.sudo().create(vals_list)

    @api.model
    def _sql_pause_until(self, day):
        """Last day of the pause in which ``debtor`` was on a past day, 'infinity' if it had no end; NULL if none."""
        return SQL(
            """(SELECT MAX(COALESCE(event.until, 'infinity'::date)) FROM collection_debtor_event event
                 WHERE event.debtor_id = debtor.id AND event.kind = 'pause' AND event.day <= %(day)s
                   AND (event.ended_on IS NULL OR event.ended_on > %(day)s))""",
            day=day,
        )
