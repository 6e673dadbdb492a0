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
