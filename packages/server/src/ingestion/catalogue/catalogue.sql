-- name: is_open
select batch_id from batches where batch_id = $batch and undone_at is null;

-- name: stage
-- $products: JSON, an array of objects; amounts are whole 10⁻⁶ as text.
create or replace temp table upsert_rows as
select
  place, product_id, make_timestamptz(known_at * 1000) as known_at, name, category, brand,
  price_micros, unit_cost_micros, currency, is_available, attributes, stock
from (
  select unnest(from_json($products::varchar, '[{
    "place": "integer", "product_id": "varchar", "known_at": "bigint", "name": "varchar", "category": "varchar",
    "brand": "varchar", "price_micros": "bigint", "unit_cost_micros": "bigint", "currency": "varchar",
    "is_available": "boolean", "attributes": "varchar", "stock": "double"
  }]'), recursive := true)
);

-- name: insert_staged
insert into products by name
select * exclude (place), $batch::integer as batch_id from upsert_rows order by place;

-- name: count_batch
update batches set rows_read = rows_read + $read, rows_accepted = rows_accepted + $accepted,
  rows_duplicate = rows_duplicate + $read - $accepted
where batch_id = $batch;

-- name: drop_staged
drop table if exists upsert_rows;

-- name: find
-- Products by the start of their code or a part of their name, in the order of their codes after $after.
select
  product_id as "productId", name, category, brand, price_micros as "priceMicros", currency,
  is_available as "isAvailable", stock, non_product_rule as "nonProductRule"
from current_products
where product_id > $after and (
  $search = '' or starts_with(lower(product_id), lower($search)) or contains(lower(name), lower($search))
)
order by product_id
limit $limit;

-- name: one
select
  product_id as "productId", name, category, brand, price_micros as "priceMicros", unit_cost_micros as "unitCostMicros",
  currency, is_available as "isAvailable", stock, attributes, known_at as "knownAt", last_sold_at as "lastSoldAt",
  non_product_rule as "nonProductRule"
from current_products
where product_id = $product;

-- name: prices
select price_micros as "priceMicros", currency, held_from as "from", held_until as "until"
from product_prices where product_id = $product order by held_from desc limit $limit;

-- name: stock
select is_available as "isAvailable", stock, held_from as "from", held_until as "until"
from product_stock where product_id = $product order by held_from desc limit $limit;

-- name: price_as_of
select price_micros as "priceMicros", currency, held_from as "from", held_until as "until"
from product_prices
where product_id = $product and held_from <= $at and (held_until is null or held_until > $at);

-- name: price_drops
-- Products that cost less now than at $since; those whose first price is of later, than at first. What fell and rose again,
-- and what is sold in another currency now, has not dropped.
with before as (
  select product_id,
    coalesce(
      arg_max(price_micros, held_from) filter (held_from <= $since),
      arg_min(price_micros, held_from)
    ) as price_micros,
    coalesce(arg_max(currency, held_from) filter (held_from <= $since), arg_min(currency, held_from)) as currency
  from product_prices
  group by product_id
)
select
  latest.product_id as "productId", latest.price_micros as "priceMicros", before.price_micros as "beforeMicros",
  latest.currency, latest.held_from as "since"
from product_prices latest
join before using (product_id)
where latest.held_until is null and latest.product_id > $after
  and latest.price_micros < before.price_micros and latest.currency is not distinct from before.currency
order by latest.product_id
limit $limit;

-- name: back_in_stock
-- Products that can be bought now, and could not at some moment after $since or just before it.
with turns as (
  select product_id, is_available, held_from
  from product_stock
  where is_available is not null
  qualify is_available is distinct from lag(is_available) over (partition by product_id order by held_from)
),
latest as (
  select product_id, is_available, held_from, lag(is_available) over product as before,
    row_number() over (partition by product_id order by held_from desc) as nth
  from turns
  window product as (partition by product_id order by held_from)
)
select product_id as "productId", held_from as "since"
from latest
where nth = 1 and is_available and not before and held_from > $since and product_id > $after
order by product_id
limit $limit;
