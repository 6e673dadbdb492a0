-- name: events_after
-- Events of the wire after a position, with what they say of who did it, in the order of the log.
select
  position,
  call,
  customer_id as user_id,
  anonymous_id,
  case when call = 'alias' then other_id end as previous_id,
  case when call = 'identify' then properties end as traits,
  context->>'$.device.id' as device_id,
  epoch_ms(received_at)::bigint as received_at
from events
where position > $after and position <= $upto
order by position;

-- name: clear_map
delete from identity_map;

-- name: replace_map
-- The staged rows take the place of those of the same identity.
delete from identity_map using staged_identities as staged
where identity_map.kind = staged.kind and identity_map.value = staged.value;
insert into identity_map
select kind, value, customer_id, epoch_ms(known_at)::timestamptz from staged_identities where customer_id is not null;
drop table staged_identities;
