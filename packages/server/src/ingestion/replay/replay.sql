-- Calls of the wire in quarantine have a call_id; records of files have none.

-- name: calls
-- Calls after a place, in the order in which they came: by the moment, and by their place in their batch.
select
  call_id as "callId", code, reason, coalesce(column_name, '') as pointer, raw, row_number - 1 as index,
  epoch_ms(received_at)::double as received_at, batch_id, sent_at
from quarantine
where call_id is not null and retried_batch_id is null
  and ($code is null or code = $code)
  and ($pointer is null or regexp_replace(coalesce(column_name, ''), '/\d+(/|$)', '/*\1', 'g') = $pointer or column_name = $pointer)
  and ($ids is null or call_id in (select unnest(from_json($ids, '["varchar"]'))))
  and (
    $after_id is null
    or (epoch_ms(received_at), batch_id, row_number, call_id) > ($after_at::bigint, $after_batch::integer, $after_row::bigint, $after_id)
  )
order by received_at, batch_id, row_number, call_id
limit $limit;

-- name: reasons
select
  code, regexp_replace(coalesce(column_name, ''), '/\d+(/|$)', '/*\1', 'g') as pointer, count(*) as calls,
  arg_min(reason, (received_at, batch_id, row_number, call_id)) as example
from quarantine
where call_id is not null and retried_batch_id is null
group by all
order by calls desc, code, pointer
limit 1000;

-- name: in_log
-- Which of these message ids ($ids: JSON) the log holds.
with asked as (select unnest(from_json($ids, '["varchar"]')) as id)
select id from asked where md5_number(concat_ws(chr(31), 'events-id', id)) in (select event_key from events);

-- name: mark_taken
update quarantine
set retried_batch_id = (select max(batch_id) from batches where kind = 'live')
where call_id in (select unnest(from_json($ids, '["varchar"]')));

-- name: drop_refused
delete from quarantine where call_id in (select unnest(from_json($ids, '["varchar"]')));
