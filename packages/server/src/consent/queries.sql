-- name: consents_after
-- Events of the wire after a position that say what somebody agreed to, in the order of the log.
select position, name, customer_id as user_id, anonymous_id, context, epoch_ms(occurred_at)::bigint as occurred_at
from events
where position > $after and position <= $upto and contains(context, '"categoryPreferences"')
order by position
limit $limit;
