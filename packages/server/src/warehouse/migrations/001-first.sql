-- What every later version must be able to open. Frozen: a change is a new migration.

create table store_settings (
  name varchar primary key,
  value varchar not null
);

-- One row per import: what was read, how it was understood, and what became of every record.
create table batches (
  batch_id integer primary key,
  kind varchar not null,               -- orders, events, customers, products, demo
  files varchar not null,              -- JSON: [{path, bytes, sha256}]
  mapping varchar not null,            -- JSON: the mapping as applied
  options varchar not null,            -- JSON: currency, time zone, basis and the rest
  imported_at timestamptz not null,
  rows_read bigint not null,
  rows_accepted bigint not null,
  rows_duplicate bigint not null,
  rows_quarantined bigint not null,
  undone_at timestamptz
);

create sequence batch_ids;

-- Records that could not be taken, with the reason; nothing is dropped silently.
create table quarantine (
  batch_id integer not null,
  kind varchar not null,
  file varchar not null,
  row_number bigint not null,          -- 1 is the first record after the header
  column_name varchar,                 -- as the file calls it
  code varchar not null,               -- room.reason
  reason varchar not null,
  raw varchar not null,                -- the record as read: JSON object, column → text
  retried_batch_id integer             -- the import that took it in the end
);

-- The event log. received_at is when the event became known; imported history counts as known at its event time.
create table events (
  event_key uhugeint not null,         -- of the messageId, else of the content and its ordinal among equal records
  batch_id integer not null,
  customer_id varchar,                 -- as received; null when nobody was identified
  call varchar not null,               -- track, page, screen, identify, group, alias
  name varchar not null,               -- 'Product Viewed'; the page's name for page calls
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  session_id varchar,
  product_id varchar,
  quantity double,
  price_micros bigint,
  currency varchar,
  source varchar,                      -- where the visit came from: 'email', 'organic', 'paid-social' …
  message_id varchar,                  -- the message that this event is about (sends, opens, clicks)
  body varchar,                        -- text that a customer wrote: a ticket, a review, an answer
  properties varchar                   -- JSON: everything else
);

-- One row per line of an order as the shop recorded it. Amounts are whole 10⁻⁶ of the currency's unit.
create table order_lines (
  line_key uhugeint not null,
  batch_id integer not null,
  order_id varchar not null,
  customer_id varchar,
  product_id varchar,
  description varchar,
  category varchar,
  quantity double not null,
  unit_price_micros bigint not null,
  amount_micros bigint not null,       -- quantity × unit price, rounded once; negative for cancellations
  discount_micros bigint,              -- null: not known; never taken as zero
  tax_micros bigint,
  shipping_micros bigint,
  refund_micros bigint,
  unit_cost_micros bigint,
  currency varchar not null,
  kind varchar not null,               -- sale, cancellation, adjustment
  ordinal integer not null,            -- 0, or the how-manieth equal line of its file this is
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  country varchar,
  source varchar
);

-- What is known of products; the latest row of a product holds.
create table products (
  product_id varchar not null,
  batch_id integer not null,
  known_at timestamptz not null,
  name varchar,
  category varchar,                    -- a path: 'Women > Dresses'
  brand varchar,
  price_micros bigint,
  unit_cost_micros bigint,
  currency varchar,
  is_available boolean,                -- null: not known
  attributes varchar                   -- JSON
);

-- Codes in order lines that are no product (postage, fees, manual corrections), and by which rule.
create table non_products (
  product_id varchar primary key,
  rule varchar not null
);

-- Traits of customers as imported; a later row's values win, known_at null for traits without a date.
create table customers (
  customer_id varchar not null,
  batch_id integer not null,
  known_at timestamptz,
  email varchar,
  phone varchar,
  first_name varchar,
  last_name varchar,
  birth_date date,
  gender varchar,
  country varchar,
  region varchar,
  city varchar,
  postal_code varchar,
  income double,
  education varchar,
  created_at timestamptz,
  traits varchar                       -- JSON: everything else
);

-- What a customer agreed to; the latest row of a purpose holds, and no row means no.
create table consents (
  customer_id varchar not null,
  purpose varchar not null,            -- analytics, profiling, personalization, marketing.email, .social, .ads
  is_granted boolean not null,
  basis varchar not null,              -- consent, contract, legitimate-interest, … as the import says
  occurred_at timestamptz not null,
  batch_id integer not null
);

-- Cleaning steps that are switched on leave lines out of every analysis; the lines themselves stay where they are.
create table cleaning_steps (
  step varchar primary key,
  switched_on_at timestamptz not null
);

create table left_out_lines (
  line_key uhugeint not null,
  step varchar not null
);

-- What every analysis reads: the order lines that no cleaning step leaves out.
create view kept_lines as
select * from order_lines
where line_key not in (select line_key from left_out_lines);

-- Everything below is derived and can be thrown away and rebuilt.
create table feature_tables (
  table_name varchar primary key,
  as_of timestamptz not null,
  definitions varchar not null,        -- JSON: the catalogue's entries that made it
  computed_at timestamptz not null
);

create table models (
  model_id varchar primary key,        -- 'lapse-boosting-3'
  purpose varchar not null,            -- lapse, lifetime, segments, recommendations
  kind varchar not null,               -- boosting, mbg-nbd, k-means …
  version integer not null,
  created_at timestamptz not null,
  as_of timestamptz not null,
  card varchar not null,               -- JSON: training set, metrics, consent basis
  fitted varchar not null              -- JSON: the model value
);

create table scores (
  customer_id varchar not null,
  score varchar not null,              -- 'lapse_probability', 'lifetime_value', 'probability_alive' …
  value double not null,
  low double,
  high double,
  reasons varchar,                     -- JSON: [{feature, value, effect, words}]
  model_id varchar not null,
  as_of timestamptz not null
);

create table segments (
  segment_id varchar primary key,      -- 'rfm.champions', 'discovered.2', 'rule.cart-abandoners'
  family varchar not null,             -- rfm, discovered, rule
  name varchar not null,
  definition varchar not null,         -- JSON
  model_id varchar,
  as_of timestamptz not null,
  customers bigint not null
);

create table segment_members (
  segment_id varchar not null,
  customer_id varchar not null,
  distance double                      -- to the centre of a discovered segment; null for other families
);

create table recommendations (
  customer_id varchar not null,
  position integer not null,           -- 1 is the best
  product_id varchar not null,
  score double not null,
  because_product_id varchar,          -- the past purchase that speaks most for it
  model_id varchar not null
);

create table related_products (
  relation varchar not null,           -- similar, bought-together
  product_id varchar not null,
  position integer not null,
  other_product_id varchar not null,
  score double not null,
  together bigint,                     -- orders that hold both
  model_id varchar not null
);

create table analyses (
  analysis_id integer primary key,
  as_of timestamptz not null,
  created_at timestamptz not null,
  document varchar not null            -- JSON: what the report shows
);

-- Customers with the latest value of every trait.
create view current_customers as
select
  customer_id,
  arg_max(email, batch_id) as email,
  arg_max(phone, batch_id) as phone,
  arg_max(first_name, batch_id) as first_name,
  arg_max(last_name, batch_id) as last_name,
  arg_max(birth_date, batch_id) as birth_date,
  arg_max(gender, batch_id) as gender,
  arg_max(country, batch_id) as country,
  arg_max(region, batch_id) as region,
  arg_max(city, batch_id) as city,
  arg_max(postal_code, batch_id) as postal_code,
  arg_max(income, batch_id) as income,
  arg_max(education, batch_id) as education,
  arg_max(created_at, batch_id) as created_at,
  arg_max(traits, batch_id) as traits
from customers
group by customer_id;

-- Products with the latest value of every attribute, those known from order lines only included.
create view current_products as
with catalogue as (
  select
    product_id,
    arg_max(name, (known_at, batch_id)) as name,
    arg_max(category, (known_at, batch_id)) as category,
    arg_max(brand, (known_at, batch_id)) as brand,
    arg_max(price_micros, (known_at, batch_id)) as price_micros,
    arg_max(unit_cost_micros, (known_at, batch_id)) as unit_cost_micros,
    arg_max(currency, (known_at, batch_id)) as currency,
    arg_max(is_available, (known_at, batch_id)) as is_available
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
  non_products.rule as non_product_rule
from catalogue
full join sold on sold.product_id = catalogue.product_id
left join non_products on non_products.product_id = coalesce(catalogue.product_id, sold.product_id);

-- One row per order of a known or unknown customer: what was sold in it, cancellations and adjustments apart.
create view orders as
select
  order_id,
  min(customer_id) as customer_id,
  min(occurred_at) as ordered_at,
  min(received_at) as received_at,
  min(currency) as currency,
  min(country) as country,
  min(source) as source,
  bool_or(kind = 'sale') as is_purchase,
  bool_or(kind = 'cancellation') as is_cancellation,
  count(*) as lines,
  sum(quantity) as quantity,
  sum(amount_micros)::bigint as amount_micros,
  sum(discount_micros)::bigint as discount_micros,
  sum(tax_micros)::bigint as tax_micros,
  sum(shipping_micros)::bigint as shipping_micros,
  sum(refund_micros)::bigint as refund_micros,
  case when count(unit_cost_micros) = count(*) then sum(round(unit_cost_micros * quantity))::bigint end as cost_micros
from kept_lines
group by order_id;
