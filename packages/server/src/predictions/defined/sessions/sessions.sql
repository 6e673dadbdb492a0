-- Moments within sessions of the past, and whether an order came later in them.

-- name: session_moments
-- One row a moment: that at which the event of the place became known, of a session that is over by $as_of. Without $places
-- the k-th event of a session is one with the chance 1/k, whatever comes after it: so that a session of n events has about
-- ln n moments, and how long it will be says nothing of which. An order is an
-- event of the session, or a line sold to the customer up to half an hour after its last event (orders that come by another
-- way have no session); it must come after the moment. Sessions beyond 500 events are no person's.
with session_events as (
  select customer_id, session_id, epoch_ms(occurred_at) as moment, event_key,
    epoch_ms(greatest(occurred_at, received_at)) as known_at, name
  from profiled_events
  where customer_id is not null and session_id is not null and occurred_at <= $as_of and received_at <= $as_of
),
numbered as (
  select *, row_number() over (partition by customer_id, session_id order by moment, event_key) as place, count(*) over whole as events, min(moment) over whole as began,
    max(moment) over whole as ended, max(known_at) over whole as known, max(moment) filter (where name = 'Order Completed') over whole as ordered_at
  from session_events
  window whole as (partition by customer_id, session_id)
),
picked as (
  select customer_id, session_id, known_at as as_of, place::integer as place, events, began, ended, ordered_at
  from numbered
  where events <= 500 and greatest(ended, known) + 1800000 <= epoch_ms($as_of::timestamptz)
    and began >= $from and began < $until
    and case when $places = '' then hash(customer_id, session_id, place, $seed) % place = 0
      else list_contains(string_split($places, ','), place::varchar) end
),
sold as (
  select distinct customer_id, epoch_ms(occurred_at) as moment
  from profiled_lines
  where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
)
select picked.customer_id, picked.session_id, picked.as_of, place, began,
  (coalesce(ordered_at > picked.as_of, false) or coalesce(sold.moment > picked.as_of, false))::integer as ordered,
  (hash(picked.customer_id) % 4 = 0)::integer as is_held_out
from picked
asof left join sold on sold.customer_id = picked.customer_id and sold.moment <= picked.ended + 1800000
order by began desc, picked.customer_id, picked.session_id, place
limit $most;
