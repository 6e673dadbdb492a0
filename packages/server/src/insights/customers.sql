-- Customers as people look at them: found by what they are called, and what they did.

-- name: find_customers
-- Customers by a part of their id, email or name, in the order of their ids after $after, with what
-- they bought so far (returns taken off) and when they were last seen. Facts are of the customers shown only.
with known as (
  select distinct customer_id from kept_lines where customer_id is not null
  union select distinct customer_id from known_events where customer_id is not null
  union select customer_id from customers
),
shown as (
  select known.customer_id, traits.email, traits.name
  from known
  left join current_customers as traits using (customer_id)
  where known.customer_id > $after and (
    $search = ''
    or contains(lower(known.customer_id), lower($search))
    or contains(lower(traits.email), lower($search))
    or contains(lower(traits.name), lower($search))
  )
  order by known.customer_id
  limit $limit
),
bought as (
  select customer_id, count(distinct order_id) filter (kind = 'sale') as orders,
    sum(amount_micros) filter (currency = $currency and kind <> 'adjustment') as spent_micros, max(occurred_at) as last_at
  from kept_lines where customer_id in (select customer_id from shown)
  group by customer_id
),
seen as (
  -- What they did themselves: not what the shop sent them, nor what an operator wrote down.
  select customer_id, max(occurred_at) as last_at
  from known_events
  where customer_id in (select customer_id from shown) and coalesce(name, '') not in (
    'Consent Recorded', 'Email Sent', 'Email Delivered', 'Email Bounced', 'Email Held Out', 'SMS Sent', 'SMS Delivered',
    'Push Notification Sent', 'Push Notification Received'
  )
  group by customer_id
),
placed as (
  select customer_id, min(segment_id) as id, min(name) as name
  from served_members join segments using (segment_id)
  where family = 'rfm' and customer_id in (select customer_id from shown)
  group by customer_id
)
select
  shown.customer_id as "customerId", shown.email, shown.name,
  coalesce(bought.orders, 0) as orders,
  coalesce(bought.spent_micros, 0)::bigint / 1e6 as spent,
  greatest(bought.last_at, seen.last_at) as "lastSeenAt",
  placed.id as "segmentId", placed.name as "segmentName"
from shown
left join bought using (customer_id)
left join seen using (customer_id)
left join placed using (customer_id)
order by shown.customer_id;

-- name: segment_members
-- Customers of a segment as the last analysis placed them, in the order of their ids after $after; of those who are in it
-- because a model was taught also how sure it is.
with shown as (
  select segment_id, customer_id from served_members
  where segment_id = $id and customer_id > $after
  order by customer_id
  limit $limit
),
bought as (
  select customer_id, count(distinct order_id) filter (kind = 'sale') as orders,
    sum(amount_micros) filter (currency = $currency and kind <> 'adjustment') as spent_micros, max(occurred_at) as last_at
  from kept_lines where customer_id in (select customer_id from shown)
  group by customer_id
)
select
  shown.customer_id as "customerId", traits.email,
  traits.name,
  coalesce(bought.orders, 0) as orders,
  coalesce(bought.spent_micros, 0)::bigint / 1e6 as spent,
  bought.last_at as "lastOrderAt",
  taught.probability, taught.is_labelled as "isLabelled", taught.reasons
from shown
left join segment_probabilities as taught using (segment_id, customer_id)
left join bought using (customer_id)
left join current_customers as traits using (customer_id)
order by shown.customer_id;

-- name: customer_timeline
-- What a customer did before a place in their timeline, the latest first: events, and orders that no event tells of, as
-- imported ones are. Of one moment, orders of imports come first. Documents of old stores may be no JSON. Keys of events
-- are compared as the numbers that they are: DuckDB takes a quarter of a millisecond to write one of 128 bits as text, so
-- only those of the page are.
with mine as (
  select event_key, call, name, occurred_at, product_id, source, body, quantity, price_micros, currency, other_id, properties,
    case when name in ($consent_event, $decision_event) then context end as consents
  from known_events where customer_id = $id
),
told as (
  -- Asked by case, since a condition beside the name is asked of every event.
  select distinct case when name in ('Order Completed', 'Order Refunded', 'Order Cancelled')
    then try_cast(properties as json)->>'$.order_id' end as order_id
  from mine
),
bought as (
  select order_id, min(occurred_at) as occurred_at, bool_or(kind = 'sale') as is_sale,
    sum(amount_micros) filter (kind <> 'adjustment') as amount_micros, min(currency) as currency, count(*) as lines
  from kept_lines where customer_id = $id
  group by order_id
),
happened as (
  select event_key, null::varchar as untold_order, call, name, occurred_at, product_id, source, body, quantity, price_micros,
    currency, other_id, properties, consents
  from mine
  union all
  select null, order_id, 'track', case when is_sale then 'Order Completed' else 'Order Refunded' end, occurred_at,
    null, null, null, null, null, currency, null, null, null
  from bought where order_id not in (select order_id from told where order_id is not null)
),
placed as (
  select * from happened
  where epoch_us(occurred_at) < $at or (epoch_us(occurred_at) = $at and case
    when $is_order::boolean then untold_order is null or untold_order < $key::varchar
    else untold_order is null and event_key < try_cast($key::varchar as uhugeint) end)
  order by occurred_at desc, untold_order desc nulls last, event_key desc
  limit $limit
),
shown as (
  select * exclude (properties), try_cast(properties as json) as properties,
    coalesce(untold_order, try_cast(properties as json)->>'$.order_id') as order_id
  from placed
),
sold as (
  select product_id, arg_max(description, occurred_at) as name from kept_lines
  where product_id in (select product_id from shown) and description is not null
  group by product_id
),
listed as (
  select product_id, arg_max(name, (known_at, batch_id)) as name from products
  where product_id in (select product_id from shown)
  group by product_id
)
select coalesce('order ' || shown.untold_order, shown.event_key::varchar) as key, shown.call, shown.name,
  epoch_us(shown.occurred_at)::bigint as at,
  shown.product_id as "productId", coalesce(listed.name, sold.name,
    -- Of other calls it is the name of a person, a group or a page.
    case when shown.call not in ('identify', 'group', 'alias', 'page', 'screen') then shown.properties->>'$.name' end) as "productName",
  shown.quantity, shown.price_micros / 1e6 as price,
  shown.order_id as "orderId", bought.amount_micros::bigint / 1e6 as amount, bought.lines,
  coalesce(bought.currency, shown.currency) as currency,
  shown.source, left(shown.body, 500) as text, shown.other_id as "otherId",
  coalesce(shown.properties->>'$.campaign', shown.properties->>'$.subject', shown.properties->>'$.query',
    shown.properties->>'$.question') as about,
  shown.properties->>'$.rating' as rating, shown.properties->>'$.score' as score, shown.consents
from shown
left join bought on bought.order_id = shown.order_id
left join sold on sold.product_id = shown.product_id
left join listed on listed.product_id = shown.product_id
order by shown.occurred_at desc, shown.untold_order desc nulls last, shown.event_key desc;
