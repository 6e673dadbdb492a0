-- What the lifetime models read. Money is summed as whole micros and divided once.

-- name: lifetime_settings
select name, value from store_settings;

-- name: lifetime_currency
select currency from kept_lines where received_at <= $as_of group by currency order by count(*) desc, currency limit 1;

-- name: lifetime_days
-- One row per customer and day with a purchase, in the order of `lifetime_customers`.
with days as (
  select customer_id, (occurred_at at time zone $timezone)::date - date '1970-01-01' as day,
    sum(amount_micros)::bigint as net_micros
  from kept_lines
  where customer_id is not null and currency = $currency and kind in ('sale', 'cancellation')
    and occurred_at <= $as_of and received_at <= $as_of
  group by all
)
select dense_rank() over (order by customer_id) - 1 as customer, day::integer as day, net_micros / 1e6 as spend
from days
where net_micros > 0
order by customer_id, day;

-- name: lifetime_customers
with days as (
  select customer_id, (occurred_at at time zone $timezone)::date as day,
    sum(amount_micros) as net_micros
  from kept_lines
  where customer_id is not null and currency = $currency and kind in ('sale', 'cancellation')
    and occurred_at <= $as_of and received_at <= $as_of
  group by all
)
select distinct customer_id from days where net_micros > 0 order by customer_id;

-- name: lifetime_totals
-- What comes back on a later day than it was sold, as a share of what was bought; and the margin where costs are known.
with product_costs as (
  select product_id, unit_cost_micros as product_cost from current_products where currency is null or currency = $currency
),
lines as (
  select kept_lines.*, coalesce(unit_cost_micros, product_cost) as cost_micros, (occurred_at at time zone $timezone)::date as day,
    amount_micros as net_micros
  from kept_lines
  left join product_costs using (product_id)
  where customer_id is not null and currency = $currency and kind in ('sale', 'cancellation')
    and occurred_at <= $as_of and received_at <= $as_of
),
days as (
  select customer_id, day, sum(net_micros) as net_micros from lines group by all
)
select
  least(coalesce((select -sum(net_micros) from days where net_micros < 0), 0)::double
    / nullif((select sum(net_micros) from days where net_micros > 0), 0)::double, 1) as refund_share,
  (select case
    when sum(net_micros) filter (cost_micros is not null) >= 0.8 * sum(net_micros)
    then 1 - sum(round(cost_micros * quantity))::double / sum(net_micros) filter (cost_micros is not null)::double end
    from lines where kind = 'sale') as margin,
  ((($as_of::timestamptz) at time zone $timezone)::date - date '1970-01-01')::integer as last_day;
