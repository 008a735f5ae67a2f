from html import unescape

from odoo import api, fields, models
from odoo.tools import SQL

# Room for as many sources in the identifiers of the rows.
MOST_SOURCES = 16
TIMELINE_KINDS = [
    ("reminder", "Sent"),
    ("opened", "Opened"),
    ("bounced", "Came back"),
    ("answer", "Answer"),
    ("note", "Note"),
    ("payment", "Payment"),
    ("call", "Call"),
    ("promise", "Promise"),
    ("promise_kept", "Promise kept"),
    ("promise_broken", "Promise broken"),
    ("dispute", "Dispute"),
    ("dispute_closed", "Dispute closed"),
    ("agreement", "Agreement"),
    ("agreement_revoked", "Agreement revoked"),
    ("agreement_kept", "Agreement kept"),
    ("incident", "Incident"),
    ("pause", "Pause"),
    ("hand_over", "Handed over"),
]


class CollectionTimeline(models.Model):
    """All that happened with a debtor, from all tables that know something of it, newest first.

    How to use: ``env["collection.timeline"].with_context(collection_debtor_ids=debtors.ids)`` then search and read as
    any model. Each source then reads the rows of these debtors alone; without debtors it reads those of all.

    To add a source, override ``_get_sources`` and name in ``_depends`` the columns it reads.
    """

    _name = "collection.timeline"
    _description = "Timeline of a Debtor"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.move.line": [
            "account_id",
            "amount_currency",
            "company_id",
            "date",
            "journal_id",
            "move_id",
            "move_name",
            "name",
            "parent_state",
            "partner_id",
        ],
        "account.payment": ["amount", "date", "memo", "move_id", "name", "partner_id", "payment_type", "state"],
        "collection.debtor": ["company_id", "partner_id"],
        "collection.delivery": [
            "attachment_id",
            "channel",
            "debtor_id",
            "error",
            "handed_over_at",
            "mail_message_id",
            "recipients",
            "reminder_id",
            "state",
        ],
        "collection.reminder": ["approved_by_id", "level_id", "statement_month", "thanks_for_id"],
        "collection.reminder.line": ["claim", "dropped", "item_id", "reminder_id"],
        "mail.message": ["author_id", "body", "date", "message_type", "model", "res_id", "subject"],
        "res.partner": ["commercial_partner_id", "partner_share"],
    }

    debtor_id = fields.Many2one("collection.debtor", string="Customer", readonly=True)
    company_id = fields.Many2one(related="debtor_id.company_id")
    date = fields.Datetime(readonly=True)
    kind = fields.Selection(TIMELINE_KINDS, readonly=True)
    name = fields.Char(string="As recorded", readonly=True, depends_context=("lang",))
    text = fields.Char(string="What happened", compute="_compute_text", depends_context=("lang",))
    amount = fields.Monetary(readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True)
    author_id = fields.Many2one("res.partner", string="By", readonly=True)
    res_model = fields.Char(string="Kind of record", readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Record", readonly=True)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(SQL("(%s)", source) for source in self._get_sources())

    @api.model
    def _get_sources(self):
        """Queries of the timeline. Override to add some.

        Each gives (id bigint, debtor_id, date timestamp without time zone, kind varchar, name varchar, amount numeric,
        currency_id, author_id, res_model varchar, res_id integer), in this order. ``id`` is that of the record times 16
        plus the source's own rank: see ``_sql_id``. A date without hour is put at noon: see ``_sql_noon``.
        """
        return [
            self._sql_deliveries(),
            self._sql_deliveries_back(),
            self._sql_messages(),
            self._sql_money_received(),
            self._sql_payments_without_entry(),
        ]

    # -- for sources ---------------------------------------------------------------------------------------------------

    @api.model
    def _sql_id(self, column, rank):
        """Identifier of a row of the source of this ``rank``, 0 to 15, that no other row has."""
        return SQL("%s::bigint * %s + %s", column, MOST_SOURCES, rank)

    @api.model
    def _sql_noon(self, day):
        """The moment of what has a day and no hour: noon is the same day nearly everywhere."""
        return SQL("(%s + INTERVAL '12 hours')", day)

    @api.model
    def _sql_of_debtors(self, column):
        """Condition that a column of debtor ids is one of the context's; TRUE where it names none."""
        debtor_ids = self.env.context.get("collection_debtor_ids")
        return SQL("TRUE") if debtor_ids is None else SQL("%s IN %s", column, tuple(debtor_ids) or (0,))

    @api.model
    def _sql_label(self, column, labels):
        """The label of a code, from {code: label in the reader's language}."""
        cases = [SQL("WHEN %s THEN %s", code, label) for code, label in labels.items()]
        return SQL("CASE %s %s ELSE %s END", column, SQL(" ").join(cases), column) if cases else column

    @api.model
    def _sql_translated(self, column):
        """A translated column in the reader's language."""
        return SQL("COALESCE(%s ->> %s, %s ->> 'en_US')", column, self.env.lang or "en_US", column)

    # -- what was sent -------------------------------------------------------------------------------------------------

    def _sql_deliveries(self):
        """What was sent, with the amount claimed where it is in one currency."""
        return SQL(
            """
            SELECT %(id)s AS id, delivery.debtor_id, delivery.handed_over_at AS date, 'reminder'::varchar AS kind,
                   CONCAT_WS(' – ', COALESCE(%(level)s, CASE WHEN reminder.thanks_for_id IS NULL THEN %(statement)s
                                                             ELSE %(thanks)s END),
                             %(channel)s, delivery.recipients)::varchar AS name,
                   claimed.amount, claimed.currency_id, approver.partner_id AS author_id,
                   'collection.reminder'::varchar AS res_model, delivery.reminder_id AS res_id
              FROM collection_delivery delivery
              JOIN collection_reminder reminder ON reminder.id = delivery.reminder_id
              LEFT JOIN collection_level level ON level.id = reminder.level_id
              LEFT JOIN res_users approver ON approver.id = reminder.approved_by_id
              LEFT JOIN LATERAL (
                    SELECT SUM(line.claim) AS amount, MIN(item.currency_id) AS currency_id
                      FROM collection_reminder_line line
                      JOIN collection_item item ON item.id = line.item_id
                     WHERE line.reminder_id = reminder.id AND line.dropped IS NOT TRUE
                    HAVING MIN(item.currency_id) = MAX(item.currency_id)
                   ) claimed ON TRUE
             WHERE delivery.handed_over_at IS NOT NULL AND %(pruned)s
            """,
            id=self._sql_id(SQL("delivery.id"), 1),
            level=self._sql_translated(SQL("level.name")),
            statement=self.env._("Statement of account"),
            thanks=self.env._("Thanks for a payment"),
            channel=self._sql_channel(),
            pruned=self._sql_of_debtors(SQL("delivery.debtor_id")),
        )

    def _sql_channel(self):
        channels = dict(self.env["collection.delivery"]._selection_channel())
        return self._sql_label(SQL("delivery.channel"), channels)

    def _sql_deliveries_back(self):
        """What came back or failed, as of the last change: the delivery keeps no other day."""
        return SQL(
            """
            SELECT %(id)s, delivery.debtor_id, COALESCE(delivery.write_date, delivery.send_after), 'bounced'::varchar,
                   CONCAT_WS(' – ', %(channel)s, COALESCE(delivery.error, delivery.recipients))::varchar,
                   NULL::numeric, NULL::integer, NULL::integer, 'collection.reminder'::varchar, delivery.reminder_id
              FROM collection_delivery delivery
             WHERE delivery.state IN ('bounced', 'failed') AND %(pruned)s
            """,
            id=self._sql_id(SQL("delivery.id"), 14),
            channel=self._sql_channel(),
            pruned=self._sql_of_debtors(SQL("delivery.debtor_id")),
        )

    # -- what was said -------------------------------------------------------------------------------------------------

    def _sql_messages(self):
        """Answers and notes; neither what a delivery already tells nor changes of fields, which have no words."""
        return SQL(
            """
            SELECT %(id)s, message.res_id, message.date,
                   CASE WHEN message.message_type IN ('email', 'comment') AND COALESCE(author.partner_share, TRUE)
                        THEN 'answer' ELSE 'note' END::varchar,
                   LEFT(said.words, 300)::varchar, NULL::numeric, NULL::integer, message.author_id,
                   'mail.message'::varchar, message.id
              FROM mail_message message
              LEFT JOIN res_partner author ON author.id = message.author_id
              CROSS JOIN LATERAL (
                    SELECT TRIM(REGEXP_REPLACE(REGEXP_REPLACE(message.body, '<[^>]*>', ' ', 'g'), '\\s+', ' ', 'g'))
                           AS words) said
             WHERE message.model = 'collection.debtor' AND message.message_type <> 'user_notification'
               AND said.words <> '' AND %(pruned)s
               AND NOT EXISTS (SELECT FROM collection_delivery sent WHERE sent.mail_message_id = message.id)
               AND NOT EXISTS (SELECT FROM message_attachment_rel joined
                                 JOIN collection_delivery posted ON posted.attachment_id = joined.attachment_id
                                WHERE joined.message_id = message.id AND posted.debtor_id = message.res_id
                                  AND posted.handed_over_at IS NOT NULL)
            """,
            id=self._sql_id(SQL("message.id"), 2),
            pruned=self._sql_of_debtors(SQL("message.res_id")),
        )

    # -- what was received ---------------------------------------------------------------------------------------------

    def _sql_money_received(self):
        """Money on the customer's account, allocated or not: what banks, tills and cards brought."""
        Decision = self.env["collection.decision"]
        return SQL(
            """
            SELECT %(id)s, debtor.id, %(noon)s, 'payment'::varchar,
                   CONCAT_WS(' – ', line.move_name, NULLIF(line.name, line.move_name))::varchar,
                   -line.amount_currency, line.currency_id, NULL::integer, 'account.move'::varchar, line.move_id
              FROM collection_debtor debtor
              JOIN account_move_line line ON line.partner_id = debtor.partner_id
              JOIN (%(roots)s) root ON root.company_id = line.company_id AND root.root_id = debtor.company_id
              JOIN account_journal journal
                ON journal.id = line.journal_id AND journal.type IN ('bank', 'cash', 'credit')
             WHERE line.account_id IN %(accounts)s AND line.parent_state = 'posted' AND line.amount_currency < 0
               AND %(pruned)s
            """,
            id=self._sql_id(SQL("line.id"), 3),
            noon=self._sql_noon(SQL("line.date")),
            roots=Decision._part_company_root(),
            accounts=tuple(Decision._get_perimeter_accounts().ids) or (0,),
            pruned=self._sql_of_debtors(SQL("debtor.id")),
        )

    def _sql_payments_without_entry(self):
        """Payments registered that have no entry yet: they wait for the bank's statement."""
        return SQL(
            """
            SELECT %(id)s, debtor.id, %(noon)s, 'payment'::varchar,
                   CONCAT_WS(' – ', payment.name, payment.memo)::varchar,
                   payment.amount, payment.currency_id, NULL::integer, 'account.payment'::varchar, payment.id
              FROM collection_debtor debtor
              JOIN res_partner partner ON partner.commercial_partner_id = debtor.partner_id
              JOIN account_payment payment ON payment.partner_id = partner.id
              JOIN (%(roots)s) root ON root.company_id = payment.company_id AND root.root_id = debtor.company_id
             WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
               AND payment.move_id IS NULL AND %(pruned)s
            """,
            id=self._sql_id(SQL("payment.id"), 15),
            noon=self._sql_noon(SQL("payment.date")),
            roots=self.env["collection.decision"]._part_company_root(),
            pruned=self._sql_of_debtors(SQL("debtor.id")),
        )

    # -- reading -------------------------------------------------------------------------------------------------------

    @api.depends("name")
    def _compute_text(self):
        for entry in self:
            # Words of a message come out of HTML, where some characters are written by name.
            entry.text = unescape(entry.name or "")

    def action_open(self):
        """The record behind the entry: the reminder, the invoice, the dispute…; a message stands on the debtor's page.

        The debtor must be in the context: see the model.
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if self.res_model == "account.move":
            return record.action_collection_open()
        return self.env["collection.debtor"]._open_record(
            self.debtor_id if self.res_model == "mail.message" else record
        )
