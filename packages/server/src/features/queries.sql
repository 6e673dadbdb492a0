-- Queries of the features room. The features themselves are compiled from the catalogue; see compile.ts.

-- name: store_basis
-- The store's time zone and currency, as set; without a setting the currency is the one of most sale lines known by
-- $as_of, ties by the alphabet. And whether profiled lines differ from order lines: a cleaning step or a consent leaves some
-- out, or identities were joined.
select
  (select value from store_settings where name = 'timezone') as timezone,
  coalesce(
    (select value from store_settings where name = 'currency'),
    (select currency from kept_lines
      where kind = 'sale' and occurred_at <= $as_of and received_at <= $as_of
      group by currency order by count(*) desc, currency limit 1)
  ) as currency,
  exists (from left_out_lines) or exists (from identity_map) or exists (from profiling_exceptions)
    or not exists (from consent_defaults where region = 'unknown' and purpose = 'profiling') as leaves_out

-- name: present_facts
-- Whether there is any row at all of what many stores have nothing of.
select
  exists (from profiled_events where customer_id is not null) as events,
  exists (from profiled_events where customer_id is not null and session_id is not null) as sessions,
  exists (from order_lines where category is not null) or exists (from products where category is not null) as categories,
  exists (from order_lines where kind = 'cancellation') or exists (from order_lines where refund_micros <> 0) as returns,
  exists (from order_lines where discount_micros is not null) as discounts,
  exists (from order_lines where refund_micros <> 0) as refunds

-- name: top_categories
-- The categories that most was spent on, as known by $as_of: whole paths in a store that has few of them, else the first
-- step of each. The category is the line's, else the product's.
with product_categories as (
  select product_id, arg_max(category, (known_at, batch_id, category)) as category
  from products where category is not null and known_at <= $as_of
  group by product_id
),
-- Added up before paths are tidied: there are far fewer pairs than lines.
listed as (
  select line.category as own, product_categories.category as listed, sum(line.amount_micros) as amount_micros
  from profiled_lines as line
  left join product_categories on product_categories.product_id = line.product_id
  left join non_products on non_products.product_id = line.product_id
  where line.kind = 'sale' and line.occurred_at <= $as_of and line.received_at <= $as_of
    and line.currency = $currency and line.customer_id is not null and non_products.product_id is null
  group by all
),
sold as (
  select
    coalesce(
      nullif(trim(regexp_replace(own, '\s*>\s*', ' > ', 'g')), ''),
      nullif(trim(regexp_replace(listed, '\s*>\s*', ' > ', 'g')), '')
    ) as path,
    amount_micros
  from listed
),
chosen as (
  select
    case when (select count(distinct path) from sold) <= $limit then path else split_part(path, ' > ', 1) end as category,
    amount_micros
  from sold where path is not null
)
select category from chosen
group by category order by sum(amount_micros) desc, category limit $limit

-- name: undated_traits
select count(*) as rows from customers where known_at is null

-- name: published_scores
-- Scores that some customer has, and what they are called.
select score, label, unit from published_scores
where score in (select distinct score from served_scores)
order by score

-- name: staged_moments
-- What is wrong with a list of moments: rows without customer or moment, repeated pairs, moments after $as_of (in ms).
select
  count(*) filter (customer_id is null or as_of is null) as incomplete,
  count(*) - (select count(*) from (select distinct customer_id, as_of from {table})) as repeated,
  count(*) filter (as_of > $as_of) as late,
  min(as_of) as earliest
from {table}

-- name: table_owner
-- Whether a table of this name is there, and whether it is one of features.
select
  (select count(*) from duckdb_tables() where table_name = $table and not temporary) as tables,
  (select count(*) from duckdb_views() where view_name = $table and not internal) as views,
  (select count(*) from feature_tables where table_name = $table) as registered

-- name: unregister
delete from feature_tables where table_name = $table

-- name: register
insert into feature_tables (table_name, as_of, definitions, computed_at)
values ($table, $as_of, $definitions, $computed_at)

-- name: registered
select as_of, definitions from feature_tables where table_name = $table

-- name: shared_declared
select definition from declared_features order by position

-- name: forget_declared
delete from declared_features

-- name: share_declared
insert into declared_features (position, definition) values ($position, $definition)
