-- Queries of the segments room. Rules compile to SQL of their own; see rule-sql.ts.

-- name: buyers
-- Customers with a purchase as of $as_of: calendar days since the last one in the store's time zone, orders, and what
-- they were sold in the store's currency (before returns), in micros. Orders first: there are far fewer than lines.
with orders as (
  select customer_id, order_id, max(occurred_at) as occurred_at,
    sum(amount_micros) filter (currency = $currency) as spent_micros
  from {lines}
  where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
  group by customer_id, order_id
)
select
  customer_id,
  datediff('day', (max(occurred_at) at time zone $timezone)::date, ($as_of::timestamptz at time zone $timezone)::date) as recency_days,
  count(*) as orders,
  coalesce(sum(spent_micros), 0)::bigint as spent_micros
from orders
group by customer_id
order by customer_id

-- name: has_costs
select exists (from order_lines where unit_cost_micros is not null)
  or exists (from products where unit_cost_micros is not null) as found

-- name: buyer_costs
-- For the same customers: what those of their lines cost whose unit cost is known, and what these were sold for. Postage
-- and fees have no cost of goods, so they count among what has none.
with costs as (
  select product_id, arg_max(unit_cost_micros, (known_at, batch_id, unit_cost_micros)) as unit_cost_micros
  from products
  where unit_cost_micros is not null and (currency is null or currency = $currency) and known_at <= $as_of
  group by product_id
),
known as (
  select line.customer_id, line.currency, line.amount_micros,
    round(coalesce(line.unit_cost_micros, costs.unit_cost_micros) * line.quantity)::bigint as cost_micros
  from profiled_lines as line
  left join costs on costs.product_id = line.product_id
  where line.kind = 'sale' and line.customer_id is not null
    and line.occurred_at <= $as_of and line.received_at <= $as_of
)
select
  customer_id,
  coalesce(sum(cost_micros) filter (currency = $currency), 0)::bigint as cost_micros,
  coalesce(sum(amount_micros) filter (currency = $currency and cost_micros is not null), 0)::bigint as costed_micros
from known
group by customer_id
order by customer_id

-- name: forget_members
delete from segment_members where segment_id in (select segment_id from segments where family = $family)

-- name: forget_probabilities
delete from segment_probabilities where segment_id in (select segment_id from segments where family = $family)

-- name: forget_segments
delete from segments where family = $family

-- name: add_segments
-- $segments is JSON; one statement for all, since each takes longer than everything that it writes.
insert into segments (segment_id, family, name, definition, model_id, as_of, customers)
select one.id, $family, one.name, one.definition, one.model_id, $as_of, one.customers
from (
  select unnest(from_json($segments,
    '[{"id":"varchar","name":"varchar","definition":"varchar","model_id":"varchar","customers":"bigint"}]')) as one
)

-- name: add_members
insert into segment_members (segment_id, customer_id, distance)
select from_json($ids, '["varchar"]')[position + 1], customer_id, distance from {table}

-- name: list_segments
-- With how many are in it now: who took profiling back since is not.
select segment_id as id, family, name, definition, model_id, as_of, count(served_members.customer_id) as customers
from segments left join served_members using (segment_id)
group by all
order by family, segment_id

-- name: one_segment
select segment_id as id, family, name, definition, model_id, as_of,
  (select count(*) from served_members where segment_id = $id) as customers
from segments where segment_id = $id

-- name: members
select customer_id from served_members where segment_id = $id order by customer_id

-- name: surest_members
-- Of a taught segment: those who were added before those who were labelled, the surest first.
select customer_id as "customerId", probability, is_labelled as "isLabelled", reasons
from served_members join segment_probabilities using (segment_id, customer_id)
where segment_id = $id
order by is_labelled, probability desc, customer_id
limit $limit

-- name: has_features
select count(*) as n from feature_tables where table_name = $table

-- name: export_members
-- Contact fields and what holds of each purpose: what was decided, else the default where the customer lives.
with agreed as (
  select customer_id, purpose, is_granted from consent_standings
  union all
  select member.customer_id, purpose, true
  from {members} as member
  left join customer_regions on customer_regions.customer_id = member.customer_id
  join consent_defaults on consent_defaults.region = coalesce(customer_regions.region, 'unknown')
  where (member.customer_id, purpose) not in (select (customer_id, purpose) from consent_standings)
),
granted as (
  select
    customer_id,
    bool_or(purpose = 'analytics' and is_granted) as "analytics",
    bool_or(purpose = 'profiling' and is_granted) as "profiling",
    bool_or(purpose = 'personalization' and is_granted) as "personalization",
    bool_or(purpose = 'marketing.email' and is_granted) as "marketing.email",
    bool_or(purpose = 'marketing.social' and is_granted) as "marketing.social",
    bool_or(purpose = 'marketing.ads' and is_granted) as "marketing.ads"
  from agreed group by customer_id
)
select
  member.customer_id,
  customer.email,
  customer.phone,
  customer.first_name,
  customer.last_name,
  customer.country,
  coalesce(granted."analytics", false) as "analytics",
  coalesce(granted."profiling", false) as "profiling",
  coalesce(granted."personalization", false) as "personalization",
  coalesce(granted."marketing.email", false) as "marketing.email",
  coalesce(granted."marketing.social", false) as "marketing.social",
  coalesce(granted."marketing.ads", false) as "marketing.ads"
from {members} as member
left join current_customers as customer on customer.customer_id = member.customer_id
left join granted on granted.customer_id = member.customer_id
order by member.customer_id

-- name: latest_model_version
select coalesce(max(version), 0) as version from models where purpose = 'segments'

-- name: add_model
insert into models (model_id, purpose, kind, version, created_at, as_of, card, fitted)
values ($id, 'segments', $kind, $version, $created_at, $as_of, $card, $fitted)
