-- Receivables of a file as posted invoices, payments and credit notes, written straight into the tables of accounting.
-- Executed part by part by ledger_import.py, which has filled the temporary table “given”
-- (n, partner_id, issued, due, paid, removed, amount, is_disputed): a row an invoice. Benchmarks fill one too.

-- ## Entries
CREATE TEMP TABLE entry ON COMMIT DROP AS
SELECT (SELECT COALESCE(MAX(id), 0) FROM account_move)
       + ROW_NUMBER() OVER (ORDER BY document.date, document.kind, given.n) AS id,
       (SELECT COALESCE(MAX(id), 0) FROM account_payment)
       + ROW_NUMBER() OVER (PARTITION BY document.kind ORDER BY document.date, given.n) AS payment_id,
       given.n, document.kind, given.partner_id, document.date, given.due, document.amount,
       COALESCE(given.paid, given.removed) IS NOT NULL AS is_settled,
       CASE document.kind WHEN 'payment' THEN %(bank_journal)s ELSE %(sale_journal)s END AS journal_id,
       CASE document.kind WHEN 'payment' THEN 'PEVA/' WHEN 'out_refund' THEN 'REVA/' ELSE 'EVA/' END
       || extract(year FROM document.date)::integer || '/' AS prefix,
       ROW_NUMBER() OVER (PARTITION BY document.kind, extract(year FROM document.date)
                          ORDER BY document.date, given.n) AS rank
  FROM given
  CROSS JOIN LATERAL (
        SELECT 'out_invoice' AS kind, given.issued AS date, given.amount
         UNION ALL
        SELECT 'payment', given.paid, -given.amount WHERE given.paid IS NOT NULL
         UNION ALL
        SELECT 'out_refund', given.removed, -given.amount WHERE given.paid IS NULL AND given.removed IS NOT NULL
       ) document;
CREATE UNIQUE INDEX ON entry (n, kind);
ANALYZE entry;

INSERT INTO account_move (
    id, name, sequence_prefix, sequence_number, journal_id, company_id, partner_id, commercial_partner_id, currency_id,
    state, move_type, auto_post, date, invoice_date, invoice_date_due, payment_state, payment_reference,
    origin_payment_id, invoice_partner_display_name, invoice_currency_rate,
    amount_untaxed, amount_tax, amount_total, amount_residual, amount_untaxed_signed, amount_tax_signed,
    amount_total_signed, amount_total_in_currency_signed, amount_residual_signed, posted_before, always_tax_exigible,
    checked, is_move_sent, create_uid, create_date, write_uid, write_date)
SELECT entry.id, prefix || lpad(rank::text, 7, '0'), prefix, rank, journal_id, %(company)s, partner_id, partner_id,
       %(currency)s, 'posted', CASE kind WHEN 'payment' THEN 'entry' ELSE kind END, 'no', entry.date,
       CASE WHEN kind <> 'payment' THEN entry.date END,
       CASE kind WHEN 'out_invoice' THEN due WHEN 'out_refund' THEN entry.date END,
       CASE WHEN kind = 'out_invoice' AND is_settled THEN 'paid' ELSE 'not_paid' END,
       prefix || lpad(rank::text, 7, '0'), NULL, partner.name, 1,
       abs(amount), 0, abs(amount), CASE WHEN is_settled THEN 0 ELSE abs(amount) END,
       amount, 0, amount, amount, CASE WHEN is_settled THEN 0 ELSE amount END,
       TRUE, FALSE, TRUE, TRUE, 1, %(written)s::timestamp, 1, %(written)s::timestamp
  FROM entry JOIN res_partner partner ON partner.id = entry.partner_id;

SELECT setval('account_move_id_seq', (SELECT MAX(id) FROM account_move));

-- ## Journal items
INSERT INTO account_move_line (
    move_id, move_name, parent_state, journal_id, company_id, company_currency_id, account_id, partner_id, currency_id,
    display_type, name, date, invoice_date, date_maturity, debit, credit, balance, amount_currency, amount_residual,
    amount_residual_currency, reconciled, no_followup, sequence, quantity, create_uid, create_date, write_uid, write_date)
SELECT entry.id, prefix || lpad(rank::text, 7, '0'), 'posted', journal_id, %(company)s, %(currency)s, line.account_id,
       partner_id, %(currency)s, line.display_type, prefix || lpad(rank::text, 7, '0'), entry.date,
       CASE WHEN kind <> 'payment' THEN entry.date END, line.date_maturity,
       GREATEST(line.balance, 0), GREATEST(-line.balance, 0), line.balance, line.balance,
       CASE WHEN line.is_open THEN line.balance ELSE 0 END, CASE WHEN line.is_open THEN line.balance ELSE 0 END,
       line.is_settled, FALSE, line.sequence, 1, 1, %(written)s::timestamp, 1, %(written)s::timestamp
  FROM entry
  CROSS JOIN LATERAL (
        SELECT %(receivable)s::integer AS account_id, 'payment_term' AS display_type,
               CASE kind WHEN 'out_invoice' THEN entry.due ELSE entry.date END AS date_maturity,
               entry.amount AS balance, NOT is_settled AS is_open, is_settled, 100 AS sequence
         UNION ALL
        SELECT CASE kind WHEN 'payment' THEN %(bank_account)s ELSE %(income)s END, 'product', NULL, -entry.amount,
               FALSE, FALSE, 10
       ) line;

-- ## Reconciliations
INSERT INTO account_partial_reconcile (
    debit_move_id, credit_move_id, debit_currency_id, credit_currency_id, company_id, amount, debit_amount_currency,
    credit_amount_currency, max_date, create_uid, create_date, write_uid, write_date)
SELECT debit.id, credit.id, %(currency)s, %(currency)s, %(company)s, invoice.amount, invoice.amount, invoice.amount,
       GREATEST(debit.date, credit.date), 1, %(written)s::timestamp, 1, %(written)s::timestamp
  FROM entry invoice
  JOIN entry settling ON settling.n = invoice.n AND settling.kind <> 'out_invoice'
  JOIN account_move_line debit ON debit.move_id = invoice.id AND debit.display_type = 'payment_term'
  JOIN account_move_line credit ON credit.move_id = settling.id AND credit.display_type = 'payment_term'
 WHERE invoice.kind = 'out_invoice';

-- ## Payments
INSERT INTO account_payment (
    id, name, move_id, journal_id, company_id, partner_id, currency_id, amount, amount_company_currency_signed, date,
    state, payment_type, partner_type, is_reconciled, is_matched, create_uid, create_date, write_uid, write_date)
SELECT payment_id, prefix || lpad(rank::text, 7, '0'), entry.id, journal_id, %(company)s, partner_id, %(currency)s,
       -amount, -amount, entry.date, 'paid', 'inbound', 'customer', TRUE, TRUE,
       1, %(written)s::timestamp, 1, %(written)s::timestamp
  FROM entry WHERE kind = 'payment';

UPDATE account_move move SET origin_payment_id = entry.payment_id
  FROM entry WHERE entry.kind = 'payment' AND move.id = entry.id;

SELECT setval('account_payment_id_seq', (SELECT COALESCE(MAX(id), 1) FROM account_payment));

-- ## Which journal item is whose
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT entry.n, line.id AS line_id, line.move_id
  FROM entry JOIN account_move_line line ON line.move_id = entry.id AND line.display_type = 'payment_term'
 WHERE entry.kind = 'out_invoice';
