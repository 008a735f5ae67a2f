import json
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, split_every

from ..calc.commitments import State
from ..calc.promises import Movement, Promise, weigh
from .collection_item_receipts import MONEY_JOURNALS

# Debtors whose promises are read in one transaction.
BATCH_SIZE = 200
# A promise is watched for so long after its day: what is paid later no longer tells anything of it.
WATCHED = timedelta(days=365)


class CollectionPromise(models.Model):
    """What has become of promises, from the reconciliations: kept, late, in part, broken, or settled otherwise.

    A reconciliation that is undone reopens what it had kept, a payment that bounces breaks it again.
    """

    _inherit = "collection.promise"

    # -- reading the ledger --------------------------------------------------------------------------------------------

    @api.model
    def _flush_for_promises(self):
        self.flush_model()
        self.env["collection.debtor"].flush_model(["partner_id", "company_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["account.bank.statement.line"].flush_model()
        self.env["collection.item"]._flush_for_receipts()

    @api.model
    def _read_promises(self, debtors, day):
        """{(debtor id, currency id): [Promise]} of what had been promised by ``day`` and not cancelled then.

        ``debtors`` is a condition on the column ``promise.debtor_id``.
        """
        # Sub-selects, not joins: inside a run these would read all items.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.debtor_id, promise.currency_id, promise.id, promise.noted_on, promise.date,
                       promise.last_day, promise.amount::text, NULLIF(promise.known_partial_id, 0),
                       NULLIF(promise.known_line_id, 0),
                       ARRAY(SELECT (SELECT item.move_line_id FROM collection_item item WHERE item.id = about.item_id)
                               FROM collection_promise_item_rel about WHERE about.promise_id = promise.id)
                  FROM collection_promise promise
                 WHERE promise.noted_on <= %(day)s
                   AND (promise.cancelled_on IS NULL OR promise.cancelled_on > %(day)s) AND %(debtors)s
                 ORDER BY promise.date, promise.id
                """,
                day=day,
                debtors=debtors,
            )
        )
        found = defaultdict(list)
        for debtor_id, currency_id, key, noted_on, due, last_day, amount, partial_id, line_id, lines in rows:
            # An invoice that has left the ledger is about nothing; a promise without any is about the whole account.
            about = frozenset(line for line in lines if line) if lines else None
            found[debtor_id, currency_id].append(
                Promise(key, noted_on, due, last_day, Decimal(amount), about, partial_id, line_id)
            )
        return dict(found)

    @api.model
    def _read_movements(self, promises):
        """{(debtor id, currency id): [Movement]} of what reduced the lines that the promises are about."""
        owner_of, accounts = {}, []
        for owner, own in promises.items():
            for promise in own:
                if promise.lines is None:
                    accounts.append(owner)
                else:
                    owner_of.update(dict.fromkeys(promise.lines, owner))
        conditions = [SQL("part.debit_move_id IN %s", tuple(owner_of) or (0,))]
        if accounts:
            owner_of |= self._find_lines_since(accounts, promises)
            conditions = [SQL("part.debit_move_id IN %s", tuple(owner_of) or (0,))]
        found = defaultdict(list)
        for line_id, key, on, amount, credit_id, kind, currency_id in self.env.execute_query(
            self.env["collection.item"]._sql_receipts(SQL(" AND ").join(conditions))
        ):
            owner = owner_of[line_id]
            if currency_id == owner[1]:
                found[owner].append(Movement(key, on, Decimal(amount), line_id, credit_id, kind == "money"))
        return found

    def _find_lines_since(self, accounts, promises):
        """{line id: (debtor id, currency id)} of the debts of whole accounts that were open when promised, or later."""
        first_day = {
            owner: min(promise.noted_on for promise in promises[owner] if promise.lines is None) for owner in accounts
        }
        # Their partner and company alone, to find journal items of which only ids are returned.
        debtors = self.env["collection.debtor"].browse({debtor_id for debtor_id, _currency in accounts}).sudo()
        found = {}
        for company, own in debtors.grouped("company_id").items():
            owner_of = {
                (debtor.partner_id.id, currency_id): (debtor.id, currency_id)
                for debtor in own
                for debtor_id, currency_id in accounts
                if debtor_id == debtor.id
            }
            decision = self.env["collection.decision"].with_context(allowed_company_ids=company.ids)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT line.id, line.partner_id, line.currency_id
                      FROM account_move_line line
                     WHERE line.partner_id IN %(partners)s AND line.account_id IN %(accounts)s
                       AND line.company_id IN %(companies)s AND line.parent_state = 'posted'
                       AND line.amount_currency > 0
                       AND (line.reconciled IS NOT TRUE
                            OR EXISTS (SELECT FROM account_partial_reconcile part
                                        WHERE part.debit_move_id = line.id
                                          AND (part.max_date >= %(since)s OR part.create_date >= %(since)s)))
                    """,
                    partners=tuple(own.partner_id.ids),
                    accounts=tuple(decision._get_perimeter_accounts().filtered("collection_role").ids) or (0,),
                    companies=tuple(company._get_collection_companies().ids),
                    since=min(first_day[owner] for owner in owner_of.values()),
                )
            )
            for line_id, partner_id, currency_id in rows:
                if (partner_id, currency_id) in owner_of:
                    found[line_id] = owner_of[partner_id, currency_id]
        return found

    @api.model
    def _weigh_promises(self, debtors, day):
        """{(debtor id, currency id): [Outcome]} as of ``day``, for a condition on ``promise.debtor_id``.

        What is settled otherwise than by money is left aside: see ``_refresh_promises``.
        """
        promises = self._read_promises(debtors, day)
        if not promises:
            return {}
        movements = self._read_movements(promises)
        return {owner: weigh(own, movements[owner], day) for owner, own in promises.items()}

    # -- keeping what is found -----------------------------------------------------------------------------------------

    @api.model
    def _refresh_outcomes(self, debtors):
        """Write what has become of the promises of these debtors of one company."""
        self._flush_for_promises()
        company = debtors.company_id
        today = company._get_collection_today()
        promises = self._read_promises(SQL("promise.debtor_id IN %s", tuple(debtors.ids) or (0,)), today)
        if not promises:
            return
        movements = self._read_movements(promises)
        residuals = self._read_residuals(promises, movements)
        waiting = self._read_money_to_allocate(debtors, promises)
        for owner, own in promises.items():
            for outcome in weigh(own, movements[owner], today, residuals[owner], waiting.get(owner, Decimal(0))):
                # What is found of promises is the program's to write, whoever asked for it.
                self.sudo().browse(outcome.promise.key)._record_outcome(outcome)

    def _record_outcome(self, outcome):
        values = self._prepare_outcome(outcome)
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_cache(value, self) != self._fields[name].convert_to_cache(self[name], self)
        }
        if changed:
            self.write(changed)

    def _prepare_outcome(self, outcome):
        """Values of the promise that is ``self`` by what was found of it."""
        void = outcome.state is None
        state = "cancelled" if void else outcome.state.value
        last_day = outcome.promise.last_day
        return {
            "state": state,
            "paid_amount": float(outcome.paid),
            "settled_otherwise": float(outcome.settled_otherwise),
            "settled_on": outcome.settled_on or False,
            "awaits_allocation": outcome.awaited,
            "replaced_on": outcome.replaced_on or False,
            "outcome_date": {
                "open": False,
                "cancelled": self.outcome_date or self.company_id._get_collection_today(),
                "kept": outcome.settled_on,
                "kept_late": outcome.settled_on,
            }.get(state, last_day + timedelta(days=1)),
            "cancel_reason": (
                self.env._("Nothing was left to pay: a credit note or another entry settled it.") if void else False
            ),
            "dealt_with": self.dealt_with and outcome.state in (State.BROKEN, State.PARTLY),
        }

    @api.model
    def _read_residuals(self, promises, movements):
        """{(debtor id, currency id): {line id: open amount}} of all lines that the promises are about."""
        lines_of = {
            owner: frozenset().union(*(promise.lines or () for promise in own))
            | frozenset(movement.line for movement in movements[owner])
            for owner, own in promises.items()
        }
        accounts = [owner for owner, own in promises.items() if any(promise.lines is None for promise in own)]
        for line_id, owner in (self._find_lines_since(accounts, promises) if accounts else {}).items():
            lines_of[owner] |= {line_id}
        every_line = frozenset().union(*lines_of.values())
        open_now = dict(
            self.env.execute_query(
                SQL(
                    """SELECT id, amount_residual_currency::text FROM account_move_line
                        WHERE id IN %s AND parent_state = 'posted' AND amount_residual_currency > 0""",
                    tuple(every_line) or (0,),
                )
            )
        )
        return {owner: {line: Decimal(open_now.get(line, 0)) for line in lines} for owner, lines in lines_of.items()}

    @api.model
    def _read_money_to_allocate(self, debtors, promises):
        """{(debtor id, currency id): money received since the first promise that nobody has allocated}."""
        company = debtors.company_id
        decision = self.env["collection.decision"].with_context(allowed_company_ids=company.ids)
        first_day = defaultdict(dict)
        for (debtor_id, currency_id), own in promises.items():
            first_day[debtor_id][currency_id] = min(promise.noted_on for promise in own)
        since = [
            {"debtor_id": debtor_id, "currency_id": currency_id, "since": str(day)}
            for debtor_id, days in first_day.items()
            for currency_id, day in days.items()
        ]
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS (
                    SELECT asked.*, debtor.partner_id
                      FROM jsonb_to_recordset(%(since)s::jsonb)
                           AS asked(debtor_id integer, currency_id integer, since date)
                      JOIN collection_debtor debtor ON debtor.id = asked.debtor_id
                )
                SELECT debtor_id, currency_id, SUM(amount)::text FROM (
                    SELECT asked.debtor_id, asked.currency_id, -line.amount_residual_currency AS amount
                      FROM asked
                      JOIN account_move_line line ON line.partner_id = asked.partner_id
                       AND line.currency_id = asked.currency_id AND line.date >= asked.since
                      JOIN account_journal journal ON journal.id = line.journal_id AND journal.type IN %(money)s
                     WHERE line.account_id IN %(accounts)s AND line.company_id IN %(companies)s
                       AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                       AND line.amount_residual_currency < 0
                     UNION ALL
                    SELECT asked.debtor_id, asked.currency_id, st_line.amount
                      FROM asked
                      JOIN res_partner partner ON partner.commercial_partner_id = asked.partner_id
                      JOIN account_bank_statement_line st_line ON st_line.partner_id = partner.id
                      JOIN account_move move ON move.id = st_line.move_id AND move.state = 'posted'
                       AND move.date >= asked.since
                     WHERE st_line.is_reconciled IS NOT TRUE AND st_line.company_id IN %(companies)s
                       AND st_line.currency_id = asked.currency_id AND st_line.amount > 0
                ) waiting GROUP BY debtor_id, currency_id
                """,
                since=json.dumps(since),
                money=MONEY_JOURNALS,
                accounts=tuple(decision._get_perimeter_accounts().ids) or (0,),
                companies=tuple(company._get_collection_companies().ids),
            )
        )
        return {(debtor_id, currency_id): Decimal(amount) for debtor_id, currency_id, amount in rows}

    # -- every hour ----------------------------------------------------------------------------------------------------

    @api.model
    def _cron_read_outcomes(self):
        """Find what has become of the promises watched, of every company."""
        # The scheduler acts for all companies: which promises are watched depends on no user.
        watched = self.sudo().search(
            [("date", ">=", self.env["collection.decision"]._get_today() - WATCHED), ("cancelled_on", "=", False)]
        )
        debtors = watched.debtor_id.sorted("id")
        left = len(debtors)
        for company, own in debtors.grouped("company_id").items():
            # The scheduler speaks no language: what it writes for people is in the company's.
            own = own.with_context(lang=company.partner_id.lang, allowed_company_ids=company.ids)
            for batch in split_every(BATCH_SIZE, own.ids, own.browse):
                batch._refresh_promises_apart()
                left -= len(batch)
                if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                    return

    # -- what a customer's word is worth -------------------------------------------------------------------------------

    @api.model
    def _read_promise_record(self, debtors):
        """{debtor: (kept, kept late, partly kept, broken)}: numbers of promises of each outcome, for the score."""
        states = ("kept", "kept_late", "partly", "broken")
        counts = {
            (debtor, state): count
            for debtor, state, count in self._read_group(
                [("debtor_id", "in", debtors.ids), ("state", "in", states)], ["debtor_id", "state"], ["__count"]
            )
        }
        return {debtor: tuple(counts.get((debtor, state), 0) for state in states) for debtor in debtors}
