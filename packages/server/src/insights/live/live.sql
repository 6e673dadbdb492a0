-- What live insight asks the warehouse. Money is of the store's currency, in whole 10⁻⁶ of its unit.

-- name: sales_of_day
-- Every line of [$from, $until) with what it adds: sales before refunds, cancelled and refunded amounts, and 1 for the first
-- sale line of an order; and how far the log was in when it was read.
select
  concat((line_key >> 64)::ubigint, '-', (line_key & 18446744073709551615::uhugeint)::ubigint) as key,
  order_id as "orderId", occurred_at as "occurredAt",
  case when kind = 'sale' then amount_micros else 0 end as "revenueMicros",
  case when kind = 'cancellation' then -amount_micros else coalesce(refund_micros, 0) end as "refundMicros",
  case when kind = 'sale' and row_number() over (partition by order_id, kind order by occurred_at, line_key) = 1
    then 1 else 0 end as orders,
  (select position from log_cursor) as position
from order_lines
where currency = $currency and occurred_at >= $from and occurred_at < $until
  and line_key not in (select line_key from left_out_lines);

-- name: sales_total
-- Their sum.
select
  coalesce(sum(amount_micros) filter (kind = 'sale'), 0)::bigint as "revenueMicros",
  (coalesce(-sum(amount_micros) filter (kind = 'cancellation'), 0)
    + coalesce(sum(refund_micros) filter (kind <> 'cancellation'), 0))::bigint as "refundMicros",
  count(distinct order_id) filter (kind = 'sale') as orders,
  (select position from log_cursor) as position
from order_lines
where currency = $currency and occurred_at >= $from and occurred_at < $until
  and line_key not in (select line_key from left_out_lines);

-- name: arrivals_by_minute
-- What came over the wire since $from, up to a place in the log.
select epoch_ms(date_trunc('minute', received_at)) as minute, call, name, source, count(*) as events
from events
where position <= $position and received_at >= $from
group by all
order by minute, call, name, source;

-- name: seen_since
-- Who did something since $from, up to a place in the log, and when last; who refused to be counted is not among them.
select customer_id as id, max(received_at) as "lastAt"
from known_events
where position <= $position and received_at >= $from and customer_id is not null and name <> $consent_event
  and customer_id not in (select customer_id from consent_standings where purpose = 'analytics' and not is_granted)
group by customer_id
order by max(received_at), customer_id;

-- name: refused
-- Who refused to be counted.
select customer_id as id from consent_standings where purpose = 'analytics' and not is_granted order by id;

-- name: sales_by_step
-- Orders and revenue of [$from, $until) by day and quarter of an hour, as the clocks of the time zone $timezone show them.
-- An order counts where its first sale line does.
with lines as (
  select order_id, amount_micros, occurred_at at time zone $timezone as local
  from order_lines
  where kind = 'sale' and currency = $currency and occurred_at >= $from and occurred_at < $until
    and line_key not in (select line_key from left_out_lines)
),
orders as (
  select order_id, min(local) as local from lines group by order_id
),
counted as (
  select local, 1 as orders, 0 as amount_micros from orders
  union all
  select local, 0, amount_micros from lines
)
select epoch_ms(date_trunc('day', local)) as day, (hour(local) * 60 + minute(local)) // 15 as step,
  sum(orders)::bigint as orders, sum(amount_micros)::bigint / 1e6 as revenue
from counted
group by all
order by day, step;

-- name: events_by_step
-- Events of [$from, $until) in the same way, by when they became known; without those about a message, which come in waves
-- whenever one is sent.
select epoch_ms(date_trunc('day', local)) as day, (hour(local) * 60 + minute(local)) // 15 as step, count(*) as events
from (select received_at at time zone $timezone as local from events
  where received_at >= $from and received_at < $until and message_id is null)
group by all
order by day, step;

-- name: sales_by_value
-- Orders and revenue of [$from, $until) by each value of each side, and of the time from $before on at the same time of day: that
-- begins $time_of_day after midnight and lasts $length, both ms.
with lines as (
  select order_lines.*, occurred_at >= $from as is_now,
    occurred_at at time zone $timezone as local
  from order_lines
  where kind = 'sale' and currency = $currency and occurred_at < $until and occurred_at >= $before
    and line_key not in (select line_key from left_out_lines)
),
sided as (
  select
    unnest(['source', 'country', 'category', 'product']) as side,
    unnest([source, lines.country, split_part(coalesce(lines.category, current_products.category), ' > ', 1), coalesce(current_products.name, lines.product_id)]) as value,
    order_id, amount_micros, is_now
  from lines
  left join current_products using (product_id)
  where is_now or (epoch_ms(local) - $time_of_day + 86400000) % 86400000 < $length
)
select side, value, is_now as "isNow",
  sum(amount_micros)::bigint / 1e6 as revenue,
  count(distinct order_id) as orders
from sided
group by all
order by side, value, "isNow";

-- name: events_by_value
-- Events in the same way.
with seen as (
  select name, call, source, context, received_at >= $from as is_now, received_at at time zone $timezone as local
  from events
  where received_at < $until and received_at >= $before and message_id is null
)
select side, value, is_now as "isNow", count(*) as events
from (
  select
    unnest(['event', 'call', 'source', 'campaign', 'country']) as side,
    unnest([name, call, source, context->>'$.campaign.name', context->>'$.location.country']) as value,
    is_now
  from seen
  where is_now or (epoch_ms(local) - $time_of_day + 86400000) % 86400000 < $length
)
group by all
order by side, value, "isNow";
