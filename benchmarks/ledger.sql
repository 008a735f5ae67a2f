-- A plausible ledger, written straight into the tables of accounting. Executed part by part by ledger.py.
-- Every "random" choice is a hash of the row's number: the same size and day give the same ledger.

-- ## What is fixed
CREATE FUNCTION pg_temp.chance(n bigint, salt bigint) RETURNS float LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (hashint8extended(n, salt) & 2147483647) / 2147483648.0::float $$;

CREATE TEMP TABLE fixed AS
SELECT %(items)s::integer AS items,
       %(items)s / 10 AS debtors,
       -- One invoice in ten is open in two instalments.
       %(items)s * 10 / 11 AS open_invoices,
       %(items)s / 5 AS paid_invoices,
       %(items)s * 3 / 100 AS credit_notes,
       %(items)s / 100 AS loose_payments,
       %(items)s * 3 / 200 AS bank_lines,
       %(items)s / 200 AS payments_without_entry,
       %(items)s * 3 / 1000 AS transactions,
       %(day)s::date AS day,
       %(company)s::integer AS company_id,
       %(branch)s::integer AS branch_id,
       company.currency_id,
       (SELECT id FROM res_currency WHERE name = 'USD') AS dollar_id,
       (SELECT id FROM res_currency WHERE name = 'GBP') AS pound_id,
       (SELECT id FROM account_journal WHERE company_id = company.id AND type = 'sale' ORDER BY id LIMIT 1) AS sale_journal_id,
       (SELECT id FROM account_journal WHERE company_id = company.id AND type = 'general' ORDER BY id LIMIT 1) AS general_journal_id,
       bank.id AS bank_journal_id, bank.default_account_id AS bank_account_id, bank.suspense_account_id,
       (SELECT COALESCE(MAX(id), 0) FROM account_move) AS move_base,
       (SELECT COALESCE(MAX(id), 0) FROM res_partner) AS partner_base,
       (SELECT COALESCE(MAX(id), 0) FROM account_payment) AS payment_base,
       (SELECT COALESCE(MAX(id), 0) FROM account_bank_statement_line) AS bank_base,
       (SELECT COALESCE(MAX(id), 0) FROM payment_transaction) AS transaction_base
  FROM res_company company
  JOIN LATERAL (SELECT id, default_account_id, suspense_account_id FROM account_journal
                 WHERE company_id = company.id AND type = 'bank' ORDER BY id LIMIT 1) bank ON TRUE
 WHERE company.id = %(company)s;

CREATE TEMP TABLE chart AS
SELECT account.id, account.account_type, account.code_store ->> '%(company)s' AS code FROM account_account account;

CREATE TEMP TABLE receivable AS
SELECT (SELECT id FROM chart WHERE code LIKE '4111%%' ORDER BY code LIMIT 1) AS trade_id,
       (SELECT id FROM chart WHERE code LIKE '4117%%' ORDER BY code LIMIT 1) AS retention_id,
       (SELECT id FROM chart WHERE code LIKE '413%%' ORDER BY code LIMIT 1) AS bill_id,
       (SELECT id FROM chart WHERE code LIKE '416%%' ORDER BY code LIMIT 1) AS doubtful_id,
       (SELECT id FROM chart WHERE code LIKE '44567%%' ORDER BY code LIMIT 1) AS tax_credit_id,
       (SELECT id FROM chart WHERE account_type = 'income' ORDER BY code LIMIT 1) AS income_id;

INSERT INTO res_currency_rate (currency_id, company_id, name, rate, create_date, write_date)
SELECT currency.id, fixed.company_id, fixed.day - back, currency.rate + (back - 200) / 4000.0, now(), now()
  FROM fixed
  CROSS JOIN LATERAL (VALUES (dollar_id, 1.08), (pound_id, 0.86)) AS currency(id, rate)
  CROSS JOIN generate_series(0, 400) AS back;

-- ## Customers and their contacts
INSERT INTO res_partner (
    id, name, complete_name, commercial_partner_id, commercial_company_name, type, is_company, lang, country_id,
    street, zip, city, email, email_normalized, vat, active, partner_share, customer_rank, autopost_bills, message_bounce,
    create_uid, create_date, write_uid, write_date)
SELECT partner_base + n, name, name, partner_base + n, CASE WHEN is_company THEN name END, 'contact', is_company,
       CASE WHEN pg_temp.chance(n, 11) < 0.85 THEN 'fr_FR' ELSE 'en_US' END,
       (SELECT id FROM res_country WHERE code = CASE WHEN pg_temp.chance(n, 12) < 0.85 THEN 'FR' ELSE 'BE' END),
       CASE WHEN pg_temp.chance(n, 13) < 0.94 THEN mod(n, 180) + 1 || ' rue des Tilleuls' END,
       lpad((1000 + mod(n, 94000))::text, 5, '0'), 'Villeneuve ' || mod(n, 400),
       email, email, CASE WHEN is_company AND mod(n, 3) = 0 THEN 'FR' || lpad(n::text, 11, '0') END,
       TRUE, TRUE, 1, 'ask', CASE WHEN pg_temp.chance(n, 14) < 0.01 THEN 1 ELSE 0 END, 1, now(), 1, now()
  FROM fixed
  CROSS JOIN LATERAL (
        SELECT n, pg_temp.chance(n, 10) < 0.9 AS is_company,
               CASE WHEN pg_temp.chance(n, 10) < 0.9 THEN 'Établissements Durand ' ELSE 'Camille Lefèvre ' END || n AS name,
               CASE WHEN pg_temp.chance(n, 15) < 0.85 THEN 'comptabilite' || n || '@client.example.com' END AS email
          FROM generate_series(1, debtors) AS n) customer;

SELECT setval('res_partner_id_seq', (SELECT MAX(id) FROM res_partner));

INSERT INTO res_partner (
    name, complete_name, parent_id, commercial_partner_id, commercial_company_name, type, is_company, lang, country_id,
    email, email_normalized, active, partner_share, autopost_bills, create_uid, create_date, write_uid, write_date)
SELECT 'Service factures', company.name || ', Service factures', company.id, company.id, company.name, 'invoice', FALSE,
       company.lang, company.country_id, address.email, address.email, TRUE, TRUE, 'ask', 1, now(), 1, now()
  FROM fixed
  JOIN res_partner company ON company.id > partner_base AND mod(company.id, 4) = 0
  CROSS JOIN LATERAL (SELECT 'factures' || company.id || '@client.example.com' AS email) address;

INSERT INTO mail_blacklist (email, active, create_uid, create_date, write_uid, write_date)
SELECT email_normalized, TRUE, 1, now(), 1, now()
  FROM fixed JOIN res_partner ON id BETWEEN partner_base + 1 AND partner_base + debtors
 WHERE mod(id, 300) = 0 AND email_normalized IS NOT NULL;

-- ## Entries to make: invoices, credit notes, payments
CREATE TEMP TABLE entry AS
-- The distribution is skewed: a few customers have thousands of invoices, most of them about ten.
SELECT fixed.move_base + n AS id, n, kind, paid,
       CASE WHEN pg_temp.chance(n, 20) < 0.998
            THEN fixed.partner_base + 1 + floor(power(pg_temp.chance(n, 21), 2) * fixed.debtors)::integer END AS partner_id,
       CASE WHEN pg_temp.chance(n, 22) < 0.05 THEN fixed.branch_id ELSE fixed.company_id END AS company_id,
       CASE kind WHEN 'entry' THEN fixed.general_journal_id ELSE fixed.sale_journal_id END AS journal_id,
       money.currency_id, money.rate,
       CASE WHEN pg_temp.chance(n, 24) < 0.95 THEN receivable.trade_id
            WHEN pg_temp.chance(n, 24) < 0.965 THEN receivable.retention_id
            WHEN pg_temp.chance(n, 24) < 0.98 THEN receivable.bill_id
            WHEN pg_temp.chance(n, 24) < 0.99 THEN receivable.doubtful_id
            ELSE receivable.tax_credit_id END AS account_id,
       CASE kind WHEN 'entry' THEN 'MISC/' ELSE 'INV/' END
       || extract(year FROM fixed.day - age)::integer || '/' || lpad(n::text, 7, '0') AS name,
       fixed.day - age AS date,
       (ARRAY[15, 30, 30, 45, 60])[1 + floor(pg_temp.chance(n, 25) * 5)::integer] AS term,
       round(exp(6 + 2.4 * (pg_temp.chance(n, 26) + pg_temp.chance(n, 27) + pg_temp.chance(n, 28) - 1.5))::numeric, 2)
       * sign AS amount,
       CASE WHEN kind = 'out_invoice' AND NOT paid AND mod(n, 10) = 0 THEN 2 ELSE 1 END AS parts,
       CASE kind WHEN 'entry' THEN pg_temp.chance(n, 29) < 0.5 ELSE pg_temp.chance(n, 29) < 0.02 END AS no_followup,
       pg_temp.chance(n, 30) < 0.01 AND kind = 'out_invoice' AND NOT paid AS blocked,
       NULL::integer AS reversed_entry_id, NULL::integer AS payment_id
  FROM fixed
  CROSS JOIN receivable
  CROSS JOIN LATERAL (
        -- The newest invoices are the most numerous, and bear the highest numbers.
        SELECT n, CASE WHEN mod(n, 100) = 7 THEN 'entry' ELSE 'out_invoice' END AS kind, FALSE AS paid, 1 AS sign,
               floor(power(1 - n::float / open_invoices, 2.5) * 400)::integer AS age
          FROM generate_series(1, open_invoices) AS n
         UNION ALL
        SELECT n, 'out_invoice', TRUE, 1, 40 + floor(pg_temp.chance(n, 31) * 700)::integer
          FROM generate_series(open_invoices + 1, open_invoices + paid_invoices) AS n
         UNION ALL
        SELECT n, 'out_refund', FALSE, -1, floor(pg_temp.chance(n, 32) * 90)::integer
          FROM generate_series(open_invoices + paid_invoices + 1, open_invoices + paid_invoices + credit_notes) AS n
       ) document
  CROSS JOIN LATERAL (
        SELECT CASE WHEN pg_temp.chance(n, 23) < 0.85 THEN fixed.currency_id
                    WHEN pg_temp.chance(n, 23) < 0.95 THEN fixed.dollar_id ELSE fixed.pound_id END AS currency_id,
               CASE WHEN pg_temp.chance(n, 23) < 0.85 THEN 1.0
                    WHEN pg_temp.chance(n, 23) < 0.95 THEN 1.08 ELSE 0.86 END AS rate) money;
CREATE UNIQUE INDEX ON entry (n);

-- Half of the credit notes reverse an open invoice of their customer; the others are for whatever is oldest.
UPDATE entry credit_note
   SET reversed_entry_id = invoice.id, partner_id = invoice.partner_id, currency_id = invoice.currency_id,
       rate = invoice.rate, account_id = invoice.account_id, company_id = invoice.company_id,
       amount = -round(invoice.amount * (CASE WHEN mod(credit_note.n, 4) = 0 THEN 1 ELSE 0.3 END), 2),
       date = GREATEST(credit_note.date, invoice.date)
  FROM fixed, entry invoice
 WHERE credit_note.kind = 'out_refund' AND mod(credit_note.n, 2) = 0
   AND invoice.n = 1 + floor(pg_temp.chance(credit_note.n, 33) * fixed.open_invoices)::integer
   AND invoice.kind = 'out_invoice';

-- A payment for each paid invoice, and some that nobody has allocated.
INSERT INTO entry
SELECT move_base + open_invoices + paid_invoices + credit_notes + k, open_invoices + paid_invoices + credit_notes + k,
       'payment', k <= paid_invoices,
       paid.partner_id, paid.company_id, bank_journal_id, paid.currency_id, paid.rate,
       CASE WHEN k <= paid_invoices THEN paid.account_id ELSE receivable.trade_id END,
       'PBNK/' || extract(year FROM fixed.day)::integer || '/' || lpad(k::text, 7, '0'),
       CASE WHEN k <= paid_invoices THEN LEAST(paid.date + paid.term + mod(k, 20), fixed.day)
            ELSE fixed.day - mod(k, 60) END,
       0, CASE WHEN k <= paid_invoices THEN -paid.amount ELSE -round(paid.amount / 2, 2) END, 1, FALSE, FALSE,
       NULL, payment_base + k
  FROM fixed
  CROSS JOIN receivable
  CROSS JOIN LATERAL generate_series(1, paid_invoices + loose_payments) AS k
  JOIN entry paid ON paid.n = open_invoices + 1 + mod(k - 1, paid_invoices);
ANALYZE entry;

-- ## Journal entries
INSERT INTO account_move (
    id, name, sequence_prefix, sequence_number, journal_id, company_id, partner_id, commercial_partner_id, currency_id,
    state, move_type, auto_post, date, invoice_date, invoice_date_due, payment_state, payment_reference, reversed_entry_id,
    origin_payment_id, invoice_partner_display_name, invoice_currency_rate,
    amount_untaxed, amount_tax, amount_total, amount_residual, amount_untaxed_signed, amount_tax_signed, amount_total_signed,
    amount_total_in_currency_signed, amount_residual_signed, posted_before, always_tax_exigible, checked, is_move_sent,
    create_uid, create_date, write_uid, write_date)
SELECT entry.id, entry.name, left(entry.name, strpos(entry.name, '/') + 5), n, journal_id, entry.company_id, partner_id, partner_id,
       entry.currency_id, 'posted', CASE WHEN kind IN ('out_invoice', 'out_refund') THEN kind ELSE 'entry' END, 'no', entry.date,
       CASE WHEN kind IN ('out_invoice', 'out_refund') THEN entry.date END, entry.date + term,
       CASE WHEN blocked THEN 'blocked' WHEN paid AND kind = 'out_invoice' THEN 'paid' ELSE 'not_paid' END,
       entry.name, reversed_entry_id, payment_id, partner.name, rate,
       abs(amount), 0, abs(amount), CASE WHEN paid THEN 0 ELSE abs(amount) END,
       round(amount / rate, 2), 0, round(amount / rate, 2), amount, CASE WHEN paid THEN 0 ELSE round(amount / rate, 2) END,
       TRUE, FALSE, TRUE, TRUE, 1, entry.date, 1, entry.date
  FROM entry LEFT JOIN res_partner partner ON partner.id = entry.partner_id;

-- ## Journal items
INSERT INTO account_move_line (
    move_id, move_name, parent_state, journal_id, company_id, company_currency_id, account_id, partner_id, currency_id,
    display_type, name, date, invoice_date, date_maturity, debit, credit, balance, amount_currency, amount_residual,
    amount_residual_currency, reconciled, no_followup, payment_id, sequence, quantity,
    create_uid, create_date, write_uid, write_date)
SELECT entry.id, entry.name, 'posted', journal_id, entry.company_id, fixed.currency_id, line.account_id, partner_id,
       entry.currency_id, line.display_type, entry.name || line.suffix, entry.date,
       CASE WHEN kind IN ('out_invoice', 'out_refund') THEN entry.date END, line.date_maturity,
       GREATEST(line.balance, 0), GREATEST(-line.balance, 0), line.balance, line.amount,
       CASE WHEN line.is_open THEN line.balance ELSE 0 END, CASE WHEN line.is_open THEN line.amount ELSE 0 END,
       -- Core leaves the lines of other accounts "not reconciled" too.
       line.display_type <> 'product' AND NOT line.is_open, line.is_open AND no_followup, payment_id, line.sequence, 1,
       1, entry.date, 1, entry.date
  FROM fixed
  CROSS JOIN entry
  CROSS JOIN receivable
  CROSS JOIN LATERAL (
        SELECT entry.account_id, CASE kind WHEN 'payment' THEN 'product' ELSE 'payment_term' END AS display_type,
               CASE WHEN parts > 1 THEN ' installment #' || part ELSE '' END AS suffix,
               -- A migrated opening balance has no due date of its own.
               CASE kind WHEN 'entry' THEN NULL ELSE entry.date + term * part END AS date_maturity,
               share AS amount, round(share / rate, 2) AS balance, NOT paid AS is_open, 100 + part AS sequence
          FROM generate_series(1, parts) AS part
          CROSS JOIN LATERAL (SELECT CASE WHEN part < parts THEN round(amount / parts, 2)
                                          ELSE amount - (parts - 1) * round(amount / parts, 2) END AS share) split
         UNION ALL
        SELECT CASE kind WHEN 'payment' THEN fixed.bank_account_id ELSE receivable.income_id END, 'product', '', NULL,
               -amount, -round(amount / rate, 2), FALSE, 10
       ) line;

-- Receivable lines that are not payment terms must still read as settled or not.
UPDATE account_move_line line SET reconciled = entry.paid, display_type = 'payment_term'
  FROM entry WHERE entry.kind = 'payment' AND line.move_id = entry.id AND line.account_id = entry.account_id;

-- ## Reconciliations of what was paid
INSERT INTO account_partial_reconcile (
    debit_move_id, credit_move_id, debit_currency_id, credit_currency_id, company_id, amount, debit_amount_currency,
    credit_amount_currency, max_date, create_uid, create_date, write_uid, write_date)
SELECT debit.id, credit.id, debit.currency_id, credit.currency_id, debit.company_id, debit.balance, debit.amount_currency,
       debit.amount_currency, GREATEST(debit.date, credit.date), 1, credit.date, 1, credit.date
  FROM fixed
  JOIN entry payment ON payment.kind = 'payment' AND payment.paid
  JOIN entry invoice ON invoice.n = payment.n - paid_invoices - credit_notes
  JOIN account_move_line debit ON debit.move_id = invoice.id AND debit.display_type = 'payment_term'
  JOIN account_move_line credit ON credit.move_id = payment.id AND credit.display_type = 'payment_term';

-- ## Payments
INSERT INTO account_payment (
    id, name, move_id, journal_id, company_id, partner_id, currency_id, amount, amount_company_currency_signed, date, state,
    payment_type, partner_type, is_reconciled, is_matched, create_uid, create_date, write_uid, write_date)
SELECT payment_id, entry.name, entry.id, journal_id, company_id, partner_id, currency_id, -amount, -round(amount / rate, 2),
       entry.date, 'paid', 'inbound', 'customer', paid, mod(n, 10) <> 0, 1, entry.date, 1, entry.date
  FROM entry WHERE kind = 'payment';

CREATE TEMP TABLE loose AS
SELECT payment_base + paid_invoices + loose_payments + k AS id, k, invoice.*
  FROM fixed
  CROSS JOIN LATERAL generate_series(1, payments_without_entry) AS k
  CROSS JOIN LATERAL (SELECT id AS invoice_id, partner_id, company_id, currency_id, rate, amount
                        FROM entry WHERE n = 1 + floor(pg_temp.chance(k, 41) * open_invoices)::integer) invoice
 WHERE invoice.partner_id IS NOT NULL;

INSERT INTO account_payment (
    id, name, journal_id, company_id, partner_id, currency_id, amount, amount_company_currency_signed, date, state,
    payment_type, partner_type, is_reconciled, is_matched, create_uid, create_date, write_uid, write_date)
SELECT loose.id, 'Payment ' || loose.id, bank_journal_id, loose.company_id, partner_id, loose.currency_id, amount,
       round(amount / rate, 2), day - mod(k, 20), CASE mod(k, 2) WHEN 0 THEN 'paid' ELSE 'in_process' END,
       'inbound', 'customer', FALSE, FALSE, 1, now(), 1, now()
  FROM fixed CROSS JOIN loose;

INSERT INTO account_move__account_payment (invoice_id, payment_id)
SELECT invoice_id, id FROM loose WHERE mod(k, 4) < 2;

SELECT setval('account_payment_id_seq', (SELECT MAX(id) FROM account_payment));

-- ## Bank statement lines, most of them of the last days, some explained by their label
CREATE TEMP TABLE received AS
SELECT k, move_base + open_invoices + 2 * paid_invoices + credit_notes + loose_payments + k AS move_id,
       bank_base + k AS st_line_id,
       CASE WHEN pg_temp.chance(k, 51) < 0.6 THEN invoice.partner_id END AS partner_id,
       CASE WHEN mod(k, 3) < 2 THEN day - floor(pg_temp.chance(k, 52) * 10)::integer
            ELSE day - 20 - mod(k, 180) END AS date,
       round(CASE WHEN pg_temp.chance(k, 53) < 0.7 THEN invoice.amount / invoice.rate ELSE invoice.amount / 3 END, 2) AS amount,
       'VIR SEPA ' || CASE WHEN pg_temp.chance(k, 54) < 0.5 THEN 'REGLEMENT FACT ' || replace(invoice.name, '/', ' ')
                           WHEN pg_temp.chance(k, 54) < 0.6 THEN 'FACTURES ' || invoice.name || ' ET ' || invoice.next_name
                           ELSE 'CLIENT ' || k END || ' NOTPROVIDED ' || mod(k * 7919, 1000003) AS label
  FROM fixed
  CROSS JOIN LATERAL generate_series(1, bank_lines) AS k
  CROSS JOIN LATERAL (
        SELECT entry.*, (SELECT other.name FROM entry other WHERE other.n = entry.n + 1) AS next_name
          FROM entry WHERE n = 1 + floor(pg_temp.chance(k, 50) * (open_invoices - 1))::integer) invoice;

INSERT INTO account_move (
    id, name, sequence_prefix, sequence_number, journal_id, company_id, partner_id, commercial_partner_id, currency_id, state,
    move_type, auto_post, date, statement_line_id, payment_state, amount_total, posted_before, checked,
    create_uid, create_date, write_uid, write_date)
SELECT move_id, 'BNK1/' || lpad(k::text, 7, '0'), 'BNK1/', k, bank_journal_id, company_id, partner_id, partner_id,
       currency_id, 'posted', 'entry', 'no', date, st_line_id, 'not_paid', amount, TRUE, TRUE, 1, now(), 1, now()
  FROM fixed CROSS JOIN received;

INSERT INTO account_move_line (
    move_id, move_name, parent_state, journal_id, company_id, company_currency_id, account_id, partner_id, currency_id,
    display_type, name, date, debit, credit, balance, amount_currency, amount_residual, amount_residual_currency, reconciled,
    no_followup, statement_line_id, create_uid, create_date, write_uid, write_date)
SELECT move_id, 'BNK1/' || lpad(k::text, 7, '0'), 'posted', bank_journal_id, company_id, currency_id, side.account_id,
       partner_id, currency_id, 'product', label, date, GREATEST(side.balance, 0), GREATEST(-side.balance, 0), side.balance,
       side.balance, CASE WHEN is_open THEN side.balance ELSE 0 END, CASE WHEN is_open THEN side.balance ELSE 0 END, FALSE,
       TRUE, st_line_id, 1, now(), 1, now()
  FROM fixed CROSS JOIN received
  CROSS JOIN LATERAL (VALUES (bank_account_id, amount, FALSE), (suspense_account_id, -amount, TRUE))
             AS side(account_id, balance, is_open);

INSERT INTO account_bank_statement_line (
    id, move_id, journal_id, company_id, currency_id, partner_id, payment_ref, amount, amount_residual, is_reconciled,
    internal_index, create_uid, create_date, write_uid, write_date)
SELECT st_line_id, move_id, bank_journal_id, company_id, currency_id, partner_id, label, amount, -amount, FALSE,
       to_char(date, 'YYYYMMDD') || lpad(k::text, 20, '0'), 1, now(), 1, now()
  FROM fixed CROSS JOIN received;

SELECT setval('account_bank_statement_line_id_seq', (SELECT MAX(id) FROM account_bank_statement_line)),
       setval('account_move_id_seq', (SELECT MAX(id) FROM account_move));

-- ## Online transactions
CREATE TEMP TABLE online AS
SELECT transaction_base + k AS id, k, invoice.*
  FROM fixed
  CROSS JOIN LATERAL generate_series(1, transactions) AS k
  CROSS JOIN LATERAL (SELECT id AS invoice_id, partner_id, company_id, currency_id, amount
                        FROM entry WHERE n = 1 + floor(pg_temp.chance(k, 61) * open_invoices)::integer) invoice
 WHERE invoice.partner_id IS NOT NULL;

INSERT INTO payment_transaction (
    id, provider_id, payment_method_id, company_id, currency_id, partner_id, reference, state, operation, amount, is_live,
    last_state_change, create_uid, create_date, write_uid, write_date)
SELECT online.id, provider.id, (SELECT MIN(id) FROM payment_method), online.company_id, online.currency_id, partner_id,
       'online-' || k, (ARRAY['pending', 'authorized', 'done', 'cancel'])[1 + mod(k, 4)], 'online_redirect', amount, TRUE,
       day - mod(k, 14), 1, now(), 1, now()
  FROM fixed CROSS JOIN online
  JOIN LATERAL (SELECT id FROM payment_provider ORDER BY code = 'demo' DESC, id LIMIT 1) provider ON TRUE;

INSERT INTO account_invoice_transaction_rel (invoice_id, transaction_id) SELECT invoice_id, id FROM online;

SELECT setval('payment_transaction_id_seq', (SELECT MAX(id) FROM payment_transaction));
