-- Everything the insights room asks the warehouse. Sums are of whole micros and divided once, so they are exact.

-- name: last_moment
-- A second after the last thing that happened, so that it is included.
select max(latest) + to_seconds(1) as latest
from (select max(occurred_at) as latest from order_lines union all select max(occurred_at) from events);

-- name: simulated_until
-- The same of a demo shop's own records, which are one batch; of a shop whose records are all past retention, what the
-- batch says.
select coalesce(
  (
    select max(latest) + to_seconds(1)
    from (
      select max(occurred_at) as latest from order_lines where batch_id = demo.batch_id
      union all
      select max(occurred_at) from events where batch_id = demo.batch_id
    )
  ),
  demo.imported_at
) as until
from batches as demo
where demo.kind = 'demo'
limit 1;

-- name: currency
-- The store's own; without a setting the one most used.
select currency
from (
  select value as currency, 0 as place, 0 as lines from store_settings where name = 'currency'
  union all
  select currency, 1, count(*) from order_lines group by currency
)
order by place, lines desc, currency
limit 1;

-- name: other_currencies
select currency, count(distinct order_id) as orders
from kept_lines
where currency <> $currency and occurred_at <= $as_of
group by currency
order by orders desc, currency;

-- name: span
select min(occurred_at) as first, max(occurred_at) as last
from kept_lines
where kind = 'sale' and currency = $currency and occurred_at <= $as_of;

-- name: measures
-- Everything over the half-open period (start, as_of]; what each column means is in first-look.ts. A cancelled line is a
-- refund by its amount; what is noted on it as refunded is the same money and not counted again.
with product_costs as (
  select product_id, unit_cost_micros as product_cost from current_products where currency is null or currency = $currency
),
lines as (
  select kept_lines.*, amount_micros as net_micros, coalesce(unit_cost_micros, product_cost) as cost_micros
  from kept_lines
  left join product_costs using (product_id)
  where currency = $currency and occurred_at <= $as_of
),
firsts as (
  select customer_id, min(occurred_at) as first_at, max(occurred_at) as last_at, count(distinct occurred_at::date) as days
  from lines
  where kind = 'sale' and customer_id is not null
  group by customer_id
),
period as (
  select * from lines where occurred_at > $start
),
sums as (
  select
    coalesce(sum(net_micros) filter (kind = 'sale'), 0)::bigint as revenue,
    count(distinct order_id) filter (kind = 'sale') as orders,
    count(distinct customer_id) filter (kind = 'sale') as customers,
    (coalesce(-sum(amount_micros) filter (kind = 'cancellation'), 0)
      + coalesce(sum(refund_micros) filter (kind <> 'cancellation'), 0))::bigint as refunds,
    coalesce(sum(net_micros) filter (kind = 'sale' and customer_id is null), 0)::bigint as unknown_revenue,
    coalesce(sum(net_micros) filter (kind = 'sale' and cost_micros is not null), 0)::bigint as costed_revenue,
    coalesce(sum(round(cost_micros * quantity)) filter (kind = 'sale'), 0)::bigint as cost
  from period
),
returning_sum as (
  select coalesce(sum(net_micros), 0)::bigint as revenue
  from period join firsts using (customer_id)
  where kind = 'sale' and first_at <= $start
),
margins as (
  select case when costed_revenue > 0 and costed_revenue >= 0.8 * revenue
    then 1 - cost::double / costed_revenue end as margin
  from sums
)
select
  sums.revenue / 1e6 as revenue,
  sums.orders as orders,
  sums.revenue / 1e6 / nullif(sums.orders, 0) as "averageOrderValue",
  sums.customers as customers,
  (select count(*) filter (days > 1)::double / nullif(count(*), 0) from firsts where last_at > $start)
    as "repeatRate",
  (select count(*) from firsts where first_at > $start) as "newCustomers",
  returning_sum.revenue::double / nullif(sums.revenue - sums.unknown_revenue, 0) as "returningRevenueShare",
  sums.refunds / 1e6 as refunds,
  sums.refunds::double / nullif(sums.revenue, 0) as "refundRate",
  sums.unknown_revenue::double / nullif(sums.revenue, 0) as "unknownRevenueShare",
  margins.margin * sums.revenue / 1e6 as profit,
  margins.margin as "profitMargin"
from sums, returning_sum, margins;

-- name: months
with lines as (
  select *, amount_micros as net_micros,
    date_trunc('month', occurred_at at time zone $timezone) as month
  from kept_lines
  where currency = $currency and occurred_at <= $as_of
),
firsts as (
  select customer_id, min(occurred_at) as first_at
  from lines where kind = 'sale' and customer_id is not null group by customer_id
),
span as (
  select min(occurred_at) at time zone $timezone as first_at from lines where kind = 'sale'
)
select
  strftime(lines.month, '%Y-%m') as month,
  coalesce(sum(net_micros) filter (kind = 'sale'), 0)::bigint / 1e6 as revenue,
  coalesce(sum(net_micros) filter (kind = 'sale' and date_trunc('month', firsts.first_at at time zone $timezone) = lines.month), 0)::bigint / 1e6
    as "newRevenue",
  coalesce(sum(net_micros) filter (kind = 'sale' and date_trunc('month', firsts.first_at at time zone $timezone) < lines.month), 0)::bigint / 1e6
    as "returningRevenue",
  coalesce(sum(net_micros) filter (kind = 'sale' and lines.customer_id is null), 0)::bigint / 1e6 as "unknownRevenue",
  (coalesce(-sum(amount_micros) filter (kind = 'cancellation'), 0)
    + coalesce(sum(refund_micros) filter (kind <> 'cancellation'), 0))::bigint / 1e6 as refunds,
  count(distinct order_id) filter (kind = 'sale') as orders,
  count(distinct lines.customer_id) filter (date_trunc('month', firsts.first_at at time zone $timezone) = lines.month) as "newCustomers",
  lines.month < date_trunc('day', span.first_at)
    or lines.month + interval 1 month > $as_of::timestamptz at time zone $timezone as "isPartial"
from lines
cross join span
left join firsts on firsts.customer_id = lines.customer_id
group by lines.month, span.first_at
order by lines.month;

-- name: breakdowns
-- The period's sales by source, country and top category, the fifteen largest of each, beside the period before. A product's
-- own category stands in where its line has none.
with lines as (
  select
    unnest(['source', 'country', 'category']) as dimension,
    unnest([source, country, split_part(coalesce(kept_lines.category, current_products.category), ' > ', 1)]) as value,
    order_id, amount_micros, occurred_at > $start as is_current
  from kept_lines
  left join current_products using (product_id)
  where kind = 'sale' and kept_lines.currency = $currency and occurred_at > $before and occurred_at <= $as_of
),
sums as (
  select dimension, coalesce(value, 'not known') as value,
    coalesce(sum(amount_micros) filter (is_current), 0)::bigint as current_micros,
    coalesce(sum(amount_micros) filter (not is_current), 0)::bigint as previous_micros,
    count(distinct order_id) filter (is_current) as orders
  from lines
  group by all
)
select dimension, value, current_micros / 1e6 as revenue, orders,
  current_micros::double / nullif(sum(current_micros) over (partition by dimension), 0)::double as share,
  previous_micros / 1e6 as "previousRevenue"
from sums
where orders > 0
qualify row_number() over (partition by dimension order by current_micros desc, value) <= 15
order by dimension, revenue desc, value;

-- name: cohorts
-- Customers by the month of their first purchase and the months after it in which they bought.
with bought as (
  select distinct customer_id, date_trunc('month', occurred_at at time zone $timezone) as month
  from kept_lines
  where kind = 'sale' and customer_id is not null and currency = $currency and occurred_at <= $as_of
),
firsts as (
  select customer_id, min(month) as first_month from bought group by customer_id
)
select
  strftime(first_month, '%Y-%m') as month,
  datediff('month', first_month, bought.month) as later,
  count(*) as customers,
  datediff('month', first_month, date_trunc('month', $as_of::timestamptz at time zone $timezone)) as last
from bought join firsts using (customer_id)
group by all
order by month, later;

-- name: hours
select isodow(ordered_at at time zone $timezone) as weekday, hour(ordered_at at time zone $timezone) as hour,
  count(*) as orders
from (
  select order_id, min(occurred_at) as ordered_at
  from kept_lines
  where kind = 'sale' and currency = $currency and occurred_at <= $as_of
  group by order_id
)
group by all
order by all;

-- name: segment_facts
-- What the plan needs to know of each segment: sums over its members as of a moment. Who has no lapse probability has not
-- bought for longer than the model looks back: away already, so all of their expected value is at risk. Consent is what
-- holds now, whatever the moment of analysis; a product's own cost stands in where its line has none.
with product_costs as (
  select product_id, unit_cost_micros as cost from current_products where currency is null or currency = $currency
),
lines as (
  select customer_id,
    max(occurred_at) filter (kind = 'sale') as last_at,
    count(distinct order_id) filter (kind = 'sale') as orders,
    count(distinct order_id) filter (kind = 'sale' and occurred_at > $recent) as recent_orders,
    coalesce(sum(amount_micros) filter (kind = 'sale'), 0)::hugeint as revenue,
    coalesce(sum(discount_micros) filter (kind = 'sale'), 0)::hugeint as discount,
    coalesce(-sum(amount_micros) filter (kind = 'cancellation'), 0)
      + coalesce(sum(refund_micros) filter (kind <> 'cancellation'), 0) as refunds,
    count(*) filter (kind = 'sale') as sale_lines,
    count(coalesce(unit_cost_micros, cost)) filter (kind = 'sale') as cost_lines,
    sum(round(coalesce(unit_cost_micros, cost) * quantity)) filter (kind = 'sale') as cost,
    sum(amount_micros) filter (kind = 'sale' and coalesce(unit_cost_micros, cost) is not null) as costed_revenue
  from kept_lines
  left join product_costs using (product_id)
  where customer_id is not null and currency = $currency and occurred_at <= $as_of
  group by customer_id
),
wide as (
  select customer_id,
    max(value) filter (score = 'lapse_probability') as lapse_probability,
    max(value) filter (score = 'probability_alive') as probability_alive,
    max(value) filter (score = 'lifetime_value') as lifetime_value,
    max(value) filter (score = 'expected_purchases') as expected_purchases
  from served_scores
  group by customer_id
),
email_consent as (
  select customer_id, is_granted from consent_standings where purpose = 'marketing.email'
)
select
  segments.segment_id as id, segments.family as family, segments.name as name,
  count(*) as customers,
  count(*) filter (coalesce(
    email_consent.is_granted,
    coalesce(customer_regions.region, 'unknown') in (select region from consent_defaults where purpose = 'marketing.email')
  )) as contactable,
  coalesce(sum(lines.revenue), 0)::bigint / 1e6 as revenue,
  coalesce(sum(lines.orders), 0)::bigint as orders,
  count(*) filter (lines.recent_orders > 0) as "recentBuyers",
  count(*) filter (lines.orders = 1) as "oneTimeBuyers",
  avg(epoch_ms($as_of::timestamptz) - epoch_ms(lines.last_at)) / 86400000.0 as "recencyDays",
  coalesce(sum(lines.refunds), 0)::double / nullif(sum(lines.revenue) , 0)::double as "refundRate",
  coalesce(sum(lines.discount), 0)::double / nullif(sum(lines.revenue + lines.discount), 0)::double as "discountShare",
  {
    part: coalesce(sum(lines.refunds), 0)::double / 1e6, whole: coalesce(sum(lines.revenue), 0)::double / 1e6,
    parts2: coalesce(sum(lines.refunds::hugeint * lines.refunds::hugeint), 0)::double / 1e12,
    crossed: coalesce(sum(lines.refunds::hugeint * lines.revenue), 0)::double / 1e12,
    wholes2: coalesce(sum(lines.revenue * lines.revenue), 0)::double / 1e12
  }::json::varchar as refunds,
  {
    part: coalesce(sum(lines.discount), 0)::double / 1e6, whole: coalesce(sum(lines.revenue + lines.discount), 0)::double / 1e6,
    parts2: coalesce(sum(lines.discount * lines.discount), 0)::double / 1e12,
    crossed: coalesce(sum(lines.discount * (lines.revenue + lines.discount)), 0)::double / 1e12,
    wholes2: coalesce(sum((lines.revenue + lines.discount) * (lines.revenue + lines.discount)), 0)::double / 1e12
  }::json::varchar as discounts,
  case when sum(lines.costed_revenue) >= 0.8 * sum(lines.revenue)
    then 1 - sum(lines.cost)::double / nullif(sum(lines.costed_revenue), 0)::double end as margin,
  case when count(wide.lapse_probability) >= 0.5 * count(*) then avg(wide.lapse_probability) end as "lapseProbability",
  avg(wide.probability_alive) as "probabilityAlive",
  sum(wide.lifetime_value) as "lifetimeValue",
  sum(coalesce(wide.lapse_probability, 1) * wide.lifetime_value) as "valueAtRisk",
  avg(1 - exp(-wide.expected_purchases * $recent_days / 365.0)) as "expectedResponse"
from segments
join served_members as segment_members using (segment_id)
left join lines on lines.customer_id = segment_members.customer_id
left join wide on wide.customer_id = segment_members.customer_id
left join email_consent on email_consent.customer_id = segment_members.customer_id
left join customer_regions on customer_regions.customer_id = segment_members.customer_id
where segments.family in ('rfm', 'discovered')
group by all
order by family, id;

-- name: shop_rhythm
-- All orders by weekday, by four-hour band and by both, in the store's time zone, with how far the orders of one buyer
-- go together: sums over buyers of squared orders in the slot and of orders in the slot times all of theirs. Who is not
-- known is another buyer with each order.
with order_times as (
  select order_id, coalesce(max(customer_id), 'order ' || order_id) as buyer,
    min(occurred_at) at time zone $timezone as ordered_at
  from kept_lines
  where kind = 'sale' and currency = $currency and occurred_at <= $as_of
  group by order_id
),
slots as (
  select buyer, isodow(ordered_at) - 1 as weekday, (hour(ordered_at) // 4)::integer as band from order_times
),
counts as (
  select buyer, weekday, band, count(*) as orders
  from slots
  group by grouping sets ((buyer, weekday), (buyer, band), (buyer, weekday, band), (buyer))
),
own as (
  select buyer, orders as own_orders from counts where weekday is null and band is null
)
select '' as id, weekday, band, sum(orders)::bigint as orders, sum(orders * orders)::bigint as squares,
  sum(orders * own_orders)::bigint as crossed
from counts join own using (buyer)
group by all
order by all;

-- name: segment_rhythm
-- The same for the orders of each segment's members.
with order_times as (
  select customer_id, order_id, min(occurred_at) at time zone $timezone as ordered_at
  from kept_lines
  where kind = 'sale' and customer_id is not null and currency = $currency and occurred_at <= $as_of
  group by customer_id, order_id
),
slots as (
  select customer_id, isodow(ordered_at) - 1 as weekday, (hour(ordered_at) // 4)::integer as band from order_times
),
counts as (
  select customer_id, weekday, band, count(*) as orders
  from slots
  group by grouping sets ((customer_id, weekday), (customer_id, band), (customer_id, weekday, band), (customer_id))
),
own as (
  select customer_id, orders as own_orders from counts where weekday is null and band is null
)
select segment_id as id, weekday, band, sum(orders)::bigint as orders, sum(orders * orders)::bigint as squares,
  sum(orders * own_orders)::bigint as crossed
from counts
join own using (customer_id)
join served_members using (customer_id)
join segments using (segment_id)
where segments.family in ('rfm', 'discovered')
group by all
order by all;

-- name: segment_products
-- The products most often recommended to each segment's members.
select id, "productId", name
from (
  select segment_id as id, recommendations.product_id as "productId", coalesce(current_products.name, recommendations.product_id) as name,
    row_number() over (partition by segment_id order by count(*) desc, recommendations.product_id) as place
  from served_recommendations as recommendations
  join served_members using (customer_id)
  join segments using (segment_id)
  left join current_products using (product_id)
  where segments.family in ('rfm', 'discovered') and recommendations.position <= 3
  group by segment_id, recommendations.product_id, current_products.name
)
where place <= 3
order by id, place;

-- name: keep_analysis
insert into analyses
select coalesce(max(analysis_id), 0) + 1, $as_of, $created_at, $document from analyses;

-- name: drop_old_analyses
-- The last ten stay, so that a report can say what changed.
delete from analyses where analysis_id <= (select max(analysis_id) - 10 from analyses);

-- name: orders_of
select distinct order_id as id from order_lines where customer_id in (select unnest(from_json($ids, '["varchar"]')));

-- name: lists_of_taken_out
-- In memory: one of each analysis that runs.
select table_name as "table" from duckdb_tables() where temporary and starts_with(table_name, 'taken_out_') order by table_name;

-- name: analyses
select analysis_id as id, document from analyses order by analysis_id;

-- name: replace_analysis
update analyses set document = $document where analysis_id = $id;

-- name: last_analysis
select document from analyses order by analysis_id desc limit 1;

-- name: last_first_look
-- Of the last analysis what a page of numbers shows: not the whole document, which is long.
select as_of as "asOf", created_at as "createdAt", document->>'$.simulated' as simulated,
  document->'$.firstLook' as "firstLook", document->'$.plan' as plan,
  (document->>'$.simulatedUntil')::bigint as "simulatedUntil",
  (document->>'$.predictions.lapse.horizonDays')::double as "lapseHorizonDays",
  coalesce(list_sum((document->'$.timings[*].seconds')::double[]), 0)::double as seconds
from analyses order by analysis_id desc limit 1;

-- name: last_analysis_id
select analysis_id as id, document from analyses order by analysis_id desc limit 1;

-- name: last_segment_facts
-- Of the last analysis what it says of one segment, without the map of customers that lies beside.
select
  document->'$.segments.rfm.segments' as rfm,
  document->'$.segments.discovered.segments' as discovered,
  document->'$.segments.rules' as rules,
  document->'$.segments.families' as families,
  document->'$.plan' as plan
from analyses order by analysis_id desc limit 1;

-- name: last_analysis_times
select as_of as "asOf", created_at as "createdAt",
  coalesce(list_sum((document->'$.timings[*].seconds')::double[]), 0)::double as seconds
from analyses order by analysis_id desc limit 1;

-- name: arrivals
-- Events that came over the wire, by how lately they came, and what could not be taken.
select
  count(*) filter (received_at > $minute) as minute,
  count(*) filter (received_at > $hour) as hour,
  count(*) as day,
  (select max(received_at) from events where position is not null) as "lastAt",
  (select count(*) from quarantine where retried_batch_id is null) as quarantined
from events where position is not null and received_at > $day;

-- name: store_settings
select
  max(value) filter (name = 'demo') as simulated,
  max(value) filter (name = 'timezone') as timezone
from store_settings;

-- name: is_customer_known
select exists (from kept_lines where customer_id = $id) or exists (from known_events where customer_id = $id)
  or exists (from customers where customer_id = $id) as is_known;

-- name: customer_of_id
select customer_id as "customerId" from identity_map where received_id = $id;

-- name: customers_of_ids
-- The customer whom each id of a list names, in its order, and whether anything is known of them.
with named as (
  select position, coalesce(identity_map.customer_id, listed.id) as customer_id, listed.id
  from {table} as listed left join identity_map on identity_map.received_id = listed.id
)
select customer_id,
  customer_id in (select customer_id from kept_lines)
    or customer_id in (select customer_id from known_events)
    or id in (select customer_id from customers) as is_known
from named order by position;

-- name: customer_traits
select * exclude (customer_id, birth_date, created_at, traits), birth_date::varchar as birth_date, created_at::varchar as created_at
from current_customers
where customer_id = $id;

-- name: left_out
-- Customers with a purchase or an event by a moment who may not be profiled, and how many of them refused it themselves.
with known as (
  select customer_id from kept_lines
  where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
  union
  select customer_id from known_events
  where customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
),
profiled as (
  select customer_id from known
  where (customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling')
)
select
  count(*) as customers,
  count(*) filter (customer_id in (
    select customer_id from consent_standings where purpose = 'profiling' and not is_granted
  )) as refused,
  (select count(*) from profiled) as profiled
from known anti join profiled using (customer_id);

-- name: customer_segments
-- How sure the model is of those that were taught, and what speaks most for it; null for all others.
select segment_id as id, name, probability, is_labelled as "isLabelled", reasons
from served_members
join segments using (segment_id)
left join segment_probabilities using (segment_id, customer_id)
where customer_id = $id
order by id;

-- name: customer_scores
-- With the period that each looks ahead, as the model's card has it.
select score, value, low, high, reasons, model_id as "modelId",
  case score
    when 'lapse_probability' then card->>'$.predicts'
    when 'expected_purchases' then 'in ' || (card->>'$.horizonDays') || ' days'
    when 'lifetime_value' then case when card->>'$.margin' is null then 'revenue' else 'profit' end
      || ' in ' || (card->>'$.horizonDays') || ' days, returns taken off'
    else card->>'$.predicts'
  end as meaning
from served_scores
left join models using (model_id)
where customer_id = $id
order by score;

-- name: customer_orders
select order_id as "orderId", min(occurred_at) as "orderedAt", sum(amount_micros)::bigint / 1e6 as amount,
  min(currency) as currency, count(*) as lines
from kept_lines
where customer_id = $id
group by order_id
order by "orderedAt" desc, order_id
limit 20;

-- name: customer_counts
select
  (select count(distinct order_id) from kept_lines where customer_id = $id) as "orderCount",
  (select count(*) from known_events where customer_id = $id) as "eventCount";

-- name: customer_recommendations
select recommendations.product_id as "productId", coalesce(shown.name, recommendations.product_id) as name,
  coalesce(past.name, because_product_id) as because
from served_recommendations as recommendations
left join current_products shown on shown.product_id = recommendations.product_id
left join current_products past on past.product_id = because_product_id
where customer_id = $id
order by position;

-- name: scored_of
-- The customers of these ids ($ids: JSON, an array) whom the last analysis scored.
select distinct customer_id
from scores
where customer_id in (
  select coalesce(identity_map.customer_id, said.id)
  from (select unnest(from_json($ids, '["varchar"]')) as id) as said
  left join identity_map on identity_map.received_id = said.id
)
limit 10000;
