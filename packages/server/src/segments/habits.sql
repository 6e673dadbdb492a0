-- What customers are compared by: what they were seen to do, and how often it was seen.

-- name: habit_customers
-- Everybody with a purchase, in the order that `habits` numbers them.
select distinct customer_id from kept_lines
where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
order by customer_id

-- name: habits
-- One row per customer, habit and level: lines by category, by discount, orders by part of the day (three hours each) and
-- by weekday; and the price of lines against what the same category usually costs, in thousandths of its logarithm. Sums
-- are of whole numbers, so that every run gives the same bytes.
with {lines},
top as (
  select category, row_number() over (order by count(*) desc, category) - 1 as level
  from lines where category is not null group by category
),
usual as (
  select path, sum(log_price)::double / count(*) as log_price from lines where log_price is not null group by path
),
orders as (select customer, order_id, min(local_at) as local_at from lines group by all),
seen as (
  select customer, 0 as habit, least(top.level, $limit)::integer as level, count(*) as times, 0 as total, 0 as squares
  from lines join top on top.category = lines.category group by all
  union all
  select customer, 1, is_discounted::integer, count(*), 0, 0 from lines where is_discounted is not null group by all
  union all
  select customer, 2, (hour(local_at) // 3)::integer, count(*), 0, 0 from orders group by all
  union all
  select customer, 3, isodow(local_at)::integer - 1, count(*), 0, 0 from orders group by all
  union all
  select customer, 4, 0, count(*), sum(apart), sum(apart * apart)
  from (
    select customer, round(lines.log_price - usual.log_price)::bigint as apart
    from lines join usual on usual.path is not distinct from lines.path
    where lines.log_price is not null
  )
  group by all
)
select customer, habit, level, times, total::double as total, squares::double as squares
from seen order by customer, habit, level

-- name: habit_lines
-- Filled in for {lines} above. The category is the line's, else the product's latest known.
product_categories as (
  select product_id, arg_max(category, (known_at, batch_id, category)) as category
  from products where category is not null and known_at <= $as_of
  group by product_id
),
buyers as (
  select customer_id, row_number() over (order by customer_id) - 1 as customer
  from (
    select distinct customer_id from kept_lines
    where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
  )
),
sold as (
  select
    buyers.customer,
    line.order_id,
    line.occurred_at at time zone $timezone as local_at,
    line.discount_micros > 0 as is_discounted,
    coalesce(
      nullif(trim(regexp_replace(line.category, '\s*>\s*', ' > ', 'g')), ''),
      nullif(trim(regexp_replace(listed.category, '\s*>\s*', ' > ', 'g')), '')
    ) as path,
    case when line.currency = $currency and line.amount_micros > 0 and line.quantity > 0
      then round(1000 * ln((line.amount_micros + coalesce(line.discount_micros, 0)) / line.quantity))::bigint
    end as log_price
  from kept_lines as line
  join buyers on buyers.customer_id = line.customer_id
  left join product_categories as listed on listed.product_id = line.product_id
  left join non_products on non_products.product_id = line.product_id
  where line.kind = 'sale' and line.occurred_at <= $as_of and line.received_at <= $as_of
    and non_products.product_id is null
),
lines as (
  select *,
    case when (select count(distinct path) from sold) <= $limit then path else split_part(path, ' > ', 1) end as category
  from sold
)
