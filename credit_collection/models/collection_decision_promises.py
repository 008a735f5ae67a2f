import json
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..calc.commitments import State
from .collection_promise import BROKEN_DAYS


class CollectionDecision(models.Model):
    """Parts of the decision query about promises: what still holds is not chased, what was broken comes first.

    Which money keeps which promise is the rule of ``calc.promises``, told as of the day of the decision; the query
    spreads what is left of each over the open items.
    """

    _inherit = "collection.decision"

    def _decision_parts(self):
        """Begin with the promises: other parts read them."""
        return {"promise": self._part_promise(), **super()._decision_parts()}

    def _part_promise(self):
        """Promises that hold or were broken: (debtor_id, currency_id, missing, until, call_on, line_ids).

        ``until`` is their last day, ``call_on`` the working day after it once they are broken, ``line_ids`` their
        journal items, NULL for the whole account.
        """
        return SQL(
            """
            SELECT * FROM jsonb_to_recordset(%s::jsonb) AS promise(
                debtor_id integer, currency_id integer, missing numeric, until date, call_on date, line_ids integer[])
            """,
            json.dumps(self._prepare_promises()),
        )

    def _prepare_promises(self):
        day = self._get_collection_date()
        weighed = self.env["collection.promise"]._weigh_promises(self._sql_promising_debtors(day), day)
        next_days = {}
        rows = []
        for (debtor_id, currency_id), outcomes in weighed.items():
            for outcome in outcomes:
                holds = outcome.state is State.OPEN
                broken = outcome.state in (State.PARTLY, State.BROKEN) and not outcome.replaced_on
                last_day = outcome.promise.last_day
                if not holds and not (broken and last_day >= day - timedelta(days=BROKEN_DAYS)):
                    continue
                lines = outcome.promise.lines
                rows.append(
                    {
                        "debtor_id": debtor_id,
                        "currency_id": currency_id,
                        "missing": str(outcome.missing),
                        "until": str(last_day),
                        "call_on": None if holds else str(self._get_call_day(debtor_id, last_day, next_days)),
                        "line_ids": None if lines is None else sorted(lines),
                    }
                )
        return rows

    def _get_call_day(self, debtor_id, last_day, known):
        """First working day of the debtor's company after ``last_day``; ``known`` keeps what was found."""
        # Only the company's calendar is read of the debtor.
        company = self.env["collection.debtor"].browse(debtor_id).sudo().company_id
        if company not in known:
            known[company] = company._get_working_calendar()
        return known[company].next_working_day(last_day + timedelta(days=1))

    def _sql_promising_debtors(self, day):
        """Condition that ``promise.debtor_id`` is a debtor of the decision one of whose promises matters that day."""
        debtors = self._get_debtors()
        return SQL(
            """promise.debtor_id IN (
                   SELECT recent.debtor_id FROM collection_promise recent
                    WHERE recent.last_day >= %(since)s AND %(pruned)s
                      AND (SELECT debtor.company_id FROM collection_debtor debtor
                            WHERE debtor.id = recent.debtor_id) IN %(roots)s)""",
            since=day - timedelta(days=BROKEN_DAYS),
            roots=tuple(self._get_root_companies().ids) or (0,),
            pruned=SQL("TRUE") if debtors is None else SQL("recent.debtor_id IN %s", tuple(debtors.ids) or (0,)),
        )

    def _part_promised(self):
        """What promises that hold take of the items: (line_id, amount, next_date).

        Promises about one item go first, then those about several, then those about the whole account, which go to
        the oldest items that would be chased. What is disputed of an item was not promised; what is settling may well
        be the money promised, so that it is not left out here.
        """
        return SQL(
            """
            WITH place AS MATERIALIZED (
                SELECT purse.purse_id, purse.amount, purse.until, purse.turn, item.line_id, item.payable_on,
                       GREATEST(0, item.residual - COALESCE(contested.amount, 0)) AS residual
                  FROM (SELECT ROW_NUMBER() OVER () AS purse_id, debtor_id, currency_id, line_ids,
                               SUM(missing) AS amount, MIN(until) AS until,
                               CASE WHEN line_ids IS NULL THEN 3
                                    WHEN cardinality(line_ids) > 1 THEN 2 ELSE 1 END AS turn
                          FROM promise WHERE call_on IS NULL
                         GROUP BY debtor_id, currency_id, line_ids) purse
                  JOIN open_item item ON item.debtor_id = purse.debtor_id AND item.currency_id = purse.currency_id
                  LEFT JOIN stop ON stop.line_id = item.line_id
                  LEFT JOIN (SELECT line_id, SUM(amount) AS amount FROM disputed GROUP BY line_id) contested
                    ON contested.line_id = item.line_id
                 -- Not in the joins: within an alternative, what is stopped would be looked up item by item.
                 WHERE item.line_id = ANY (purse.line_ids) OR purse.line_ids IS NULL AND stop.line_id IS NULL
            ), first_turn AS (%(first)s
            ), second_turn AS (%(second)s
            ), third_turn AS (%(third)s)
            SELECT line_id, SUM(amount) AS amount, MIN(until) AS next_date
              FROM (SELECT * FROM first_turn
                     UNION ALL SELECT * FROM second_turn
                     UNION ALL SELECT * FROM third_turn) share
             GROUP BY line_id
            """,
            first=self._sql_settling_turn(1, self._sql_nothing()),
            second=self._sql_settling_turn(2, SQL("SELECT line_id, amount FROM first_turn")),
            third=self._sql_settling_turn(
                3,
                SQL("SELECT line_id, amount FROM first_turn UNION ALL SELECT line_id, amount FROM second_turn"),
            ),
        )

    def _part_urged(self):
        """A broken promise brings the level made for it forward, on the next working day, whatever its own day.

        Where nothing was sent since, and the item has not come to that level yet.
        """
        return SQL(
            """
            SELECT DISTINCT ON (item.line_id) item.line_id, level.level_id, promise.call_on AS ready_on,
                   'broken_promise' AS detail
              FROM promise
              JOIN open_item item ON item.debtor_id = promise.debtor_id AND item.currency_id = promise.currency_id
               AND (item.line_id = ANY (promise.line_ids) OR promise.line_ids IS NULL)
              JOIN collection_level own ON own.plan_id = item.plan_id AND own.after_broken_promise
              JOIN level ON level.level_id = own.id
              LEFT JOIN position ON position.plan_id = item.plan_id AND position.level_id = item.reached_level_id
              LEFT JOIN sent_before ON sent_before.line_id = item.line_id
             WHERE promise.call_on IS NOT NULL AND item.payable_on <= promise.until
               AND COALESCE(item.level_date <= promise.until, TRUE)
               AND level.rank > COALESCE(GREATEST(position.rank, sent_before.rank), 0)
             ORDER BY item.line_id, level.rank, promise.call_on DESC
            """
        )

    def _get_change_sentence(self):
        """Say that a broken promise brought the step forward."""
        if self.detail == "broken_promise":
            return self.env._("A promise was broken: the step “%s” comes forward.", self.level_id.name)
        return super()._get_change_sentence()

    @api.model
    def _flush_for_decision(self):
        """Promises count too."""
        self.env["collection.promise"].flush_model()
        return super()._flush_for_decision()
