from datetime import timedelta

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..calc.dispute_stages import CONCEDED
from ..calc.hold_shares import share_out
from ..calc.payment_history import DAY
from ..calc.payment_holds import USUALLY_KEPT, Holds, kept_rate
from .collection_decision_settling import PAYMENT_DAYS


class CollectionForecast(models.Model):
    """What people have said goes before what is foretold: promises, agreements, direct debits and bills; disputes.

    Read as it was known at the end of a day. How often such words are kept is learned from the company's own record,
    and a customer's promises from its own.
    """

    _inherit = "collection.forecast"

    @api.model
    def _read_holds(self, company, book):
        """What was said of the open items of a ``book``, with the chance that it is kept: ``calc`` Holds."""
        for model in ("promise", "agreement", "agreement.instalment", "dispute", "dispute.line", "item"):
            self.env[f"collection.{model}"].flush_model()
        self.env["account.payment"].flush_model()
        parts = [read(company, book) for read in self._get_hold_readers()]
        return Holds(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    @api.model
    def _get_hold_readers(self):
        """Readers of what was said, each giving the columns of Holds. Override to add one."""
        return (
            self._hold_promises,
            self._hold_agreements,
            self._hold_bills,
            self._hold_debits,
            self._hold_payments,
            self._hold_credits,
            self._hold_disputes,
        )

    # -- promises and agreements ---------------------------------------------------------------------------------------

    def _hold_promises(self, company, book):
        """Promises that are neither kept nor broken yet: on their items, the oldest first, or on the whole account."""
        as_of = book.history.as_of
        open_then = SQL(
            """debtor.company_id = %s AND promise.noted_on <= %s AND COALESCE(promise.outcome_date > %s, TRUE)
               -- Kept late, it was broken between.
               AND (promise.state <> 'kept_late' OR promise.last_day >= %s)""",
            company.id,
            as_of,
            as_of,
            as_of,
        )
        # What became of it later was not known: then all of it was awaited still.
        said = self.env.execute_query(
            SQL(
                """
                SELECT promise.id, promise.date, promise.debtor_id,
                       promise.amount - CASE WHEN promise.state = 'open' THEN COALESCE(promise.paid_amount, 0)
                                             + COALESCE(promise.settled_otherwise, 0) ELSE 0 END
                  FROM collection_promise promise
                  JOIN collection_debtor debtor ON debtor.id = promise.debtor_id
                 WHERE %s
                """,
                open_then,
            )
        )
        about = self.env.execute_query(
            SQL(
                """
                WITH said AS (SELECT promise.id, promise.debtor_id, promise.currency_id
                                FROM collection_promise promise
                                JOIN collection_debtor debtor ON debtor.id = promise.debtor_id
                               WHERE %s)
                SELECT said.id, item.move_line_id
                  FROM said
                  JOIN collection_promise_item_rel about ON about.promise_id = said.id
                  JOIN collection_item item ON item.id = about.item_id AND item.move_line_id IS NOT NULL
                 UNION ALL
                SELECT said.id, known.move_line_id
                  FROM said
                  JOIN collection_payment_history known
                    ON known.debtor_id = said.debtor_id AND known.currency_id = said.currency_id
                 WHERE known.move_line_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM collection_promise_item_rel about WHERE about.promise_id = said.id)
                """,
                open_then,
            )
        )
        rates = self._get_promise_rates(company, as_of)
        kept_of = {promise_id: rates.get(debtor_id, rates[None]) for promise_id, _day, debtor_id, _amount in said}
        return self._lay(book, [(row[0], row[1], row[3]) for row in said], about, kept_of)

    def _hold_agreements(self, company, book):
        """Instalments to come of agreements in force: the last of them pay the youngest items.

        From the end, so that what is open falls to the instalments that are left. One that was missed holds nothing.
        """
        as_of = book.history.as_of
        in_force = SQL(
            """debtor.company_id = %s AND agreement.accepted_on <= %s AND COALESCE(agreement.ended_on > %s, TRUE)""",
            company.id,
            as_of,
            as_of,
        )
        said = self.env.execute_query(
            SQL(
                """
                SELECT agreement.id, instalment.due_date, instalment.principal,
                       instalment.due_date + COALESCE(agreement.grace_days, 0) < %s
                  FROM collection_agreement agreement
                  JOIN collection_debtor debtor ON debtor.id = agreement.debtor_id
                  JOIN collection_agreement_instalment instalment ON instalment.agreement_id = agreement.id
                 WHERE %s
                """,
                as_of,
                in_force,
            )
        )
        about = self.env.execute_query(
            SQL(
                """
                SELECT agreement.id, item.move_line_id
                  FROM collection_agreement agreement
                  JOIN collection_debtor debtor ON debtor.id = agreement.debtor_id
                  JOIN collection_agreement_item_rel about ON about.agreement_id = agreement.id
                  JOIN collection_item item ON item.id = about.item_id AND item.move_line_id IS NOT NULL
                 WHERE %s
                """,
                in_force,
            )
        )
        rate = self._get_agreement_rate(company, as_of)
        kept_of = {agreement_id: rate for agreement_id, _day, _principal, _missed in said}
        missed = {(agreement_id, day) for agreement_id, day, _principal, is_missed in said if is_missed}
        return self._lay(book, [row[:3] for row in said], about, kept_of, from_the_end=True, without=missed)

    def _lay(self, book, said, about, kept_of, from_the_end=False, without=(), is_promise=True):
        """Sums on items: the columns of Holds.

        ``said``: (group, day, amount); ``about``: (group, journal item); ``kept_of``: {group: chance}; ``without``:
        (group, day) of sums that take their items but hold nothing.
        """
        order = -1 if from_the_end else 1
        said = sorted((row for row in said if row[2] and row[2] > 0), key=lambda row: (row[1], row[0]))[::order]
        position = book.find([line_id for _group, line_id in about])
        group = np.array([group for group, _line_id in about], np.int64)[position >= 0]
        position = position[position >= 0]
        rank = np.lexsort((book.line_ids[position], book.items.due[position]))[::order]
        group, position = group[rank], position[rank]
        open_amount = np.nan_to_num(book.items.amount[position])
        at, place, taken = share_out(
            np.array([row[0] for row in said], np.int64), np.array([float(row[2]) for row in said]), group, open_amount
        )
        holds = np.array([(said[rank][0], said[rank][1]) not in without for rank in at.tolist()], bool)
        at, place, taken = at[holds], place[holds], taken[holds]
        return self._as_columns(
            position[place],
            [said[rank][1] for rank in at.tolist()],
            taken / open_amount[place],
            [kept_of[said[rank][0]] for rank in at.tolist()],
            is_promise,
        )

    # -- direct debits, bills, payments under way ----------------------------------------------------------------------

    def _hold_bills(self, _company, book):
        """Bills receivable: the bank collects them on their term. One that is past it has come back unpaid."""
        accounts = self.env["collection.decision"]._get_perimeter_accounts()
        bills = accounts.filtered(lambda account: account.collection_role == "bill")
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id, COALESCE(line.date_maturity, line.invoice_date, line.date)
                     FROM account_move_line line
                    WHERE line.account_id IN %s AND line.parent_state = 'posted' AND line.amount_currency > 0
                      AND COALESCE(line.date_maturity, line.invoice_date, line.date) >= %s""",
                tuple(bills.ids) or (0,),
                book.history.as_of,
            )
        )
        return self._hold_whole_items(book, rows)

    def _hold_debits(self, company, book):
        """Items that somebody said will be debited on a day. Since when it was said is unknown: not in the past."""
        if book.history.as_of < company._get_collection_today() - timedelta(days=1):
            return self._hold_whole_items(book, ())
        rows = self.env.execute_query(
            SQL(
                """SELECT item.move_line_id, item.status_date
                     FROM collection_item item
                     JOIN collection_debtor debtor ON debtor.id = item.debtor_id AND debtor.company_id = %s
                    WHERE item.status = 'collecting' AND item.status_date > %s AND item.move_line_id IS NOT NULL
                      AND item.closed_on IS NULL""",
                company.id,
                book.history.as_of,
            )
        )
        return self._hold_whole_items(book, rows)

    def _hold_whole_items(self, book, rows):
        position = book.find([line_id for line_id, _day in rows])
        found = position >= 0
        days = [day for (_line_id, day), is_there in zip(rows, found.tolist(), strict=True) if is_there]
        share = np.ones(len(days))
        return self._as_columns(position[found], days, share, [USUALLY_KEPT["direct_debit"]] * len(days), True)

    def _hold_payments(self, company, book):
        """Payments for invoices that are registered and have no entry yet, while they count as money in sight."""
        as_of = book.history.as_of
        rows = self.env.execute_query(
            SQL(
                """
                SELECT payment.id, payment.date, payment.amount, known.move_line_id
                  FROM account_payment payment
                  JOIN account_move__account_payment link ON link.payment_id = payment.id
                  JOIN account_move_line line ON line.move_id = link.invoice_id
                  JOIN collection_payment_history known
                    ON known.move_line_id = line.id AND known.currency_id = payment.currency_id
                 WHERE payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                   AND payment.move_id IS NULL AND payment.date > %(as_of)s - %(days)s
                   AND payment.create_date::date <= %(as_of)s AND payment.company_id IN %(companies)s
                """,
                as_of=as_of,
                days=PAYMENT_DAYS,
                companies=tuple(company._get_collection_companies().ids),
            )
        )
        said = {payment_id: (payment_id, day, amount) for payment_id, day, amount, _line_id in rows}
        about = [(payment_id, line_id) for payment_id, _day, _amount, line_id in rows]
        return self._lay(book, list(said.values()), about, dict.fromkeys(said, USUALLY_KEPT["direct_debit"]))

    def _hold_credits(self, company, book):
        """Money received and credit notes that nobody has allocated: nothing comes any more of the items they settle.

        The oldest first, as an accountant would allocate them. Of a past day it is unknown what was open then.
        """
        as_of = book.history.as_of
        if as_of < company._get_collection_today() - timedelta(days=1):
            return self._lay(book, (), (), {})
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.id, line.currency_id, -SUM(line.amount_residual_currency)
                  FROM account_move_line line
                  JOIN collection_debtor debtor ON debtor.partner_id = line.partner_id AND debtor.company_id = %s
                 WHERE line.account_id IN %s AND line.company_id IN %s AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE AND line.amount_residual_currency < 0 AND line.date <= %s
                 GROUP BY debtor.id, line.currency_id
                """,
                company.id,
                self.env["collection.payment.history"]._get_accounts(),
                tuple(company._get_collection_companies().ids),
                as_of,
            )
        )
        group_of = {(debtor_id, currency_id): group for group, (debtor_id, currency_id, _amount) in enumerate(rows)}
        owners = zip(book.items.debtor.tolist(), book.items.currency.tolist(), strict=True)
        about = [
            (group_of[owner], line_id)
            for owner, line_id in zip(owners, book.line_ids.tolist(), strict=True)
            if owner in group_of
        ]
        said = [(group, as_of, amount) for group, (_debtor_id, _currency_id, amount) in enumerate(rows)]
        return self._lay(book, said, about, dict.fromkeys(range(len(rows)), 0.0), is_promise=False)

    # -- disputes ------------------------------------------------------------------------------------------------------

    def _hold_disputes(self, company, book):
        """What is contested: nothing comes before the deadline, and then the part that such disputes let come.

        Of what was granted nothing comes: its credit note is awaited.
        """
        as_of = book.history.as_of
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.move_line_id, dispute.deadline, dispute.decided_on <= %(as_of)s,
                       CASE WHEN dispute.decided_on <= %(as_of)s THEN COALESCE(part.accepted, 0) ELSE part.amount END
                  FROM collection_dispute_line part
                  JOIN collection_dispute dispute ON dispute.id = part.dispute_id AND dispute.company_id = %(company)s
                  JOIN collection_item item ON item.id = part.item_id AND item.move_line_id IS NOT NULL
                 WHERE part.opened_on <= %(as_of)s AND COALESCE(part.closed_on > %(as_of)s, TRUE)
                """,
                as_of=as_of,
                company=company.id,
            )
        )
        position = book.find([row[0] for row in rows])
        rate = self._get_dispute_rate(company, as_of)
        found = [(row, at) for row, at in zip(rows, position.tolist(), strict=True) if at >= 0 and row[3]]
        position = np.array([at for _row, at in found], np.int64)
        contested = np.array([float(row[3]) for row, _at in found])
        return self._as_columns(
            position,
            [row[1] for row, _at in found],
            np.minimum(contested / np.maximum(np.nan_to_num(book.items.amount[position]), 0.01), 1.0),
            [0.0 if row[2] else rate for row, _at in found],
            False,
        )

    @staticmethod
    def _as_columns(position, days, share, kept, is_promise):
        """The columns of Holds: item, on, share, kept, is_promise."""
        return (
            np.asarray(position, np.int64),
            np.array(days, DAY),
            np.asarray(share, float),
            np.array(kept, float),
            np.full(len(days), is_promise),
        )

    # -- how often such words are kept ---------------------------------------------------------------------------------

    def _get_promise_rates(self, company, as_of):
        """{debtor id: chance that its next promise is kept}; None stands for customers without a record.

        Kept is what came by the day said, grace included; of a promise kept in part, that part.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.debtor_id, COUNT(*)::float,
                       SUM(CASE promise.state WHEN 'kept' THEN 1
                                              WHEN 'partly' THEN LEAST(promise.paid_amount / promise.amount, 1)
                                              ELSE 0 END)::float
                  FROM collection_promise promise
                  JOIN collection_debtor debtor ON debtor.id = promise.debtor_id AND debtor.company_id = %s
                 WHERE promise.outcome_date <= %s AND promise.state IN ('kept', 'kept_late', 'partly', 'broken')
                 GROUP BY promise.debtor_id
                """,
                company.id,
                as_of,
            )
        )
        everyone = float(
            kept_rate(sum(row[2] or 0 for row in rows), sum(row[1] for row in rows), USUALLY_KEPT["promise"])
        )
        own = {debtor_id: float(kept_rate(kept or 0, made, everyone)) for debtor_id, made, kept in rows}
        return {None: everyone, **own}

    def _get_agreement_rate(self, company, as_of):
        """Chance that an instalment is paid when due, from the agreements that have ended: kept, or revoked."""
        ((made, kept),) = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*)::float, COUNT(*) FILTER (WHERE agreement.state = 'kept')::float
                  FROM collection_agreement agreement
                  JOIN collection_debtor debtor ON debtor.id = agreement.debtor_id AND debtor.company_id = %s
                 WHERE agreement.ended_on <= %s AND agreement.state IN ('kept', 'revoked')
                """,
                company.id,
                as_of,
            )
        )
        return float(kept_rate(kept, made, USUALLY_KEPT["agreement"]))

    def _get_dispute_rate(self, company, as_of):
        """Part of what is contested that is paid in the end, from the disputes that were decided."""
        ((made, owed),) = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*)::float,
                       COALESCE(SUM(1 - CASE WHEN dispute.stage IN %s THEN COALESCE(part.accepted, 0) ELSE 0 END
                                        / part.amount), 0)::float
                  FROM collection_dispute_line part
                  JOIN collection_dispute dispute ON dispute.id = part.dispute_id AND dispute.company_id = %s
                 WHERE dispute.decided_on <= %s AND part.amount > 0
                """,
                tuple(CONCEDED),
                company.id,
                as_of,
            )
        )
        return float(kept_rate(owed, made, USUALLY_KEPT["dispute"]))
