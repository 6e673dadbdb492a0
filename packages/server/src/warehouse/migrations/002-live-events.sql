-- Events that come over the wire while the server runs: how they are followed, and whose they are.

-- null for imported events: those are followed batch by batch.
alter table events add column position bigint;
alter table events add column anonymous_id varchar;
-- The earlier id of an alias, the group of a group call.
alter table events add column other_id varchar;
-- JSON: page, campaign, device, locale, consent …
alter table events add column context varchar;

-- Derived: which customer a received id belongs to, as the identity room has resolved it; no row means its own.
create table identity_map (
  received_id varchar not null,        -- the user id, or 'anonymous:' and the browser's
  customer_id varchar not null,
  known_at timestamptz not null
);

-- Events with the customer whose they are. What analyses read; only ingestion and identity touch `events` itself.
create view known_events as
select events.* replace (
  coalesce(
    identity_map.customer_id,
    events.customer_id,
    case when events.anonymous_id is not null then 'anonymous:' || events.anonymous_id end
  ) as customer_id
)
from events
left join identity_map
  on identity_map.received_id = coalesce(events.customer_id, 'anonymous:' || events.anonymous_id);

-- Order lines that no cleaning step leaves out, with the customer whose they are.
create or replace view kept_lines as
select order_lines.* replace (coalesce(identity_map.customer_id, order_lines.customer_id) as customer_id)
from order_lines
left join identity_map on identity_map.received_id = order_lines.customer_id
where line_key not in (select line_key from left_out_lines);

-- Customers with the latest value of every trait: of imports, and of identify calls (Segment's names of traits).
create or replace view current_customers as
with known as (
  select *, 0::bigint as position from customers
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
    position
  from known_events
  where call = 'identify' and customer_id is not null and properties is not null
)
select
  customer_id,
  arg_max(email, (batch_id, position)) as email,
  arg_max(phone, (batch_id, position)) as phone,
  arg_max(first_name, (batch_id, position)) as first_name,
  arg_max(last_name, (batch_id, position)) as last_name,
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
group by customer_id;
