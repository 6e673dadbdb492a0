-- Everything the quality room asks the warehouse. It reads order_lines, not kept_lines: what a cleaning step leaves out
-- must still be seen here.

-- name: line_facts
-- One row: how many order lines show each thing worth knowing.
select
  count(*) as lines,
  count(*) filter (customer_id is null) as lines_without_customer,
  count(*) filter (ordinal > 0) as repeated_lines,
  count(*) filter (kind = 'cancellation') as cancelled_lines,
  count(distinct order_id) filter (kind = 'cancellation') as cancelled_orders,
  count(distinct order_id) as orders,
  count(*) filter (kind = 'adjustment') as adjustments,
  count(*) filter (kind = 'sale' and unit_price_micros = 0) as free_lines,
  count(*) filter (kind = 'sale' and product_id is null) as lines_without_product,
  count(*) filter (product_id in (select product_id from non_products)) as non_product_lines,
  count(distinct currency) as currencies,
  count(unit_cost_micros) as lines_with_cost,
  count(*) filter (occurred_at > $as_of) as lines_after,
  -- Lines of events are not counted beside the event that they came in.
  count(*) filter (batch_id not in (select batch_id from batches where kind = 'live'))
    + (select count(*) from events) + (select count(*) from customers) + (select count(*) from products) as records_taken
from order_lines;

-- name: non_product_codes
select product_id as code, rule, count(order_lines.line_key) as lines
from non_products
join order_lines using (product_id)
group by all
order by lines desc, code
limit 12;

-- name: adjustment_examples
select order_id || ': ' || coalesce(description, product_id, 'no description') as example
from order_lines
where kind = 'adjustment'
order by abs(amount_micros) desc, line_key
limit 5;

-- name: product_conflicts
-- Products sold under very different prices: ten times and more between the lowest and highest of the middle 90 %.
select product_id as example, count(*) over () as total
from (
  select product_id, quantile_cont(unit_price_micros, 0.05) as low, quantile_cont(unit_price_micros, 0.95) as high
  from order_lines
  where kind = 'sale' and unit_price_micros > 0 and product_id is not null
    and product_id not in (select product_id from non_products)
  group by product_id
  having count(*) >= 20
)
where high >= 10 * low
order by high / low desc, product_id
limit 5;

-- name: day_gaps
-- Stretches without any order that are longer than the shop's usual rhythm and than chance brings, longest first.
-- A day weighs as much as its weekday has orders in the whole history. If orders come as often in a stretch as in the 29
-- days on either side of it, each of those n orders lies outside it with the chance w = their weight / all weight: so it
-- stays empty with the chance w to the power n. Times the stretches there are, this must be under 5 %: at most one shop in
-- 20 without a break is said to have one. The days next to a stretch have orders by its definition, and count for nothing.
with days as (
  select occurred_at::date as day, count(distinct order_id) as orders
  from order_lines
  where kind = 'sale' and occurred_at <= $as_of
  group by all
),
gaps as (
  select day, lag(day) over (order by day) as previous from days
),
usual as (
  select greatest(quantile_disc(day - previous, 0.99), 2) as days, count(previous) as gaps from gaps
),
long as (
  select previous, day, gaps from gaps, usual where day - previous > usual.days
),
weekdays as (
  select isodow(day) as weekday, sum(orders) as weight from days group by all
),
calendar as (
  select unnest(generate_series(min(day), max(day), interval 1 day))::date as day from days
),
judged as (
  select long.previous, long.day,
    any_value(gaps) * pow(
      sum(weight) filter (calendar.day not between previous and long.day) / nullif(sum(weight), 0),
      coalesce(sum(orders), 0)
    ) as chance
  from long
  join calendar on calendar.day between previous - 29 and long.day + 29 and calendar.day not in (previous, long.day)
  left join weekdays on weekday = isodow(calendar.day)
  left join days on days.day = calendar.day
  group by all
)
select (previous + 1)::varchar || ' to ' || (day - 1)::varchar as example, day - previous - 1 as days,
  count(*) over () as total
from judged
where chance < 0.05
order by days desc, day
limit 5;

-- name: shared_emails
select count(*) as n
from (select lower(email) from current_customers where email is not null group by all having count(*) > 1);

-- name: event_facts
select
  count(*) as events,
  count(*) filter (customer_id is null) as events_without_customer,
  count(*) filter (occurred_at > $as_of) as events_after
from events;

-- name: quarantined
-- The most frequent reasons, and how many records wait for all of them.
select reason, code, count(*) as n, (sum(count(*)) over ())::bigint as total
from quarantine
where retried_batch_id is null and batch_id not in (select batch_id from batches where undone_at is not null)
group by all
order by n desc, reason
limit 5;

-- name: lapse_balance
-- Customers who bought in the :window days before the cut, and how many of them bought nothing in the :horizon days after.
with cut as (
  select $as_of::timestamptz - to_days($horizon::integer) as at
),
active as (
  select distinct customer_id
  from kept_lines, cut
  where kind = 'sale' and customer_id is not null and occurred_at <= cut.at and occurred_at > cut.at - to_days($window::integer)
),
returned as (
  select distinct customer_id
  from kept_lines, cut
  where kind = 'sale' and customer_id is not null and occurred_at > cut.at and occurred_at <= $as_of
)
select count(*) as customers, count(*) filter (returned.customer_id is null) as positive
from active
left join returned using (customer_id);

-- name: second_purchase_balance
-- First purchases at least :horizon days old, and how many were followed by another day of purchase within it.
with bought as (
  select distinct customer_id, occurred_at::date as day
  from kept_lines
  where kind = 'sale' and customer_id is not null and occurred_at <= $as_of
),
days as (
  select customer_id, day, row_number() over (partition by customer_id order by day) as nth
  from bought
)
select count(*) as customers, count(*) filter (second.day <= first.day + $horizon::integer) as positive
from days first
left join days second on second.customer_id = first.customer_id and second.nth = 2
where first.nth = 1 and first.day <= ($as_of::timestamptz)::date - $horizon::integer;

-- name: response_balance
-- Emails sent, and how many were followed by a click on that message.
select
  count(*) filter (name = 'Email Sent') as customers,
  count(distinct message_id) filter (name = 'Email Clicked') as positive
from known_events
where name in ('Email Sent', 'Email Clicked') and occurred_at <= $as_of;

-- name: span
select min(occurred_at) as first, max(occurred_at) as last from order_lines where kind = 'sale' and occurred_at <= $as_of;

-- name: known_share
select
  sum(amount_micros) filter (customer_id is not null)::double / nullif(sum(amount_micros), 0)::double as revenue,
  count(distinct order_id) filter (customer_id is not null)::double / nullif(count(distinct order_id), 0) as orders
from kept_lines
where kind = 'sale' and occurred_at <= $as_of;

-- name: known_by_dimension
-- Shares of lines by value, of customers we know and of all.
with lines as (
  select
    unnest(['country', 'weekday', 'source', 'category']) as dimension,
    unnest([country, dayname(occurred_at), source, split_part(category, ' > ', 1)]) as value,
    customer_id is not null as is_known
  from kept_lines
  where kind = 'sale' and occurred_at <= $as_of
)
select dimension, value,
  count(*) filter (is_known)::double / sum(count(*) filter (is_known)) over (partition by dimension) as known,
  count(*)::double / sum(count(*)) over (partition by dimension) as all_lines
from lines
where value is not null
group by dimension, value
order by dimension, value;

-- name: last_two_imports
-- The measures that tell one export from another, for the last import of orders and for everything before it.
with last as (
  select max(batch_id) as batch_id from batches where kind = 'orders' and undone_at is null
),
sides as (
  select order_lines.batch_id = last.batch_id as is_last, order_lines.*
  from order_lines, last
  where exists (select 1 from order_lines before, last where before.batch_id < last.batch_id)
)
select is_last,
  count(*) as lines,
  count(*) filter (customer_id is null)::double / count(*) as without_customer,
  count(*) filter (kind = 'cancellation')::double / count(*) as cancelled,
  median(unit_price_micros)::double / 1e6 as median_price,
  count(distinct product_id) as products,
  count(distinct country) as countries
from sides
group by is_last;
