-- What the lifetime models read. Money is summed as whole micros and divided once.

-- name: lifetime_settings
select name, value from store_settings;

-- name: lifetime_currency
select currency from kept_lines where received_at <= $as_of group by currency order by count(*) desc, currency limit 1;

-- name: sum_lifetime_days
-- What each known customer bought and sent back on each day, what sales lines brought, and of those with a known cost what
-- they brought and cost. The catalogue's costs are what the view current_products has; that would look through all lines.
--
-- Lines are summed by moment before the day of the moment is asked for: a time zone costs more than all the rest, and the
-- lines of an order have one moment.
create or replace temp table lifetime_day_sums as
with catalogue as (
  select
    product_id,
    arg_max(unit_cost_micros, (known_at, batch_id)) as product_cost,
    arg_max(currency, (known_at, batch_id)) as cost_currency
  from products
  group by product_id
),
product_costs as (
  select product_id, product_cost from catalogue where cost_currency is null or cost_currency = $currency
),
lines as (
  select
    customer_id, occurred_at, amount_micros, kind = 'sale' as is_sale,
    round(coalesce(unit_cost_micros, product_cost) * quantity)::bigint as cost_micros
  from profiled_lines
  left join product_costs using (product_id)
  where customer_id is not null and currency = $currency and kind in ('sale', 'cancellation')
    and occurred_at <= $as_of and received_at <= $as_of
),
moments as (
  select
    customer_id, occurred_at, sum(amount_micros) as net_micros,
    sum(amount_micros) filter (is_sale) as sale_micros,
    sum(amount_micros) filter (is_sale and cost_micros is not null) as costed_micros,
    sum(cost_micros) filter (is_sale) as cost_micros
  from lines
  group by customer_id, occurred_at
)
select
  customer_id, (occurred_at at time zone $timezone)::date - date '1970-01-01' as day, sum(net_micros) as net_micros,
  sum(sale_micros) as sale_micros, sum(costed_micros) as costed_micros, sum(cost_micros) as cost_micros
from moments
group by customer_id, day;

-- name: lifetime_days
-- One row per customer and day with a purchase, in the order of `lifetime_customers`.
select
  dense_rank() over (order by customer_id) - 1 as customer, day::integer as day, net_micros::bigint / 1e6 as spend
from lifetime_day_sums
where net_micros > 0
order by customer_id, day;

-- name: lifetime_customers
select distinct customer_id from lifetime_day_sums where net_micros > 0 order by customer_id;

-- name: lifetime_totals
-- What comes back on a later day than it was sold, as a share of what was bought; and the margin where costs are known.
select
  least(coalesce(-sum(net_micros) filter (net_micros < 0), 0)::double
    / nullif(sum(net_micros) filter (net_micros > 0), 0)::double, 1) as refund_share,
  case
    when sum(costed_micros) >= 0.8 * sum(sale_micros)
    then 1 - sum(cost_micros)::double / sum(costed_micros)::double end as margin,
  ((($as_of::timestamptz) at time zone $timezone)::date - date '1970-01-01')::integer as last_day
from lifetime_day_sums;

-- name: drop_lifetime_days
drop table if exists lifetime_day_sums;
