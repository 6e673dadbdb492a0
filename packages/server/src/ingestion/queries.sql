-- name: is_demo
select value as scenario from store_settings where name = 'demo';

-- name: next_batch
select nextval('batch_ids')::integer as batch_id;

-- name: insert_batch
insert into batches values (
  $batch, $kind, $files, $mapping, $options, $imported_at, $read, $accepted, $duplicates, $quarantined, null
);

-- name: settings
select name, value from store_settings where name in ('currency', 'timezone');

-- name: fill_setting
-- A setting that is already there stays.
insert into store_settings values ($name, $value) on conflict do nothing;

-- name: count_currencies
select count(distinct currency) as n from order_lines;

-- name: only_currency
insert or replace into store_settings
select 'currency', currency from order_lines limit 1;

-- name: settle_currency
-- The store's currency is the one of most orders: one file in another must not hide all others.
insert or replace into store_settings
select 'currency', currency from order_lines group by currency order by count(distinct order_id) desc, currency limit 1;

-- name: files_before
select files from batches where kind = $kind and undone_at is null;
