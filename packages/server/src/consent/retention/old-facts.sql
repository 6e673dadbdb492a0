-- name: events_by_rule
-- Of each rule ($rules: JSON, [{kind, call, name, before}], before in ms), how many events are older and the oldest that
-- stays. An event follows the most particular rule that is about it.
with rules as (
  select rule->>'$.kind' as kind, rule->>'$.call' as call, rule->>'$.name' as name, (rule->>'$.before')::bigint as before
  from (select unnest(from_json($rules, '["json"]')) as rule)
),
ruled as (
  select coalesce(by_name.kind, by_call.kind, by_all.kind) as kind,
    coalesce(by_name.before, by_call.before, by_all.before) as before,
    epoch_ms(events.occurred_at) as moment
  from events
  left join rules as by_name on by_name.call = events.call and by_name.name = events.name
  left join rules as by_call on by_call.call = events.call and by_call.name is null
  left join rules as by_all on by_all.call is null
)
select kind, count(*) filter (moment < before) as rows, min(moment) filter (moment >= before) as "oldestKept"
from ruled
where kind is not null
group by kind;

-- name: remove_events
delete from events where rowid in (
  with rules as (
    select rule->>'$.call' as call, rule->>'$.name' as name, (rule->>'$.before')::bigint as before
    from (select unnest(from_json($rules, '["json"]')) as rule)
  )
  select events.rowid
  from events
  left join rules as by_name on by_name.call = events.call and by_name.name = events.name
  left join rules as by_call on by_call.call = events.call and by_call.name is null
  left join rules as by_all on by_all.call is null
  where epoch_ms(events.occurred_at) < coalesce(by_name.before, by_call.before, by_all.before)
);

-- name: orders_by_age
-- An order goes as a whole, when its last line is old: half of one has the wrong amount.
select coalesce(sum(lines) filter (last < $before), 0)::bigint as rows,
  min(first) filter (last >= $before) as "oldestKept"
from (
  select count(*) as lines, epoch_ms(min(occurred_at)) as first, epoch_ms(max(occurred_at)) as last
  from order_lines
  group by order_id
);

-- name: remove_orders
delete from order_lines where order_id in (
  select order_id from order_lines group by order_id having epoch_ms(max(occurred_at)) < $before
);

-- name: forget_left_out_lines
delete from left_out_lines where line_key not in (select line_key from order_lines);

-- name: quarantine_by_age
-- Bad records of files are as old as their import.
select count(*) filter (moment < $before) as rows, min(moment) filter (moment >= $before) as "oldestKept"
from (
  select epoch_ms(coalesce(quarantine.received_at, batches.imported_at)) as moment
  from quarantine left join batches using (batch_id)
);

-- name: remove_quarantine
delete from quarantine where rowid in (
  select quarantine.rowid
  from quarantine left join batches using (batch_id)
  where epoch_ms(coalesce(quarantine.received_at, batches.imported_at)) < $before
);

-- name: visitors_by_age
-- Browsers that nobody was identified on and nothing was ordered from, by when they were last heard of.
with heard as (
  select coalesce(identity_map.customer_id, 'anonymous:' || events.anonymous_id) as visitor,
    count(*) as events, epoch_ms(max(events.received_at)) as last
  from events left join identity_map on identity_map.received_id = 'anonymous:' || events.anonymous_id
  where events.customer_id is null and events.anonymous_id is not null
  group by visitor
)
select coalesce(sum(events) filter (last < $before), 0)::bigint as rows, min(last) filter (last >= $before) as "oldestKept"
from heard
where starts_with(visitor, 'anonymous:')
  and visitor not in (
    select coalesce(identity_map.customer_id, order_lines.customer_id)
    from order_lines left join identity_map on identity_map.received_id = order_lines.customer_id
    where order_lines.customer_id is not null
  );

-- name: remove_visitors
delete from events where customer_id is null and 'anonymous:' || anonymous_id in (
  with heard as (
    select coalesce(identity_map.customer_id, 'anonymous:' || events.anonymous_id) as visitor,
      'anonymous:' || events.anonymous_id as received_id, epoch_ms(max(events.received_at)) as last
    from events left join identity_map on identity_map.received_id = 'anonymous:' || events.anonymous_id
    where events.customer_id is null and events.anonymous_id is not null
    group by all
  )
  select received_id
  from heard
  where starts_with(visitor, 'anonymous:')
    and visitor not in (
      select coalesce(identity_map.customer_id, order_lines.customer_id)
      from order_lines left join identity_map on identity_map.received_id = order_lines.customer_id
      where order_lines.customer_id is not null
    )
  qualify max(last) over (partition by visitor) < $before
);

-- name: without_facts
-- Which of $ids (JSON, an array of received ids) no event and no order names.
select id from (select unnest(from_json($ids, '["varchar"]')) as id)
where id not in (select 'anonymous:' || anonymous_id from events where anonymous_id is not null)
  and id not in (select customer_id from order_lines where customer_id is not null);

-- name: movements_by_age
-- That somebody is in a segment is kept while they are in it, and the last movement of each: others are numbered after it.
with ordered as (
  select epoch_ms(occurred_at) as moment,
    sequence < max(sequence) over (partition by segment_id)
      and not (is_entry and row_number() over (partition by segment_id, customer_id order by sequence desc) = 1) as is_past
  from segment_movements
)
select count(*) filter (moment < $before and is_past) as rows,
  min(moment) filter (moment >= $before or not is_past) as "oldestKept"
from ordered;

-- name: remove_movements
delete from segment_movements where rowid in (
  select place from (
    select rowid as place, epoch_ms(occurred_at) as moment,
      sequence < max(sequence) over (partition by segment_id)
        and not (is_entry and row_number() over (partition by segment_id, customer_id order by sequence desc) = 1) as is_past
    from segment_movements
  )
  where moment < $before and is_past
);

-- name: derived_tables
-- Tables of what was found out about customers.
select distinct table_name as "table" from duckdb_columns()
where not internal and column_name = 'customer_id'
  and (
    table_name in ('scores', 'segment_members', 'segment_exemplars', 'segment_labels', 'segment_probabilities', 'recommendations')
    or table_name in (select table_name from feature_tables)
  )
order by all;

-- name: customers_with_facts
-- To stand in `customer_id not in (…)`.
select customer_id from known_events where customer_id is not null
union
select coalesce(identity_map.customer_id, order_lines.customer_id)
from order_lines left join identity_map on identity_map.received_id = order_lines.customer_id
where order_lines.customer_id is not null
union
select coalesce(identity_map.customer_id, customers.customer_id)
from customers left join identity_map on identity_map.received_id = customers.customer_id
union
select customer_id from known_consents

-- name: forget_decisions
-- What was decided under these ids ($ids: JSON, an array of received ids), and what follows from it.
delete from live_consents where received_id in (select unnest(from_json($ids, '["varchar"]')));
delete from consent_standings where customer_id in (select unnest(from_json($ids, '["varchar"]')));
delete from customer_regions where customer_id in (select unnest(from_json($ids, '["varchar"]')));
delete from profiling_exceptions where customer_id in (select unnest(from_json($ids, '["varchar"]')));
