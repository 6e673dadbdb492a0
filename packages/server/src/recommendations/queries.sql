-- What recommendations read and write. A purchase is a sale line of a real product.

-- name: purchases
-- One row per customer, product and order, by number, in any order; numbers of customers and products follow the ids in
-- order of code points. Grouping numbers takes a third less time than grouping texts.
with lines as (
  select customer_id, product_id, order_id, occurred_at
  from profiled_lines
  where kind = 'sale' and quantity > 0 and customer_id is not null and product_id is not null
    and occurred_at <= $as_of and received_at <= $as_of
    and product_id not in (select product_id from non_products)
),
customers as (
  select customer_id, (row_number() over (order by customer_id) - 1)::integer as customer
  from (select distinct customer_id from lines)
),
products as (
  select product_id, (row_number() over (order by product_id) - 1)::integer as product
  from (select distinct product_id from lines)
),
orders as (
  select order_id, row_number() over () as number from (select distinct order_id from lines)
)
select customer, product, min(occurred_at) as bought_at
from lines
join customers using (customer_id)
join products using (product_id)
join orders using (order_id)
group by customer, product, number;

-- name: purchasing_customers
select distinct customer_id
from profiled_lines
where kind = 'sale' and quantity > 0 and customer_id is not null and product_id is not null
  and occurred_at <= $as_of and received_at <= $as_of
  and product_id not in (select product_id from non_products)
order by customer_id;

-- name: purchased_products
-- Products in the order of their numbers. Returned pieces are those of cancellations, and those whose price was given
-- back by half or more.
with facts as (
  select
    product_id,
    max(occurred_at) filter (kind = 'sale') as last_sold_at,
    coalesce(sum(quantity) filter (kind = 'sale'), 0) as sold,
    coalesce(sum(abs(quantity)) filter (kind = 'cancellation'), 0)
      + coalesce(sum(quantity) filter (kind = 'sale' and 2 * refund_micros >= amount_micros), 0) as returned
  from profiled_lines
  where product_id is not null and occurred_at <= $as_of and received_at <= $as_of
    and product_id not in (select product_id from non_products)
  group by product_id
  having bool_or(kind = 'sale' and quantity > 0 and customer_id is not null)
)
select
  facts.product_id,
  coalesce(current_products.name, facts.product_id) as name,
  facts.last_sold_at,
  sold,
  returned,
  coalesce(is_available, true)::integer as available
from facts
left join current_products on current_products.product_id = facts.product_id
order by facts.product_id;

-- name: non_products_sold
select count(distinct product_id)::integer as n
from profiled_lines
where kind = 'sale' and occurred_at <= $as_of and received_at <= $as_of
  and product_id in (select product_id from non_products);

-- name: customers_without_purchases
-- Everybody who is known by name and has bought nothing yet.
select distinct customer_id
from (
  select customer_id from profiled_customers where known_at is null or known_at <= $as_of
  union all
  select customer_id from profiled_events where customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
)
where customer_id not in (
  select customer_id from profiled_lines
  where kind = 'sale' and quantity > 0 and customer_id is not null and product_id is not null
    and occurred_at <= $as_of and received_at <= $as_of
    and product_id not in (select product_id from non_products)
)
order by customer_id;

-- name: basket_entries
-- Orders as sets of products, of customers with and without a name, by number and in any order. Products have the numbers
-- of basket_products; those of orders and buyers only tell them apart.
with lines as (
  select order_id, product_id, coalesce(customer_id, order_id) as buyer_id
  from profiled_lines
  where kind = 'sale' and quantity > 0 and product_id is not null
    and occurred_at <= $as_of and received_at <= $as_of
    and product_id not in (select product_id from non_products)
),
orders as (
  select order_id, (row_number() over () - 1)::integer as basket from (select distinct order_id from lines)
),
products as (
  select product_id, (row_number() over (order by product_id) - 1)::integer as product
  from (select distinct product_id from lines)
)
-- 53 bits of a hash: as many as a double holds, and a number is quicker to make of a text than its rank.
select basket, product, (min(hash(buyer_id)) >> 11)::double as buyer
from lines
join orders using (order_id)
join products using (product_id)
group by basket, product;

-- name: basket_products
-- Products in the order of their numbers.
select distinct product_id
from profiled_lines
where kind = 'sale' and quantity > 0 and product_id is not null
  and occurred_at <= $as_of and received_at <= $as_of
  and product_id not in (select product_id from non_products)
order by product_id;

-- name: last_version
select max(version) as version from models where purpose = 'recommendations' and kind = $kind;

-- name: keep_model
insert into models values ($model_id, 'recommendations', $kind, $version, $created_at, $as_of, $card, $fitted);

-- name: clear_recommendations
delete from recommendations;

-- name: clear_related_products
delete from related_products;

-- name: keep_recommendations
insert into recommendations
select customers.customer_id, list.position, products.product_id, list.score, because.product_id, models.model_id
from staged_recommendations list
join staged_customers customers on customers.number = list.customer
join staged_products products on products.number = list.product
join staged_models models on models.number = list.model
left join staged_products because on because.number = list.because
order by customers.customer_id, list.position;

-- name: keep_related_products
insert into related_products
select case when list.relation = 0 then 'similar' else 'bought-together' end, products.product_id, list.position,
  others.product_id, list.score, case when not isnan(list.together) then list.together::bigint end, $model_id
from staged_related list
join staged_products products on products.number = list.product
join staged_products others on others.number = list.other
order by list.relation, products.product_id, list.position;

-- name: drop_staged
drop table if exists staged_recommendations;
drop table if exists staged_related;
drop table if exists staged_customers;
drop table if exists staged_products;
drop table if exists staged_models;

-- name: customer_recommendations
select list.product_id as "productId", coalesce(shown.name, list.product_id) as name, list.score,
  because_product_id as "becauseProductId", coalesce(past.name, because_product_id) as because,
  models.kind as method, list.model_id as "modelId"
from served_recommendations list
join models on models.model_id = list.model_id
left join current_products shown on shown.product_id = list.product_id
left join current_products past on past.product_id = because_product_id
where customer_id = $customer_id
order by position;

-- name: related_to
select other_product_id as "productId", coalesce(shown.name, other_product_id) as name, score, together
from related_products
left join current_products shown on shown.product_id = other_product_id
where relation = $relation and related_products.product_id = $product_id
order by position;

-- name: strongest_pairs
select related_products.product_id as "withProductId", coalesce(own.name, related_products.product_id) as "withName",
  other_product_id as "productId", coalesce(shown.name, other_product_id) as name, score, together
from related_products
left join current_products own on own.product_id = related_products.product_id
left join current_products shown on shown.product_id = other_product_id
where relation = 'bought-together' and related_products.product_id < other_product_id
order by score desc, related_products.product_id, other_product_id
limit 100;
