-- Families of segments that were asked for by name: what was asked, what came of it, and what is kept to place others.

-- name: baskets
-- In how many orders each customer (numbered as `buyers` orders them) bought each product (numbered by id).
with lines as (
  select customer_id, product_id, order_id, quantity
  from {lines}
  where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
),
customers as (
  select customer_id, (row_number() over (order by customer_id) - 1)::integer as customer
  from (select distinct customer_id from lines)
),
bought as (
  select customer_id, product_id, count(distinct order_id) as orders
  from lines
  where quantity > 0 and product_id is not null and product_id not in (select product_id from non_products)
  group by customer_id, product_id
)
select customer, product_id, orders::double as orders
from bought join customers using (customer_id)
order by customer, product_id

-- name: forget_family
delete from segment_families where family = $family

-- name: keep_family
insert into segment_families (family, kind, request, model_id, as_of, result)
values ($family, $kind, $request, $model_id, $as_of, $result)

-- name: families
select family, kind, request, model_id, as_of, result from segment_families order by family

-- name: one_model
select fitted from models where model_id = $id

-- name: forget_exemplars
-- Of models that no family uses any more.
delete from segment_exemplars
where model_id not in (select model_id from segment_families where model_id is not null)

-- name: add_exemplars
insert into segment_exemplars (model_id, customer_id, segment, position, coordinates)
select $model_id, customer_id, segment, position, coordinates from {table}

-- name: exemplars
select customer_id, segment, position, coordinates from segment_exemplars where model_id = $model_id order by position
