-- Prices and stock of products over time, and how far each source was read.

-- null: not known; never taken as zero.
alter table products add column stock double;

-- How far a source was read: stored with the records of its page, so that a kill neither loses nor doubles any.
create table source_cursors (
  source_id varchar primary key,
  cursor varchar not null,             -- JSON: the source's own
  moved_at timestamptz not null
);

-- Products with the latest value of every attribute, those known from order lines only included. Of what was said of one
-- moment, the last holds.
create or replace view current_products as
with catalogue as (
  select
    product_id,
    arg_max(name, (known_at, batch_id, rowid)) as name,
    arg_max(category, (known_at, batch_id, rowid)) as category,
    arg_max(brand, (known_at, batch_id, rowid)) as brand,
    arg_max(price_micros, (known_at, batch_id, rowid)) as price_micros,
    arg_max(unit_cost_micros, (known_at, batch_id, rowid)) as unit_cost_micros,
    arg_max(currency, (known_at, batch_id, rowid)) as currency,
    arg_max(is_available, (known_at, batch_id, rowid)) as is_available,
    arg_max(stock, (known_at, batch_id, rowid)) as stock,
    arg_max(attributes, (known_at, batch_id, rowid)) as attributes,
    max(known_at) as known_at
  from products
  group by product_id
),
sold as (
  select
    product_id,
    arg_max(description, (occurred_at, line_key)) as name,
    arg_max(category, (occurred_at, line_key)) as category,
    max(occurred_at) as last_sold_at
  from kept_lines
  where product_id is not null and kind = 'sale'
  group by product_id
)
select
  coalesce(catalogue.product_id, sold.product_id) as product_id,
  coalesce(catalogue.name, sold.name) as name,
  coalesce(catalogue.category, sold.category) as category,
  catalogue.brand,
  catalogue.price_micros,
  catalogue.unit_cost_micros,
  catalogue.currency,
  catalogue.is_available,
  sold.last_sold_at,
  non_products.rule as non_product_rule,
  catalogue.stock,
  catalogue.attributes,
  catalogue.known_at
from catalogue
full join sold on sold.product_id = catalogue.product_id
left join non_products on non_products.product_id = coalesce(catalogue.product_id, sold.product_id);

-- Every price that a product had, and from when to when: a row a change, whatever order the changes became known in.
-- held_until is null for the price that holds.
create view product_prices as
with said as (
  select product_id, known_at, price_micros, batch_id, rowid as place,
    last_value(currency ignore nulls) over (
      partition by product_id order by known_at, batch_id, rowid rows between unbounded preceding and current row
    ) as currency
  from products
),
known as (
  select * from said
  where price_micros is not null
  qualify row_number() over (partition by product_id, known_at order by batch_id desc, place desc) = 1
),
changes as (
  select * from known
  window product as (partition by product_id order by known_at)
  qualify row_number() over product = 1
    or price_micros <> lag(price_micros) over product
    or currency is distinct from lag(currency) over product
)
select product_id, price_micros, currency, known_at as held_from,
  lead(known_at) over (partition by product_id order by known_at) as held_until
from changes;

-- The same for whether a product could be bought, and how many there were.
create view product_stock as
with said as (
  select product_id, known_at, batch_id, rowid as place,
    last_value(is_available ignore nulls) over so_far as is_available,
    last_value(stock ignore nulls) over so_far as stock
  from products
  window so_far as (
    partition by product_id order by known_at, batch_id, rowid rows between unbounded preceding and current row
  )
),
known as (
  select * from said
  where is_available is not null or stock is not null
  qualify row_number() over (partition by product_id, known_at order by batch_id desc, place desc) = 1
),
changes as (
  select * from known
  window product as (partition by product_id order by known_at)
  qualify row_number() over product = 1
    or is_available is distinct from lag(is_available) over product
    or stock is distinct from lag(stock) over product
)
select product_id, is_available, stock, known_at as held_from,
  lead(known_at) over (partition by product_id order by known_at) as held_until
from changes;
