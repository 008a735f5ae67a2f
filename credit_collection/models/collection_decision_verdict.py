from odoo import models
from odoo.tools import SQL


class CollectionDecision(models.Model):
    """Parts of the decision query that say what happens to a claim: which level, now or when."""

    _inherit = "collection.decision"

    def _part_level(self):
        """Levels in their order within the plan, with what their channels need to reach somebody."""
        channels = self.env["collection.channel"]
        return SQL(
            """
            SELECT level.id AS level_id, level.plan_id, level.day, level.counted_from, level.is_formal_notice,
                   level.rest_days, level.debtor_threshold, level.item_minimum, level.include_first_invoice,
                   level.deadline_days, reach.by_email, reach.by_address, reach.by_itself,
                   -- What counts from the deadline of a notice comes after everything that counts from the due date.
                   level.day + CASE level.counted_from WHEN 'deadline' THEN 100000 ELSE 0 END AS place,
                   ROW_NUMBER() OVER (PARTITION BY level.plan_id
                                      ORDER BY level.counted_from DESC, level.day, level.id) AS rank
              FROM collection_level level
              LEFT JOIN (
                    SELECT line.level_id, bool_or(code IN %(email)s) AS by_email,
                           bool_or(code IN %(address)s) AS by_address,
                           bool_or(code IN %(itself)s) AS by_itself
                      FROM collection_level_channel line
                      CROSS JOIN LATERAL (VALUES (line.channel), (line.fallback)) AS way(code)
                     WHERE code IS NOT NULL
                     GROUP BY line.level_id
                   ) reach ON reach.level_id = level.id
            """,
            email=channels._get_codes_by_address_kind("email"),
            address=channels._get_codes_by_address_kind("postal"),
            itself=channels._get_codes_by_address_kind(None),
        )

    def _part_position(self):
        """Place in each plan of an item that reached a level: the level itself in its own plan; in another,
        the last level whose day is not after the one reached."""
        return SQL(
            """
            SELECT plan.id AS plan_id, reached.level_id, reached.plan_id <> plan.id AS is_elsewhere,
                   COALESCE(MAX(own.rank) FILTER (
                       WHERE own.level_id = reached.level_id
                          OR reached.plan_id <> plan.id AND own.place <= reached.place), 0) AS rank
              FROM collection_plan plan
              CROSS JOIN level reached
              LEFT JOIN level own ON own.plan_id = plan.id
             GROUP BY plan.id, reached.level_id, reached.plan_id
            """
        )

    def _part_step(self):
        """From each place in a plan, the next level before the due date and the next one after it."""
        return SQL(
            """
            SELECT plan.id AS plan_id, place.rank,
                   (SELECT next.level_id FROM level next
                     WHERE next.plan_id = plan.id AND next.rank > place.rank AND next.place < 0
                     ORDER BY next.rank LIMIT 1) AS early_level_id,
                   (SELECT COUNT(*) > 1 FROM level next
                     WHERE next.plan_id = plan.id AND next.rank > place.rank AND next.place < 0) AS has_other_early,
                   -- A level before the due date expires on it.
                   (SELECT next.level_id FROM level next
                     WHERE next.plan_id = plan.id AND next.rank > place.rank AND next.place >= 0
                     ORDER BY next.rank LIMIT 1) AS late_level_id
              FROM collection_plan plan
              CROSS JOIN LATERAL (SELECT 0 AS rank UNION ALL
                                  SELECT rank FROM level WHERE level.plan_id = plan.id) place
            """
        )

    def _part_sent_before(self):
        """Place of the last level of its plan at which an item was reminded before it went to another and back."""
        return SQL(
            """
            WITH elsewhere AS MATERIALIZED (
                SELECT item.line_id, item.item_id, item.cycle, item.plan_id
                  FROM open_item item
                  JOIN level reached ON reached.level_id = item.reached_level_id AND reached.plan_id <> item.plan_id
            )
            SELECT item.line_id, MAX(own.rank) AS rank
              FROM elsewhere item
              JOIN collection_reminder_line sent ON sent.item_id = item.item_id AND sent.cycle = item.cycle
                   AND sent.dropped IS NOT TRUE
              JOIN collection_reminder reminder ON reminder.id = sent.reminder_id AND reminder.sent_date IS NOT NULL
              JOIN level own ON own.level_id = sent.level_id AND own.plan_id = item.plan_id
             GROUP BY item.line_id
            """
        )

    def _part_urged(self):
        """Levels that an event brings forward, whatever their day and the rest: (line_id, level_id, ready_on, detail).

        One row an item at most, of a level after the one it has reached. Override to tell some.
        """
        return SQL(
            """SELECT NULL::integer AS line_id, NULL::integer AS level_id, NULL::date AS ready_on,
                      NULL::varchar AS detail WHERE FALSE"""
        )

    def _part_candidate(self):
        """Every item with the level its claim comes to next, and the day it does; neither where nothing is claimed."""
        return SQL(
            """
            SELECT item.*, level.debtor_threshold,
                   (level.by_itself OR level.by_email AND item.has_email OR level.by_address AND item.has_address)
                   IS TRUE AS reachable,
                   CASE WHEN item.urged_on IS NOT NULL THEN GREATEST(item.urged_on, item.level_date + 1)
                        ELSE GREATEST(
                            CASE level.counted_from
                                 WHEN 'deadline' THEN COALESCE(item.deadline_date, item.level_date + 15) + level.day
                                 ELSE item.payable_on + level.day END,
                            item.last_reminder_date + item.plan_rest_days,
                            -- One step at a time: never two on the same day.
                            item.level_date + GREATEST(level.rest_days, 1))
                   END AS ready_on
              FROM (SELECT item.*, plan.rest_days AS plan_rest_days, plan.item_threshold,
                           plan.debtor_threshold AS plan_threshold, plan.is_manual,
                           COALESCE(plan_rate.rate, 1) AS plan_rate,
                           urged.ready_on AS urged_on, urged.detail AS urged_detail,
                           CASE
                               WHEN item.stop IS NOT NULL OR item.claim <= 0 THEN NULL
                               WHEN urged.level_id IS NOT NULL THEN urged.level_id
                               -- Retention money is silent until its release, without a word before it.
                               WHEN item.payable_on > %(day)s AND item.role <> 'retention'
                                    AND early.level_id IS NOT NULL THEN COALESCE(
                                        CASE WHEN %(concerned)s THEN early.level_id
                                             WHEN step.has_other_early THEN (
                                                  SELECT early.level_id FROM level early
                                                   WHERE early.plan_id = item.plan_id AND early.place < 0
                                                     AND early.rank > place.rank AND (%(concerned)s)
                                                   ORDER BY early.rank LIMIT 1) END,
                                        step.late_level_id)
                               WHEN plan.allow_jump THEN COALESCE((
                                    SELECT far.level_id FROM level far
                                     WHERE far.plan_id = item.plan_id AND far.rank > place.rank
                                       AND far.counted_from = 'due_date' AND far.is_formal_notice IS NOT TRUE
                                       AND far.day BETWEEN 0 AND %(day)s - item.payable_on
                                     ORDER BY far.rank DESC LIMIT 1), step.late_level_id)
                               ELSE step.late_level_id
                           END AS next_level_id
                      FROM claim item
                      LEFT JOIN collection_plan plan ON plan.id = item.plan_id
                      LEFT JOIN rate plan_rate ON plan_rate.currency_id = plan.currency_id
                            AND plan_rate.root_id = item.root_id
                      LEFT JOIN position ON position.plan_id = item.plan_id
                            AND position.level_id = item.reached_level_id
                      LEFT JOIN sent_before ON sent_before.line_id = item.line_id
                      CROSS JOIN LATERAL (SELECT COALESCE(GREATEST(position.rank, sent_before.rank), 0) AS rank) place
                      LEFT JOIN step ON step.plan_id = item.plan_id AND step.rank = place.rank
                      LEFT JOIN level early ON early.level_id = step.early_level_id
                      LEFT JOIN urged ON urged.line_id = item.line_id
                   ) item
              LEFT JOIN level ON level.level_id = item.next_level_id
            """,
            day=self._get_collection_date(),
            concerned=self._sql_concerned_early(),
        )

    def _sql_concerned_early(self):
        """Whether the level ``early``, before the due date, concerns ``item``."""
        return SQL(
            """ROUND(item.at_par * COALESCE(plan_rate.rate, 1), 6) >= COALESCE(early.item_minimum, 0)
               OR early.include_first_invoice AND item.invoice_date <= item.debtor_since"""
        )

    def _part_debtor_claim(self):
        """What each debtor owes now, at par: for thresholds only."""
        return SQL(
            """
            SELECT debtor_id, SUM(at_par) AS owed
              FROM claim WHERE stop IS NULL AND claim > 0 AND payable_on < %s GROUP BY debtor_id
            """,
            self._get_collection_date(),
        )

    def _part_verdict(self):
        """One row an open item: the columns of ``collection.decision``."""
        return SQL(
            """
            SELECT item.line_id AS id, item.debtor_id, item.partner_id, item.company_id,
                   item.root_id AS root_company_id, item.line_id AS move_line_id, item.move_id, item.move_name,
                   item.account_id, item.item_id,
                   item.currency_id, item.company_currency_id, item.invoice_date, item.payable_on AS due_date,
                   %(day)s - item.payable_on AS days_late, item.amount, item.residual,
                   item.settling, item.disputed, item.promised, item.scheduled, item.covered,
                   CASE WHEN item.stop IS NULL THEN item.claim ELSE 0 END AS claim,
                   CASE WHEN item.stop IS NULL
                        THEN ROUND(item.claim * item.residual_company / item.residual, currency.decimal_places)
                        ELSE 0 END AS claim_company,
                   item.plan_id, item.reached_level_id AS position_level_id, item.cycle,
                   verdict.decision, item.next_level_id AS level_id, verdict.detail,
                   CASE verdict.decision
                       WHEN item.stop THEN item.stop_until
                       WHEN 'settling' THEN item.settling_until
                       WHEN 'disputed' THEN item.disputed_until
                       WHEN 'promised' THEN item.promised_until
                       WHEN 'scheduled' THEN item.scheduled_until
                       WHEN 'level' THEN %(day)s
                       WHEN 'waiting' THEN item.ready_on
                   END AS next_date
              FROM candidate item
              JOIN res_currency currency ON currency.id = item.company_currency_id
              LEFT JOIN debtor_claim ON debtor_claim.debtor_id = item.debtor_id
              -- In the currency of the plan; rounded, for there and back must give the same amount.
              CROSS JOIN LATERAL (
                    SELECT ROUND(item.at_par * item.plan_rate, 6) AS claim,
                           ROUND(GREATEST(debtor_claim.owed, item.at_par) * item.plan_rate, 6) AS owed) debt
              CROSS JOIN LATERAL (
                    SELECT CASE
                               WHEN item.stop IS NOT NULL THEN item.stop_detail
                               WHEN item.claim <= 0 THEN NULL
                               WHEN item.closed_on IS NOT NULL THEN 'incident'
                               WHEN item.role = 'doubtful' THEN 'doubtful'
                               ELSE item.urged_detail
                           END AS detail,
                           CASE
                               WHEN item.stop IS NOT NULL THEN item.stop
                               WHEN item.claim <= 0 THEN item.largest
                               -- A payment that came back is a call the same day, never a friendly reminder.
                               WHEN item.closed_on IS NOT NULL THEN 'manual'
                               WHEN debt.claim < COALESCE(item.item_threshold, 0)
                                    OR debt.owed < COALESCE(item.plan_threshold, 0) THEN 'small'
                               WHEN item.plan_id IS NULL THEN 'no_plan'
                               WHEN item.chase = 'manual' OR item.is_manual OR item.role = 'doubtful' THEN 'manual'
                               WHEN item.next_level_id IS NULL THEN 'finished'
                               WHEN NOT item.reachable THEN 'no_contact'
                               WHEN item.ready_on > %(day)s THEN 'waiting'
                               WHEN debt.owed < COALESCE(item.debtor_threshold, 0) THEN 'small'
                               ELSE 'level'
                           END AS decision
                   ) verdict
            """,
            day=self._get_collection_date(),
        )
