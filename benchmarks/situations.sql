-- What collection knows of a generated ledger after a year of use. Executed by situations.py once debtors exist.

-- ## How debtors are chased
CREATE FUNCTION pg_temp.chance(n bigint, salt bigint) RETURNS float LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (hashint8extended(n, salt) & 2147483647) / 2147483648.0::float $$;

UPDATE collection_debtor
   SET chase = CASE WHEN pg_temp.chance(id, 1) < 0.01 THEN 'off' WHEN pg_temp.chance(id, 1) < 0.02 THEN 'manual' ELSE 'on' END,
       pause_until = CASE WHEN pg_temp.chance(id, 2) < 0.02 THEN %(day)s::date + 10
                          WHEN pg_temp.chance(id, 2) < 0.04 THEN %(day)s::date - 10 END,
       pause_reason = 'New bank',
       customer_kind = CASE WHEN pg_temp.chance(id, 3) < 0.05 THEN 'public' WHEN pg_temp.chance(id, 3) < 0.15 THEN 'consumer'
                            ELSE 'business' END,
       is_key_account = pg_temp.chance(id, 4) < 0.005,
       plan_id = CASE WHEN pg_temp.chance(id, 5) < 0.02
                      THEN (SELECT id FROM collection_plan ORDER BY sequence DESC, id DESC LIMIT 1) END;

-- ## Items that have reached a level, or bear a status
INSERT INTO collection_item (
    debtor_id, move_line_id, move_id, name, due_date, due_rank, amount, currency_id, cycle, level_id, level_date,
    deadline_date, plan_id, status, status_date, said_paid_on, create_uid, create_date, write_uid, write_date)
SELECT debtor.id, line.id, line.move_id, line.move_name, line.due_date, 1, line.amount_currency, line.currency_id, 1,
       reached.id, CASE WHEN reached.id IS NOT NULL THEN line.reminded_on END,
       CASE WHEN reached.is_formal_notice THEN line.reminded_on + 15 END,
       CASE WHEN pg_temp.chance(line.id, 6) < 0.02 THEN (SELECT MIN(id) FROM collection_plan) END,
       CASE WHEN pg_temp.chance(line.id, 7) < 0.01 THEN 'assigned' WHEN pg_temp.chance(line.id, 7) < 0.02 THEN 'undelivered'
            WHEN pg_temp.chance(line.id, 7) < 0.03 THEN 'collecting' END,
       CASE WHEN pg_temp.chance(line.id, 7) BETWEEN 0.02 AND 0.03 THEN %(day)s::date + 4 END,
       CASE WHEN pg_temp.chance(line.id, 8) < 0.01 THEN %(day)s::date - 2 END,
       1, now(), 1, now()
  FROM (SELECT line.*, COALESCE(line.date_maturity, line.date) AS due_date,
               %(day)s::date - (5 + floor(pg_temp.chance(line.partner_id, 9) * 30))::integer AS reminded_on
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id AND account.collection_role = 'trade'
         WHERE line.reconciled IS NOT TRUE AND line.amount_residual_currency > 0
           AND COALESCE(line.date_maturity, line.date) < %(day)s::date - 5 AND pg_temp.chance(line.id, 10) < 0.6) line
  JOIN collection_debtor debtor ON debtor.partner_id = line.partner_id
  JOIN collection_plan plan ON plan.id = (SELECT id FROM collection_plan ORDER BY sequence DESC, id LIMIT 1)
  LEFT JOIN LATERAL (
        SELECT level.id, level.is_formal_notice FROM collection_level level
         WHERE level.plan_id = plan.id AND level.counted_from = 'due_date' AND level.day > 0
           AND line.due_date + level.day <= line.reminded_on
         ORDER BY level.day DESC LIMIT 1) reached ON TRUE;

-- ## Reminders sent in the past
INSERT INTO collection_reminder (debtor_id, level_id, date, state, sent_date, deadline_date)
SELECT item.debtor_id, MAX(item.level_id), item.level_date, 'sent', item.level_date, MAX(item.deadline_date)
  FROM collection_item item WHERE item.level_id IS NOT NULL GROUP BY item.debtor_id, item.level_date;

INSERT INTO collection_reminder_line (reminder_id, item_id, level_id, cycle, due_date, days_late, residual, claim)
SELECT reminder.id, item.id, item.level_id, 1, item.due_date, item.level_date - item.due_date, item.amount, item.amount
  FROM collection_reminder reminder
  JOIN collection_item item ON item.debtor_id = reminder.debtor_id AND item.level_id IS NOT NULL;

UPDATE collection_debtor debtor SET last_reminder_date = sent.day
  FROM (SELECT debtor_id, MAX(sent_date) AS day FROM collection_reminder GROUP BY debtor_id) sent
 WHERE sent.debtor_id = debtor.id;

-- ## What is disputed, promised, in an agreement
INSERT INTO collection_dispute (debtor_id, company_id, currency_id, nature_id, user_id, name, stage, deadline, opened_on,
                                disputed_amount)
SELECT item.debtor_id, debtor.company_id, item.currency_id, (SELECT MIN(id) FROM collection_dispute_nature), 1,
       'BENCH/' || item.id, 'study', %(day)s::date + 20, %(day)s::date - 10, ROUND(item.amount / 2, 2)
  FROM collection_item item JOIN collection_debtor debtor ON debtor.id = item.debtor_id
 WHERE pg_temp.chance(item.id, 11) < 0.02;

INSERT INTO collection_dispute_line (dispute_id, item_id, opened_on, amount)
SELECT dispute.id, item.id, dispute.opened_on, dispute.disputed_amount
  FROM collection_dispute dispute JOIN collection_item item ON dispute.name = 'BENCH/' || item.id;

INSERT INTO collection_promise (debtor_id, currency_id, heard_by, state, date, grace_days, last_day, noted_on, amount)
SELECT item.debtor_id, item.currency_id, 'call', 'open', promised.day, 2, promised.day + 2, promised.day - 12,
       ROUND(SUM(item.amount), 2)
  FROM collection_item item
  CROSS JOIN LATERAL (SELECT %(day)s::date - 8 + floor(pg_temp.chance(item.debtor_id, 12) * 20)::integer AS day) promised
 WHERE pg_temp.chance(item.debtor_id, 13) < 0.03
 GROUP BY item.debtor_id, item.currency_id, promised.day;

-- Half of the promises are about the very items.
INSERT INTO collection_promise_item_rel (promise_id, item_id)
SELECT promise.id, item.id
  FROM collection_promise promise
  JOIN collection_item item ON item.debtor_id = promise.debtor_id AND item.currency_id = promise.currency_id
 WHERE promise.id %% 2 = 0;

INSERT INTO collection_agreement (debtor_id, currency_id, name, state, split_by, period, interest_mode, first_date,
                                  last_date, grace_days, proposed_on, accepted_on, principal, total)
SELECT item.debtor_id, item.currency_id, 'BENCH/' || item.debtor_id || '/' || item.currency_id, 'accepted', 'number',
       'month', 'waived', starts.day, starts.day + 90, 5, %(day)s::date - 40, %(day)s::date - 35,
       SUM(item.amount), SUM(item.amount)
  FROM collection_item item
  -- One in six has a missed instalment.
  CROSS JOIN LATERAL (SELECT %(day)s::date - 10 + floor(pg_temp.chance(item.debtor_id, 15) * 30)::integer AS day) starts
 WHERE pg_temp.chance(item.debtor_id, 14) < 0.01
 GROUP BY item.debtor_id, item.currency_id, starts.day;

INSERT INTO collection_agreement_item_rel (agreement_id, item_id)
SELECT agreement.id, item.id
  FROM collection_agreement agreement
  JOIN collection_item item ON item.debtor_id = agreement.debtor_id AND item.currency_id = agreement.currency_id;

INSERT INTO collection_agreement_instalment (agreement_id, debtor_id, currency_id, due_date, principal, interest, amount)
SELECT agreement.id, agreement.debtor_id, agreement.currency_id, agreement.first_date + 30 * turn.number,
       agreement.principal / 4, 0, agreement.principal / 4
  FROM collection_agreement agreement CROSS JOIN generate_series(0, 3) AS turn(number);
