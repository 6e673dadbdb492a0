-- What shipped features must know of a store.

-- name: median_price
-- What half of the lines sold of a category, or below it, cost no more than, in units of $currency; null where none was. The
-- category is the line's, else the product's.
with product_categories as (
  select product_id, arg_max(category, (known_at, batch_id, category)) as category
  from products where category is not null and known_at <= $as_of
  group by product_id
),
priced as (
  select unit_price_micros,
    trim(regexp_replace(coalesce(line.category, product_categories.category), '\s*>\s*', ' > ', 'g')) as path
  from profiled_lines as line
  left join product_categories on product_categories.product_id = line.product_id
  where kind = 'sale' and occurred_at <= $as_of and received_at <= $as_of and currency = $currency
    and unit_price_micros is not null
)
select (quantile_disc(unit_price_micros, 0.5) / 1000000)::double as price
from priced where path = $category or starts_with(path, $category || ' > ');
