-- name: events_between
-- The first events after one position and up to another that a schema of the plan is about.
with declared as (select unnest(from_json($declared, '["varchar"]')) as planned)
select call, name, properties, position, epoch_ms(received_at)::double as received_at
from events
where position > $after and position <= $upto
  and ((call || ' ' || name) in (from declared) or (call || ' ' || $everyName) in (from declared))
order by position
limit $limit;

-- name: undeclared
-- Events of the wire by name, of calls that can be declared, that no schema of the plan is about.
with declared as (select unnest(from_json($declared, '["varchar"]')) as planned)
select call, name, count(*) as events,
  epoch_ms(min(received_at))::double as "firstAt", epoch_ms(max(received_at))::double as "lastAt"
from events
where position is not null and call in (select unnest(from_json($calls, '["varchar"]')))
  and (call || ' ' || name) not in (from declared) and (call || ' ' || $everyName) not in (from declared)
group by call, name
order by events desc, call, name
limit $limit;
