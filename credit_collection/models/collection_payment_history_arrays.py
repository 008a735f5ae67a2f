from io import BytesIO

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..calc.payment_history import DAY, History
from ..calc.score_evidence import INCIDENTS, Incidents
from .collection_debtor import CUSTOMER_KINDS
from .collection_item_receipts import MONEY_JOURNALS

# Binary copies of PostgreSQL: what comes before the first row, and after the last.
COPY_HEADER, COPY_TRAILER = 19, 2
# NumPy's own "not a time", as the number that it is.
NOT_A_DAY = str(np.iinfo(np.int64).min)
# Bits that the country, and the kind of customer above it, take in the number of a segment.
COUNTRY_BITS, KIND_BITS = 16, 8


class CollectionPaymentHistory(models.Model):
    """The history as arrays, a million rows in a second: what ``calc`` learns from."""

    _inherit = "collection.payment.history"

    @api.model
    def _read_history(self, companies, as_of=None, segment=None):
        """Instalments of the root ``companies`` as they stood at the end of ``as_of``, today by default: a ``History``.

        ``debtor`` is the identifier of a ``collection.debtor``. What was paid, settled or disputed after ``as_of`` is
        open and undisputed, with the residual it had; the kind and country of a customer are today's. ``segment`` is an
        SQL expression of a whole number over ``debtor``: see ``_sql_segment``.
        """
        return self._read_open_items(companies, as_of, segment)[0]

    @api.model
    def _read_open_items(self, companies, as_of=None, segment=None):
        """(history, line_ids): as ``_read_history``, with the journal item of each row, 0 where it is gone.

        Those of the open items are ``line_ids[history.is_open()]``.
        """
        roots = companies.root_id
        as_of = as_of or roots[:1]._get_collection_today()
        self.flush_model()
        self.env["collection.debtor"].flush_model(["company_id", "country_id", "customer_kind"])
        columns = self._copy_columns(
            {
                "line": SQL("COALESCE(history.move_line_id, 0)"),
                "debtor": SQL("history.debtor_id"),
                "segment": segment or self._sql_segment(),
                "issued": _day_number(SQL("history.issued")),
                "due": _day_number(SQL("history.due")),
                "paid": _day_number(_known(SQL("history.paid_on"), as_of)),
                "removed": _day_number(_known(SQL("history.removed_on"), as_of)),
                "disputed_on": _day_number(_known(SQL("history.disputed_on"), as_of)),
                "currency": SQL("history.currency_id"),
                "amount": self._sql_amount(as_of),
            },
            self._sql_source(roots, as_of),
            # Bookkeepers' amounts are exact in the table; statistics are not.
            floats=("amount",),
        )
        days = ("issued", "due", "paid", "removed", "disputed_on")
        line_ids = columns.pop("line")
        columns |= {name: columns[name].view(DAY) for name in days}
        return History(**columns, as_of=as_of), line_ids

    @api.model
    def _sql_segment(self):
        """Customers who are alike: those of one company, of one kind, in one country. A number of its own for each.

        It holds the three, one above the other: the number of a segment is the same every night.
        """
        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, rank) for rank, (kind, _label) in enumerate(CUSTOMER_KINDS, start=1)
        )
        return SQL(
            "(debtor.company_id::bigint << %s) + ((CASE debtor.customer_kind %s ELSE 0 END)::bigint << %s)"
            " + COALESCE(debtor.country_id, 0)",
            COUNTRY_BITS + KIND_BITS,
            kinds,
            COUNTRY_BITS,
        )

    def _sql_amount(self, as_of):
        """What was open of an instalment that is, else what it was for."""
        return SQL(
            """CASE WHEN LEAST(history.paid_on, history.removed_on) <= %s THEN history.amount
                    ELSE COALESCE(NULLIF(history.residual + COALESCE(later.amount, 0), 0), history.amount) END""",
            as_of,
        )

    def _sql_source(self, roots, as_of):
        """The rows issued by then, with what they were allocated after that day."""
        return SQL(
            """
              FROM collection_payment_history history
              JOIN collection_debtor debtor ON debtor.id = history.debtor_id
              LEFT JOIN (SELECT part.debit_move_id AS line_id, SUM(part.debit_amount_currency) AS amount
                           FROM account_partial_reconcile part
                          WHERE part.max_date > %(day)s AND part.debit_amount_currency > 0
                          GROUP BY part.debit_move_id) later ON later.line_id = history.move_line_id
             WHERE debtor.company_id IN %(roots)s AND history.issued <= %(day)s
            """,
            day=as_of,
            roots=tuple(roots.ids) or (0,),
        )

    @api.model
    def _copy_columns(self, columns, source, floats=()):
        """{name: array} of ``columns`` {name: SQL, never NULL}, over ``source``, a FROM clause and what follows.

        Whole numbers, but for those named in ``floats``. By a binary copy: every row has the same width, so that the
        answer is read as it came, without a Python object for each value.
        """
        casts = {name: SQL("float8") if name in floats else SQL("bigint") for name in columns}
        chosen = SQL(", ").join(SQL("(%s)::%s", column, casts[name]) for name, column in columns.items())
        statement = self.env.cr.mogrify(SQL("COPY (SELECT %s %s) TO STDOUT (FORMAT BINARY)", chosen, source))
        copied = BytesIO()
        with self.env["collection.decision"]._tuned_for_large_sets():
            self.env.cr.copy_expert(statement.decode(), copied)
        row = [("fields", ">i2")]
        for name in columns:
            row += [(f"{name} width", ">i4"), (name, ">f8" if name in floats else ">i8")]
        content = copied.getvalue()[COPY_HEADER:-COPY_TRAILER]
        rows = np.frombuffer(content, row) if content else np.zeros(0, row)
        return {name: rows[name].astype(np.float64 if name in floats else np.int64) for name in columns}

    @api.model
    def _sql_money_received(self, company):
        """What money paid of the company's instalments: (day, amount, currency_id, issued, debtor_id).

        What was taken back, or given back, is no receipt: an entry of the bank settled by an earlier one.
        """
        return SQL(
            """
            SELECT part.max_date AS day, part.debit_amount_currency AS amount, known.currency_id, known.issued,
                   known.debtor_id
              FROM account_partial_reconcile part
              JOIN collection_payment_history known ON known.move_line_id = part.debit_move_id
              JOIN collection_debtor debtor ON debtor.id = known.debtor_id AND debtor.company_id = %(company)s
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_journal journal ON journal.id = credit.journal_id AND journal.type IN %(money)s
              JOIN account_move_line debit ON debit.id = part.debit_move_id
              JOIN account_journal origin ON origin.id = debit.journal_id
             WHERE NOT (origin.type IN %(money)s AND credit.date <= debit.date)
            """,
            company=company.id,
            money=MONEY_JOURNALS,
        )

    # -- what else has happened ----------------------------------------------------------------------------------------

    @api.model
    def _read_incidents(self, companies, as_of=None):
        """Promises broken, disputes lost and payments that came back by the end of ``as_of``: ``Incidents``."""
        roots = companies.root_id
        as_of = as_of or roots[:1]._get_collection_today()
        for model in ("collection.promise", "collection.dispute", "account.move.line", "account.payment", self._name):
            self.env[model].flush_model()
        sources = SQL(" UNION ALL ").join(
            SQL("SELECT %s AS kind, incident.debtor_id, incident.day FROM (%s) incident", INCIDENTS.index(kind), query)
            for kind, queries in self._get_incident_sources(roots).items()
            for query in queries
        )
        columns = self._copy_columns(
            {
                "debtor": SQL("incident.debtor_id"),
                "kind": SQL("incident.kind"),
                "day": _day_number(SQL("incident.day")),
            },
            SQL(
                """ FROM (%s) incident JOIN collection_debtor debtor ON debtor.id = incident.debtor_id
                   WHERE debtor.company_id IN %s AND incident.day <= %s""",
                sources,
                tuple(roots.ids) or (0,),
                as_of,
            ),
        )
        return Incidents(columns["debtor"], columns["kind"], columns["day"].view(DAY))

    @api.model
    def _get_incident_sources(self, roots):
        """{kind of ``INCIDENTS``: queries of (debtor_id, day)}. Override to add a source to one of them."""
        return {
            "broken_promise": [self._sql_broken_promises()],
            "lost_dispute": [self._sql_lost_disputes()],
            "bounced_debit": [self._sql_bounced(), self._sql_bounced_entries(roots), self._sql_rejected_payments()],
        }

    def _sql_broken_promises(self):
        """Not kept when their last day was over: what is paid afterwards does not undo that they were broken."""
        return SQL(
            """SELECT promise.debtor_id, promise.last_day + 1 AS day FROM collection_promise promise
                WHERE promise.state IN ('partly', 'broken', 'kept_late')"""
        )

    def _sql_lost_disputes(self):
        """Contested without reason: what was rejected, not what was granted in part."""
        return SQL(
            """SELECT dispute.debtor_id, dispute.decided_on AS day FROM collection_dispute dispute
                WHERE dispute.stage = 'rejected'"""
        )

    def _sql_bounced(self):
        """Money that had settled instalments and is gone: see ``bounced_on``. Once, however many it had settled."""
        return SQL(
            """SELECT DISTINCT history.debtor_id, history.bounced_on AS day FROM collection_payment_history history
                WHERE history.bounced_on IS NOT NULL"""
        )

    def _sql_bounced_entries(self, roots):
        """Receipts that an entry of the bank took back: the one is allocated to the other.

        The whole of it: a part is what was paid too much, given back. So is what a payment to the customer returns.
        """
        return SQL(
            """
            SELECT debtor.id AS debtor_id, back.date AS day
              FROM account_partial_reconcile part
              JOIN account_move_line back ON back.id = part.debit_move_id
              JOIN account_move_line receipt ON receipt.id = part.credit_move_id AND receipt.date <= back.date
              JOIN account_journal taken ON taken.id = back.journal_id AND taken.type IN %(money)s
              JOIN account_journal given ON given.id = receipt.journal_id AND given.type IN %(money)s
              JOIN res_company company ON company.id = back.company_id
              JOIN collection_debtor debtor ON debtor.partner_id = back.partner_id
               AND debtor.company_id = split_part(company.parent_path, '/', 1)::integer
              LEFT JOIN account_payment payment ON payment.id = back.payment_id
             WHERE back.account_id IN %(accounts)s AND debtor.company_id IN %(roots)s
               AND part.credit_amount_currency >= -receipt.amount_currency
               AND payment.payment_type IS DISTINCT FROM 'outbound'
            """,
            money=MONEY_JOURNALS,
            accounts=self.with_context(allowed_company_ids=roots.ids)._get_accounts(),
            roots=tuple(roots.ids) or (0,),
        )

    def _sql_rejected_payments(self):
        return SQL(
            """
            SELECT debtor.id AS debtor_id, payment.date AS day
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
              JOIN res_company company ON company.id = payment.company_id
              JOIN collection_debtor debtor ON debtor.partner_id = partner.commercial_partner_id
               AND debtor.company_id = split_part(company.parent_path, '/', 1)::integer
             WHERE payment.state = 'rejected' AND payment.payment_type = 'inbound'
            """
        )


def _day_number(day):
    """Days since 1970 of an SQL date, NumPy's "not a time" where there is none."""
    return SQL("COALESCE(%s - DATE '1970-01-01', %s::bigint)", day, NOT_A_DAY)


def _known(day, as_of):
    """An SQL date if it was known at the end of ``as_of``."""
    return SQL("(CASE WHEN %(day)s <= %(as_of)s THEN %(day)s END)", day=day, as_of=as_of)
