-- name: is_known
-- Whether anything names one of these ids ($ids: JSON, an array of texts).
with ids as (select unnest(from_json($ids, '["varchar"]')) as id)
select exists (from events where customer_id in (from ids))
  or exists (from events where 'anonymous:' || anonymous_id in (from ids))
  or exists (from order_lines where customer_id in (from ids))
  or exists (from customers where customer_id in (from ids))
  or exists (from consents where customer_id in (from ids)) as is_known;

-- name: addresses
-- Addresses and numbers that these ids gave of themselves, and devices that they were seen on, and nobody else.
with ids as (select unnest(from_json($ids, '["varchar"]')) as id),
said as (
  select customer_id, email, phone from customers
  union all
  select
    coalesce(customer_id, 'anonymous:' || anonymous_id),
    properties->>'$.email',
    properties->>'$.phone'
  from events
  where call = 'identify' and properties is not null
),
given as (
  select customer_id in (from ids) as is_theirs, 'email' as kind, lower(trim(email)) as value from said
  union all
  select customer_id in (from ids), 'phone', regexp_replace(phone, '[^0-9+]', '', 'g') from said
  union all
  select coalesce(customer_id, 'anonymous:' || anonymous_id) in (from ids), 'device', context->>'$.device.id'
  from events
  where contains(context, '"device"')
)
select kind, value from given
where value is not null and value <> ''
group by kind, value
having bool_and(is_theirs)
order by kind, value;

-- name: tables_of_customers
-- Every table with a column that names a customer, also those of later versions and of features, and whether its rows
-- belong to batches.
select
  columns.table_name as "table",
  columns.column_name as "column",
  columns.table_name in (select table_name from duckdb_columns() where column_name = 'batch_id') as "hasBatch"
from duckdb_columns() as columns
join duckdb_tables() as tables using (database_name, schema_name, table_name)
where not columns.internal and not tables.temporary and columns.column_name in ('customer_id', 'received_id')
  and columns.table_name not in ('events', 'order_lines')
order by all;

-- name: erase_events
-- Of their ids or devices, or of another id that was said to be theirs.
delete from events
where received_at <= $until
  and (
    customer_id in (select unnest(from_json($ids, '["varchar"]')))
    or (customer_id is null and 'anonymous:' || anonymous_id in (select unnest(from_json($ids, '["varchar"]'))))
    or (customer_id is null and (context->>'$.device.id') in (select unnest(from_json($devices, '["varchar"]'))))
    or (call = 'alias' and other_id in (select unnest(from_json($ids, '["varchar"]'))))
  );

-- name: erase_order_lines
delete from order_lines
where customer_id in (select unnest(from_json($ids, '["varchar"]')))
  and (received_at <= $until or batch_id in (select batch_id from batches where imported_at <= $until and kind <> 'live'));

-- name: forget_left_out_lines
delete from left_out_lines where line_key not in (select line_key from order_lines);

-- name: find_quarantined
-- Bad records that are theirs: of the wire by the call's ids, of files by the columns that were read as the customer's id;
-- and whatever has an address or number of theirs in it ($pattern), or, of a line that could not be taken apart, an id that
-- is no common word or number ($long_ids).
create or replace temp table quarantined_of_person as
with ids as (select unnest(from_json($ids, '["varchar"]')) as id),
long_ids as (select unnest(from_json($long_ids, '["varchar"]')) as id)
select quarantine.rowid as row_id
from quarantine
left join batches using (batch_id)
where coalesce(quarantine.received_at, batches.imported_at) <= $until
  and (
    try(quarantine.raw->>'$.userId') in (from ids)
    or 'anonymous:' || try(quarantine.raw->>'$.anonymousId') in (from ids)
    or try(quarantine.raw->>'$.previousId') in (from ids)
    or (
      (batches.mapping->>'$.customer_id') is not null
      and try(json_extract_string(quarantine.raw, '$."' || (batches.mapping->>'$.customer_id') || '"')) in (from ids)
    )
    or ($pattern <> '' and (regexp_matches(quarantine.raw, $pattern, 'i') or regexp_matches(quarantine.reason, $pattern, 'i')))
    or exists (from long_ids where contains(quarantine.raw, long_ids.id) or contains(quarantine.reason, long_ids.id))
  );

-- name: their_quarantine
select to_json(theirs) as document from (
  select * from quarantine where rowid in (select row_id from quarantined_of_person) order by batch_id, row_number
) as theirs;

-- name: erase_quarantine
delete from quarantine where rowid in (select row_id from quarantined_of_person);

-- name: forget_quarantined
drop table if exists quarantined_of_person;

-- name: mentions
-- What others wrote or sent that has an address or number of theirs in it: that is taken out, the rest stays.
update events set
  body = regexp_replace(body, $pattern, '[erased]', 'gi'),
  properties = regexp_replace(properties, $pattern, '[erased]', 'gi'),
  context = regexp_replace(context, $pattern, '[erased]', 'gi')
where regexp_matches(body, $pattern, 'i') or regexp_matches(properties, $pattern, 'i') or regexp_matches(context, $pattern, 'i');

-- name: models
-- Models whose data went at least as far as the first that is known of the customer.
with ids as (select unnest(from_json($ids, '["varchar"]')) as id),
first_known as (
  select min(moment) as moment from (
    select min(occurred_at) as moment from events where customer_id in (from ids) or 'anonymous:' || anonymous_id in (from ids)
    union all
    select min(occurred_at) from order_lines where customer_id in (from ids)
    union all
    select min(imported_at) from customers join batches using (batch_id) where customer_id in (from ids)
  )
)
select model_id as "modelId", purpose, kind, version, epoch_ms(as_of)::bigint as "asOf"
from models
where as_of >= (select moment from first_known)
order by model_id;

-- name: their_events
select to_json(theirs) as document from (
  select * exclude (event_key) from events
  where customer_id in (select unnest(from_json($ids, '["varchar"]')))
    or (customer_id is null and 'anonymous:' || anonymous_id in (select unnest(from_json($ids, '["varchar"]'))))
  order by occurred_at, event_key
) as theirs;

-- name: their_order_lines
select to_json(theirs) as document from (
  select * exclude (line_key) from order_lines where customer_id in (select unnest(from_json($ids, '["varchar"]')))
  order by occurred_at, line_key
) as theirs;

-- name: their_profile
select to_json(theirs) as document from (select * from current_customers where customer_id = $id) as theirs;

-- name: every_key
-- Every id, address and device that the warehouse has of anybody, once each.
select distinct case when starts_with(id, 'anonymous:') then id else 'user:' || id end as key
from (
  select customer_id as id from events
  union all
  select 'anonymous:' || anonymous_id from events
  union all
  select other_id from events where call = 'alias'
  union all
  select customer_id from order_lines
  union all
  select customer_id from customers
  union all
  select customer_id from consents
)
where id is not null
union
select 'device:' || (context->>'$.device.id') from events where contains(context, '"device"') and (context->>'$.device.id') is not null
union
select 'email:' || lower(trim(email)) from (
  select email from customers
  union all
  select properties->>'$.email' from events where call = 'identify'
)
where email is not null;
