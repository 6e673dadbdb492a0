-- name: last_position
-- The position of the last event that came over the wire; 0 before the first.
select coalesce(max(position), 0)::bigint as position from events;

-- name: open_batch
-- A run of the server is a batch. Its rows are counted when they are asked for, not here. A demo's batch has no number
-- from the sequence.
insert into batches
select greatest(nextval('batch_ids'), (select coalesce(max(batch_id), 0) + 1 from batches))::integer, 'live', '[]', '{}', '{}', $opened_at::timestamptz, 0, 0, 0, 0, null
returning batch_id;

-- name: find_keys
-- Which of these keys ($keys: JSON, an array of numbers as text) the log holds.
select event_key::varchar as key from events
where event_key in (select unnest(from_json($keys, '["varchar"]'))::uhugeint);

-- name: latest_keys
-- The events that became known last, the latest first.
select event_key::varchar as key, epoch_ms(received_at)::double as received_at
from events
order by events.received_at desc, event_key
limit $limit;

-- name: count_events
select count(*) as n from events;

-- name: find_line_keys
-- Which of these keys ($keys: JSON, an array of numbers as text) order lines have.
select line_key::varchar as key from order_lines
where line_key in (select unnest(from_json($keys, '["varchar"]'))::uhugeint);

-- name: currency
select value from store_settings where name = 'currency';
