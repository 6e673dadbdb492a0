-- Segment's reserved trait `name` is what somebody is called who gives no first and last name.

-- Customers with the latest value of every trait: of imports, and of identify calls (Segment's names of traits).
create or replace view current_customers as
with known as (
  select *, null::varchar as full_name, 0::bigint as position from customers
  union all
  select
    customer_id,
    batch_id,
    received_at,
    properties->>'$.email',
    properties->>'$.phone',
    coalesce(properties->>'$.firstName', properties->>'$.first_name'),
    coalesce(properties->>'$.lastName', properties->>'$.last_name'),
    -- Infinity is a date in SQL and none in a calendar.
    case when isfinite(try_cast(coalesce(properties->>'$.birthday', properties->>'$.birth_date') as date))
      then try_cast(coalesce(properties->>'$.birthday', properties->>'$.birth_date') as date) end,
    properties->>'$.gender',
    coalesce(properties->>'$.address.country', properties->>'$.country'),
    coalesce(properties->>'$.address.state', properties->>'$.region'),
    coalesce(properties->>'$.address.city', properties->>'$.city'),
    coalesce(properties->>'$.address.postalCode', properties->>'$.postal_code'),
    case when isfinite(try_cast(properties->>'$.income' as double)) then try_cast(properties->>'$.income' as double) end,
    properties->>'$.education',
    case when isfinite(try_cast(coalesce(properties->>'$.createdAt', properties->>'$.created_at') as timestamptz))
      then try_cast(coalesce(properties->>'$.createdAt', properties->>'$.created_at') as timestamptz) end,
    properties,
    nullif(trim(properties->>'$.name'), ''),
    position
  from known_events
  where call = 'identify' and customer_id is not null and properties is not null
),
latest as (
  select
    customer_id,
    arg_max(email, (batch_id, position)) as email,
    arg_max(phone, (batch_id, position)) as phone,
    arg_max(first_name, (batch_id, position)) as first_name,
    arg_max(last_name, (batch_id, position)) as last_name,
    arg_max(full_name, (batch_id, position)) as full_name,
    arg_max(birth_date, (batch_id, position)) as birth_date,
    arg_max(gender, (batch_id, position)) as gender,
    arg_max(country, (batch_id, position)) as country,
    arg_max(region, (batch_id, position)) as region,
    arg_max(city, (batch_id, position)) as city,
    arg_max(postal_code, (batch_id, position)) as postal_code,
    arg_max(income, (batch_id, position)) as income,
    arg_max(education, (batch_id, position)) as education,
    arg_max(created_at, (batch_id, position)) as created_at,
    arg_max(traits, (batch_id, position)) as traits
  from known
  group by customer_id
)
select * exclude (full_name),
  -- Where a first name ends and a last name begins is not for us to say: it stays whole.
  coalesce(nullif(concat_ws(' ', nullif(first_name, ''), nullif(last_name, '')), ''), full_name) as name
from latest;
