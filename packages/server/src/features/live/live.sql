-- What the live copy must know to say whose an event is: see whose.ts.

-- name: identities
select received_id, customer_id from identity_map order by received_id

-- name: identities_of
-- The ids of staged customers.
select received_id, customer_id from identity_map
where customer_id in (select customer_id from staged_whose) or received_id in (select customer_id from staged_whose)
order by received_id

-- name: exceptions
select customer_id from profiling_exceptions order by customer_id

-- name: exceptions_of
select customer_id from profiling_exceptions where customer_id in (select customer_id from staged_whose) order by customer_id

-- name: fallback
select count(*) > 0 as is_granted from consent_defaults where region = 'unknown' and purpose = 'profiling'

-- name: categories
-- The categories of products, from when on the catalogue said so; of one moment as the warehouse takes them.
select product_id, epoch_ms(known_at)::bigint as known_at, arg_max(category, (batch_id, category)) as category
from products where category is not null
group by product_id, known_at
order by product_id, known_at

-- name: position
-- The last place of the log that is in the warehouse.
select position from log_cursor

-- name: catalogue_mark
-- Another one when categories of products were added, changed or taken back.
select concat_ws(' ', count(*), max(batch_id), epoch_ms(max(known_at))::bigint) as mark from products where category is not null

-- name: mark
-- Another one when what the store holds up to a place of the log was changed in another way than by the log: by imports and
-- their undoing, by what was deleted for its age, by scores, by the catalogue.
select concat_ws(' ',
  (select coalesce(epoch_us(min(imported_at)), 0) from batches),
  (select concat_ws(':', count(*), max(batch_id), count(undone_at)) from batches where kind not in ('live', 'products')),
  (select concat_ws(':', count(*), max(batch_id), epoch_ms(max(known_at))) from products where category is not null),
  (select concat_ws(':', count(*), epoch_us(max(as_of))) from scores where $scores),
  (select count(*) from events where position <= $position),
  (select count(*) from order_lines where batch_id < $batch),
  (select string_agg(name || '=' || value, ',' order by name) from store_settings where name in ('currency', 'timezone'))
) as mark,
-- What of it no erasure changes.
concat_ws(' ',
  (select concat_ws(':', count(*), max(batch_id), count(undone_at)) from batches where kind not in ('live', 'products')),
  (select coalesce(epoch_us(max(as_of)), 0) from scores where $scores),
  (select string_agg(name || '=' || value, ',' order by name) from store_settings where name in ('currency', 'timezone'))
) as brought

-- name: live_batch
select coalesce(max(batch_id), 0) as batch from batches where kind = 'live'

-- name: received_after
-- When the latest of the events after a place of the log was received; null where there are none.
select epoch_ms(max(received_at))::bigint as received_at from events where position > $position

-- name: store_customers
-- Everybody of whom the store holds an event, an order line, a record, an identity or a consent, and who may be profiled.
select customer_id from (
  select customer_id from profiled_events where customer_id is not null and {among}
  union
  select customer_id from profiled_lines where customer_id is not null and {among}
  union
  select customer_id from (
    select coalesce(identity_map.customer_id, profiled_customers.customer_id) as customer_id
    from profiled_customers left join identity_map on identity_map.received_id = profiled_customers.customer_id
  ) as recorded
  where {among}
  union
  select customer_id from ({on_file}) as on_file where {among}
) as known

-- name: customers_since
-- Of the same those who did something after a place of the log, or are known by an identity, a consent or a region.
select customer_id from profiled_events where customer_id is not null and position > $position
union
select customer_id from ({on_file}) as on_file

-- name: on_file
-- Who is known by an identity, a consent or a region and may be profiled: small tables, whatever the length of the log.
select customer_id from (
  select customer_id from identity_map
  union
  select customer_id from consent_standings
  union
  select customer_id from customer_regions
) as filed
where (customer_id in (select customer_id from profiling_exceptions))
  <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling')

-- name: customers_named
-- The customers whom staged ids name by now, of those who may be profiled.
select id, customer_id from (
  select listed.id, coalesce(identity_map.customer_id, listed.id) as customer_id
  from {table} as listed left join identity_map on identity_map.received_id = listed.id
) as named
where (customer_id in (select customer_id from profiling_exceptions))
  <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling')

-- name: told_otherwise
-- Of staged lines of orders those that no live event has brought as they were told, $since being when the first of them was
-- received: of one key the warehouse keeps the line that came first.
with live_lines as (
  select line_key, received_at from order_lines
  where received_at >= make_timestamptz(($since * 1000)::bigint)
    and batch_id in (select batch_id from batches where kind = 'live')
)
select told.nth from staged_told_lines as told
left join live_lines on live_lines.line_key = told.line_key::uhugeint
  and live_lines.received_at = make_timestamptz((told.received_at * 1000)::bigint)
where live_lines.line_key is null
order by told.nth
