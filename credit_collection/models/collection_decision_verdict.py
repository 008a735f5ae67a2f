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

    def _part_candidate(self):
        """The level each claim comes to next, and the day it does."""
        return SQL(
            """
            SELECT open.*, level.day, level.is_formal_notice, level.debtor_threshold,
                   (level.by_itself OR level.by_email AND open.has_email OR level.by_address AND open.has_address)
                   IS TRUE AS reachable,
                   GREATEST(
                       CASE level.counted_from
                            WHEN 'deadline' THEN COALESCE(open.deadline_date, open.level_date + 15) + level.day
                            ELSE open.payable_on + level.day END,
                       open.last_reminder_date + open.plan_rest_days,
                       -- One step at a time: never two on the same day.
                       open.level_date + GREATEST(level.rest_days, 1)
                   ) AS ready_on
              FROM (SELECT item.line_id, item.debtor_id, item.root_id, item.company_currency_id, item.currency_id,
                           item.plan_id, item.payable_on, item.level_date, item.deadline_date, item.last_reminder_date,
                           item.has_email, item.has_address, item.role, item.chase, item.closed_on,
                           claim.claim, plan.rest_days AS plan_rest_days, plan.currency_id AS plan_currency_id,
                           plan.item_threshold, plan.debtor_threshold AS plan_threshold, plan.is_manual,
                           -- For thresholds only, at the day's rate: what is claimed at par, and the plan's rate.
                           converted.at_par, converted.plan_rate,
                           CASE
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
                      FROM open_item item
                      JOIN claim ON claim.line_id = item.line_id AND claim.claim > 0
                      LEFT JOIN stop ON stop.line_id = item.line_id
                      LEFT JOIN collection_plan plan ON plan.id = item.plan_id
                      LEFT JOIN rate item_rate ON item_rate.currency_id = item.currency_id
                            AND item_rate.root_id = item.root_id
                      LEFT JOIN rate plan_rate ON plan_rate.currency_id = plan.currency_id
                            AND plan_rate.root_id = item.root_id
                      CROSS JOIN LATERAL (SELECT claim.claim / COALESCE(item_rate.rate, 1) AS at_par,
                                                 COALESCE(plan_rate.rate, 1) AS plan_rate) converted
                      LEFT JOIN position ON position.plan_id = item.plan_id
                            AND position.level_id = item.reached_level_id
                      CROSS JOIN LATERAL (SELECT CASE
                               WHEN position.is_elsewhere THEN GREATEST(position.rank, %(sent_before)s)
                               ELSE COALESCE(position.rank, 0) END AS rank) place
                      LEFT JOIN step ON step.plan_id = item.plan_id AND step.rank = place.rank
                      LEFT JOIN level early ON early.level_id = step.early_level_id
                     WHERE stop.line_id IS NULL
                   ) open
              LEFT JOIN level ON level.level_id = open.next_level_id
            """,
            day=self._get_collection_date(),
            concerned=self._sql_concerned_early(),
            sent_before=self._sql_sent_before(),
        )

    def _sql_concerned_early(self):
        """Whether the level ``early``, before the due date, concerns ``item``."""
        return SQL(
            """ROUND(converted.at_par * converted.plan_rate, 6) >= COALESCE(early.item_minimum, 0)
               OR early.include_first_invoice AND item.invoice_date <= item.debtor_since"""
        )

    def _sql_sent_before(self):
        """Place of the last level of the plan that ``item`` was reminded at, before it went to another and back."""
        return SQL(
            """(SELECT MAX(own.rank)
                  FROM collection_reminder_line sent
                  JOIN collection_reminder reminder ON reminder.id = sent.reminder_id
                  JOIN level own ON own.level_id = sent.level_id AND own.plan_id = item.plan_id
                 WHERE sent.item_id = item.item_id AND sent.cycle = item.cycle AND sent.dropped IS NOT TRUE
                   AND reminder.sent_date IS NOT NULL)"""
        )

    def _part_debtor_claim(self):
        """What each debtor owes now, at par: for thresholds only."""
        return SQL(
            "SELECT debtor_id, SUM(at_par) AS owed FROM candidate WHERE payable_on < %s GROUP BY debtor_id",
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
                   claim.settling, claim.disputed, claim.promised, claim.scheduled, claim.covered,
                   CASE WHEN stop.line_id IS NULL THEN claim.claim ELSE 0 END AS claim,
                   CASE WHEN stop.line_id IS NULL
                        THEN ROUND(claim.claim * item.residual_company / item.residual, currency.decimal_places)
                        ELSE 0 END AS claim_company,
                   item.plan_id, item.reached_level_id AS position_level_id, item.cycle,
                   verdict.decision, verdict.next_level_id AS level_id,
                   COALESCE(stop.detail, verdict.detail) AS detail,
                   CASE
                       WHEN stop.line_id IS NOT NULL THEN stop.next_date
                       ELSE CASE verdict.decision
                           WHEN 'settling' THEN claim.settling_until
                           WHEN 'disputed' THEN claim.disputed_until
                           WHEN 'promised' THEN claim.promised_until
                           WHEN 'scheduled' THEN claim.scheduled_until
                           WHEN 'level' THEN %(day)s
                           WHEN 'waiting' THEN candidate.ready_on
                       END
                   END AS next_date
              FROM open_item item
              JOIN claim ON claim.line_id = item.line_id
              JOIN res_currency currency ON currency.id = item.company_currency_id
              LEFT JOIN stop ON stop.line_id = item.line_id
              LEFT JOIN candidate ON candidate.line_id = item.line_id
              LEFT JOIN debtor_claim ON debtor_claim.debtor_id = candidate.debtor_id
              -- In the currency of the plan; rounded, for there and back must give the same amount.
              CROSS JOIN LATERAL (
                    SELECT ROUND(candidate.at_par * candidate.plan_rate, 6) AS claim,
                           ROUND(GREATEST(debtor_claim.owed, candidate.at_par) * candidate.plan_rate, 6) AS owed) debt
              CROSS JOIN LATERAL (
                    SELECT candidate.next_level_id,
                           CASE WHEN candidate.closed_on IS NOT NULL THEN 'incident'
                                WHEN candidate.role = 'doubtful' THEN 'doubtful' END AS detail,
                           CASE
                               WHEN stop.line_id IS NOT NULL THEN stop.stop
                               WHEN claim.claim <= 0 THEN claim.largest
                               -- A payment that came back is a call the same day, never a friendly reminder.
                               WHEN candidate.closed_on IS NOT NULL THEN 'manual'
                               WHEN debt.claim < COALESCE(candidate.item_threshold, 0)
                                    OR debt.owed < COALESCE(candidate.plan_threshold, 0) THEN 'small'
                               WHEN candidate.plan_id IS NULL THEN 'no_plan'
                               WHEN candidate.chase = 'manual' OR candidate.is_manual OR candidate.role = 'doubtful'
                                    THEN 'manual'
                               WHEN candidate.next_level_id IS NULL THEN 'finished'
                               WHEN NOT candidate.reachable THEN 'no_contact'
                               WHEN candidate.ready_on > %(day)s THEN 'waiting'
                               WHEN debt.owed < COALESCE(candidate.debtor_threshold, 0) THEN 'small'
                               ELSE 'level'
                           END AS decision
                   ) verdict
            """,
            day=self._get_collection_date(),
        )
