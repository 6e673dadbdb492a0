-- The simulator hands over whole numbers; here they become the store's rows. Text is made in the database, not row by
-- row outside of it. Every table demo_… is temporary.

-- name: contents
-- Whether the store holds anything, and what its settings say.
select
  (select count(*) from batches) + (select count(*) from events) + (select count(*) from order_lines)
    + (select count(*) from products) + (select count(*) from customers) as records,
  (select count(*) from store_settings where name = 'demo_incomplete') as incomplete;

-- name: begin_demo
-- From here until end_demo the store says that it is not whole.
insert into store_settings values
  ('demo', $scenario), ('demo_incomplete', $started), ('currency', $currency), ('timezone', $timezone);

-- name: insert_batch
insert into batches values (
  $batch, 'demo', '[]', '{}', $options, $at, 0, 0, 0, 0, null
);

-- name: end_batch
update batches set rows_read = $records, rows_accepted = $records where batch_id = $batch;

-- name: end_demo
delete from store_settings where name = 'demo_incomplete';

-- name: insert_products
insert into products
select
  printf('%s%04d', $prefix, code),
  $batch,
  make_timestamptz(known_seconds::bigint * 1000000),
  name,
  category,
  brand,
  cents::bigint * 10000,
  case when cost_cents >= 0 then cost_cents::bigint * 10000 end,
  $currency,
  is_available = 1,
  json_object('style', style),
  null
from demo_products
order by code;

-- name: insert_non_products
insert into non_products values
  ('SHIPPING', 'a fee of the demo shop'), ('GIFT-CARD', 'a voucher of the demo shop'),
  ('MANUAL', 'a manual correction of the demo shop');

-- name: insert_customers
insert into customers
with named as (
  select
    *,
    (select list(text order by code) from demo_words where kind = 'first') as firsts,
    (select list(text order by code) from demo_words where kind = 'last') as lasts,
    (select list(text order by code) from demo_words where kind = 'country') as countries,
    (select list(text order by code) from demo_words where kind = 'region') as regions,
    (select list(text order by code) from demo_words where kind = 'education') as educations,
    (select list(text order by code) from demo_words where kind = 'gender') as genders
  from demo_customers
),
spelled as (
  select *, firsts[greatest(gender, 0) * $first_names + first + 1] as first_name, lasts[last + 1] as last_name
  from named
)
select
  printf('c%06d', customer + 1),
  $batch,
  make_timestamptz(created::bigint * 1000000),
  lower(first_name) || '.' || lower(last_name) || (customer + 1) || '@example.org',
  case when phone >= 0 then printf('+00 555 %07d', phone) end,
  first_name,
  last_name,
  case when birth_day <> -1 then date '1970-01-01' + birth_day end,
  case when gender >= 0 then genders[gender + 1] end,
  countries[country + 1],
  case when country = 0 then regions[region + 1] end,
  null,
  null,
  case when income >= 0 then income::double end,
  case when education >= 0 then educations[education + 1] end,
  make_timestamptz(created::bigint * 1000000),
  null
from spelled;

-- name: insert_consents
-- What was agreed to at sign-up, refusals too, and what was taken back later.
insert into consents
select
  printf('c%06d', customer + 1), purpose.text, (consents >> purpose.code) & 1 = 1, 'consent',
  make_timestamptz(created::bigint * 1000000), $batch
from demo_customers, demo_words as purpose
where purpose.kind = 'purpose'
union all
select
  printf('c%06d', customer + 1), purpose.text, false, 'consent',
  make_timestamptz(withdrawn_seconds::bigint * 1000000), $batch
from demo_customers, demo_words as purpose
where purpose.kind = 'purpose' and (withdrawn >> purpose.code) & 1 = 1;

-- name: insert_lines
-- The price of a line is what was paid; the discount beside it is what was taken off. A return is an order of its own.
insert into order_lines
select
  ($base + row_number() over (order by order_number, lines.kind, product, ordinal, lines.cents))::uhugeint,
  $batch,
  case when lines.kind = 1 then 'R' else 'O' end || order_number,
  case when lines.customer >= 0 then printf('c%06d', lines.customer + 1) end,
  case product when -2 then 'SHIPPING' when -3 then 'GIFT-CARD' when -4 then 'MANUAL'
    else printf('%s%04d', $prefix, product) end,
  case product when -2 then 'Shipping' when -3 then 'Gift card' when -4 then 'Manual correction'
    else products.name end,
  products.category,
  quantity::double,
  lines.cents::bigint * 10000,
  quantity::bigint * lines.cents * 10000,
  discount_cents::bigint * 10000,
  round(quantity::bigint * lines.cents * 10000 * $tax_rate / (1 + $tax_rate))::bigint,
  case when product = -2 then lines.cents::bigint * 10000 end,
  case when lines.kind = 1 then lines.cents::bigint * 10000 end,
  case when products.cost_cents >= 0 then products.cost_cents::bigint * 10000 end,
  $currency,
  case lines.kind when 0 then 'sale' when 1 then 'cancellation' else 'adjustment' end,
  case when ordinal >= 1000 then 1 else ordinal end,
  make_timestamptz(seconds::bigint * 1000000),
  make_timestamptz(seconds::bigint * 1000000),
  coalesce(words.text, $country),
  sources.text
from demo_lines as lines
left join demo_products as products on products.code = lines.product
left join demo_words as sources on sources.kind = 'source' and sources.code = lines.source
left join demo_customers as customers on customers.customer = lines.customer
left join demo_words as words on words.kind = 'country' and words.code = customers.country;

-- name: insert_events
insert into events (
  event_key, batch_id, customer_id, call, name, occurred_at, received_at, session_id, product_id, quantity, price_micros,
  currency, source, message_id, body, properties
)
select
  ($base + seq)::uhugeint,
  $batch,
  case when customer >= 0 then 'c' || lpad((customer + 1)::varchar, 6, '0') end,
  kinds.call,
  kinds.name,
  make_timestamptz(seconds::bigint * 1000000),
  make_timestamptz(seconds::bigint * 1000000),
  case when session >= 0 then 's' || session end,
  products.product_id,
  case when products.product_id is not null and events.cents >= 0 then 1.0 end,
  case when events.cents >= 0 then events.cents::bigint * 10000 end,
  case when events.cents >= 0 then $currency end,
  sources.text,
  case when campaign >= 0 then 'm' || campaign || '-' || customer end,
  replace(texts.text, '{product}', coalesce(products.name, 'order')),
  case
    when events.kind in (5, 6) then '{"order_id":"' || case events.kind when 5 then 'O' else 'R' end || detail || '"}'
    when events.kind = 7 then '{"rating":' || detail || '}'
    when events.kind = 9 then '{"question":"How likely are you to recommend us?","score":' || detail || '}'
    when campaign >= 0 then '{"campaign":"campaign-' || campaign || '"}'
  end
from demo_events as events
join demo_kinds as kinds on kinds.kind = events.kind
left join demo_products as products on products.code = events.product
left join demo_words as sources on sources.kind = 'source' and sources.code = events.source
left join demo_texts as texts on texts.code = events.body;

-- name: drop_chunk
drop table if exists demo_events; drop table if exists demo_lines; drop table if exists demo_customers;

-- name: drop_words
drop table if exists demo_products; drop table if exists demo_words; drop table if exists demo_kinds;
drop table if exists demo_texts;

-- name: summary
select
  (select count(*) from customers) as customers,
  (select count(distinct order_id) from order_lines where kind = 'sale') as orders,
  (select count(*) from order_lines) as lines,
  (select count(*) from events) as events,
  (select min(occurred_at) from events) as first_at;

-- name: remove_demo
delete from events; delete from order_lines; delete from products; delete from customers; delete from consents;
delete from non_products; delete from batches where kind = 'demo';
delete from store_settings where name in ('demo', 'demo_incomplete', 'currency', 'timezone');

-- name: oracle_lines
-- Lines of known customers as the oracle reads them, with the day of the history and the hour, both local.
select
  customer_id,
  order_id,
  substr(product_id, length($prefix) + 1)::integer as product,
  discount_micros > 0 as discount,
  date_diff(
    'day', (make_timestamptz(($start)::bigint * 1000000) at time zone $timezone)::date,
    (occurred_at at time zone $timezone)::date
  ) as day,
  hour(occurred_at at time zone $timezone) as hour
from order_lines
where kind = 'sale' and customer_id is not null and product_id not in ('SHIPPING', 'GIFT-CARD', 'MANUAL')
order by customer_id, occurred_at, order_id, line_key;
