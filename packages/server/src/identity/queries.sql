-- name: events_after
-- Events of the wire after a position, with what they say of who did it, in the order of the log; without those that
-- show the ids of one before them.
select
  position,
  call,
  customer_id as user_id,
  anonymous_id,
  case when call = 'alias' then other_id end as previous_id,
  case when call = 'identify' then properties end as traits,
  try_cast(context as json)->>'$.device.id' as device_id,
  epoch_ms(received_at)::bigint as received_at
from events
where position > $after and position <= $upto and repeats_ids is distinct from true
order by position
limit $limit;

-- name: clear_map
delete from identity_map;

-- name: erase_from_map
delete from identity_map
where received_id in (select unnest(from_json($ids, '["varchar"]'))) or customer_id in (select unnest(from_json($ids, '["varchar"]')));

-- name: replace_map
-- The staged rows take the place of those of the same id; one that is its own needs none.
delete from identity_map using staged_identities as staged where identity_map.received_id = staged.received_id;
insert into identity_map
select received_id, customer_id, make_timestamptz((known_at * 1000)::bigint)
from staged_identities where customer_id <> received_id;
drop table staged_identities;
