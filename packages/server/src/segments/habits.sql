-- What customers are compared by: what they were seen to do, and how often it was seen.

-- name: habit_customers
-- How many have a purchase; `habits` numbers them in the order of their ids.
select count(distinct customer_id) as n from {lines}
where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of

-- name: habits
-- One row per customer, habit and level: lines by category, by discount, orders by part of the day (three hours each) and
-- by weekday; and the price of lines against what the same category usually costs, in thousandths of its logarithm. Sums
-- are of whole numbers, so that every run gives the same bytes. The category is the line's, else the product's latest known.
with product_categories as (
  select product_id, arg_max(category, (known_at, batch_id, category)) as category
  from products where category is not null and known_at <= $as_of
  group by product_id
),
buyers as (
  select customer_id, row_number() over (order by customer_id) - 1 as customer
  from (
    select distinct customer_id from {lines}
    where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
  )
),
lines as not materialized (
  select
    line.customer_id,
    line.order_id,
    line.occurred_at,
    line.category as own,
    product_categories.category as listed,
    line.discount_micros > 0 as is_discounted,
    case when line.currency = $currency and line.amount_micros > 0 and line.quantity > 0
      then round(1000 * ln((line.amount_micros + coalesce(line.discount_micros, 0)) / line.quantity))::bigint
    end as log_price
  from {lines} as line
  left join product_categories on product_categories.product_id = line.product_id
  where line.kind = 'sale' and line.customer_id is not null
    and line.occurred_at <= $as_of and line.received_at <= $as_of
    and not coalesce(line.product_id in (select product_id from non_products), false)
),
-- Added up before paths are tidied and prices compared: there are far fewer of these rows than lines.
added as materialized (
  select customer_id, own, listed, is_discounted, count(*) as times,
    count(log_price) as priced, sum(log_price) as total, sum(log_price * log_price) as squares
  from lines group by customer_id, own, listed, is_discounted
),
paths as (
  select *,
    coalesce(
      nullif(trim(regexp_replace(own, '\s*>\s*', ' > ', 'g')), ''),
      nullif(trim(regexp_replace(listed, '\s*>\s*', ' > ', 'g')), '')
    ) as path
  from added
),
named as materialized (
  select *,
    case when (select count(distinct path) from paths) <= $limit then path else split_part(path, ' > ', 1) end as category
  from paths
),
top as (
  select category, row_number() over (order by sum(times) desc, category) - 1 as level
  from named where category is not null group by category
),
usual as (
  select path, round(sum(total)::double / sum(priced))::bigint as log_price from named where priced > 0 group by path
),
orders as materialized (
  select customer_id, min(occurred_at) at time zone $timezone as local_at from lines group by customer_id, order_id
),
seen as (
  select customer_id, 0 as habit, least(top.level, $limit)::integer as level, sum(times) as times, 0 as total, 0 as squares
  from named join top on top.category = named.category group by all
  union all
  select customer_id, 1, is_discounted::integer, sum(times), 0, 0 from named where is_discounted is not null group by all
  union all
  select customer_id, 2, (hour(local_at) // 3)::integer, count(*), 0, 0 from orders group by all
  union all
  select customer_id, 3, isodow(local_at)::integer - 1, count(*), 0, 0 from orders group by all
  union all
  -- The sums of (price − usual) and of its square, from those of prices.
  select customer_id, 4, 0, sum(priced), sum(total - priced * usual.log_price),
    sum(squares - 2 * usual.log_price * total + priced * usual.log_price * usual.log_price)
  from named join usual on usual.path is not distinct from named.path
  where priced > 0
  group by customer_id
)
select buyers.customer, habit, level, times::double as times, total::double as total, squares::double as squares
from seen join buyers on buyers.customer_id = seen.customer_id
order by customer, habit, level
