-- Who a prediction is about, and what came of it. $names are bound; the rest is put together in cohort.ts and outcome.ts.

-- name: agreeing
-- Of staged_cohort, everybody who agreed to $purpose: by their latest word, else by the store's defaults.
select cohort.customer_id
from staged_cohort as cohort
left join consent_standings as standing
  on standing.customer_id = cohort.customer_id and standing.purpose = $purpose
left join customer_regions on customer_regions.customer_id = cohort.customer_id
where coalesce(
  standing.is_granted,
  (coalesce(customer_regions.region, 'unknown'), $purpose) in (select (region, purpose) from consent_defaults)
)
order by cohort.customer_id;

-- name: drop_population
drop table if exists asked_population;

-- name: forget_population
delete from feature_tables where table_name = 'asked_population';

-- name: target_events
-- Whether an event of this name is there at all.
select exists (from profiled_events where name = $name and customer_id is not null) as found;

-- name: event_properties
-- What events of this name carry: columns that any fills, and the first twenty keys of the JSON of ten thousand of them.
with named as (from profiled_events where name = $name and customer_id is not null limit 10000),
keys as (
  select distinct unnest(json_keys(properties)) as key from named where properties is not null order by key limit 20
)
select (select string_agg(key, chr(10) order by key) from keys) as keys,
  concat_ws(' ',
    case when count(product_id) > 0 then 'product_id' end,
    case when count(source) > 0 then 'source' end,
    case when count(currency) > 0 then 'currency' end,
    case when count(message_id) > 0 then 'message_id' end,
    case when count(session_id) > 0 then 'session_id' end,
    case when count(quantity) > 0 then 'quantity' end,
    case when count(price_micros) > 0 then 'price' end) as columns
from named;

-- name: target_category
-- Whether anything of this category or below it was sold.
select exists (
  from (
    select trim(regexp_replace(coalesce(line.category, products.category), '\s*>\s*', ' > ', 'g')) as path
    from profiled_lines as line
    left join products on products.product_id = line.product_id
    where line.kind = 'sale' and line.customer_id is not null
  )
  where path = $name or starts_with(path, $name || ' > ')
) as found;

-- name: undated_traits
select exists (from profiled_customers where known_at is null) as found;

-- name: group_traits
-- What is known of these customers to compare groups by; undated values too, since nothing is learned from them.
select customer_id,
  arg_max(gender, (batch_id, coalesce(known_at, make_timestamptz(0)))) as gender,
  arg_max(country, (batch_id, coalesce(known_at, make_timestamptz(0)))) as country,
  arg_max(birth_date, (batch_id, coalesce(known_at, make_timestamptz(0))))::varchar as birth_date
from profiled_customers
where customer_id in (select customer_id from staged_cohort)
group by customer_id;
