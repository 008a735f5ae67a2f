-- Three years of invoices of customers with habits of their own, paid on business days; the latest are still open.
-- Executed part by part by ledger.py, before evaluation/ledger_import.sql writes their entries.
-- Every "random" choice is a hash of the row's number: the same size and day give the same ledger.

-- ## Customers
CREATE FUNCTION pg_temp.chance(n bigint, salt bigint) RETURNS float LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (hashint8extended(n, salt) & 2147483647) / 2147483648.0::float $$;

CREATE TEMP TABLE customer ON COMMIT DROP AS
SELECT n, (SELECT COALESCE(MAX(id), 0) FROM res_partner) + n AS partner_id,
       -- Most pay some days late, some in time, a few weeks late.
       power(pg_temp.chance(n, 71), 3) * 45 - 4 AS habit, 1 + pg_temp.chance(n, 72) * 9 AS spread,
       (ARRAY[15, 30, 30, 45, 60])[1 + floor(pg_temp.chance(n, 73) * 5)::integer] AS terms
  FROM generate_series(1, %(invoices)s / 10) AS n;

INSERT INTO res_partner (
    id, name, complete_name, commercial_partner_id, commercial_company_name, type, is_company, lang, country_id, active,
    partner_share, customer_rank, autopost_bills, create_uid, create_date, write_uid, write_date)
SELECT partner_id, 'Établissements Martin ' || n, 'Établissements Martin ' || n, partner_id,
       'Établissements Martin ' || n, 'contact', TRUE, 'fr_FR',
       (SELECT id FROM res_country WHERE code = (ARRAY['FR', 'FR', 'FR', 'BE', 'DE'])[1 + mod(n, 5)]),
       TRUE, TRUE, 1, 'ask', 1, %(written)s::timestamp, 1, %(written)s::timestamp
  FROM customer;

SELECT setval('res_partner_id_seq', (SELECT MAX(id) FROM res_partner));

-- ## Invoices
CREATE TEMP TABLE given ON COMMIT DROP AS
SELECT invoice.n, customer.partner_id, invoice.issued, invoice.issued + customer.terms AS due,
       CASE WHEN settled.day < %(day)s::date THEN settled.day END AS paid, NULL::date AS removed,
       round(exp(5 + 3 * pg_temp.chance(invoice.n, 81))::numeric, 2) AS amount, FALSE AS is_disputed
  -- One in twenty is still open.
  FROM (SELECT n, %(day)s::date - 1 - floor(pg_temp.chance(n, 80) * 1095)::integer AS issued,
               1 + floor(power(pg_temp.chance(n, 82), 2) * (%(invoices)s / 10))::integer AS customer
          FROM generate_series(1, %(invoices)s / 20 * 21) AS n) invoice
  JOIN customer ON customer.n = invoice.customer
  CROSS JOIN LATERAL (
        SELECT invoice.issued + GREATEST(0, customer.terms + round(
                   customer.habit + customer.spread * (pg_temp.chance(invoice.n, 83) + pg_temp.chance(invoice.n, 84) - 1)
               )::integer) AS day) paid
  CROSS JOIN LATERAL (
        SELECT paid.day + (ARRAY[0, 0, 0, 0, 0, 2, 1])[extract(isodow FROM paid.day)::integer] AS day) settled;
ANALYZE given;
