-- Who agreed to what, for everything that reads customers. All of it is derived, and kept by the consent room: from
-- imported consents, from the ledger in the state store, from who belongs together and from the store's defaults.

-- What was decided over the wire, by API or by command, as the ledger has it.
create table live_consents (
  consent_id varchar not null,
  received_id varchar not null,        -- the user id, or 'anonymous:' and the browser's
  purpose varchar not null,
  is_granted boolean not null,
  basis varchar not null,
  decided_at timestamptz not null
);

-- Every decision, under the customer whose it is.
create view known_consents as
select
  coalesce(identity_map.customer_id, said.received_id) as customer_id,
  said.*
from (
  select customer_id as received_id, purpose, is_granted, basis, occurred_at as decided_at, batch_id from consents
  union all
  select received_id, purpose, is_granted, basis, decided_at, null from live_consents
) as said
left join identity_map on identity_map.received_id = said.received_id;

-- What is granted to whoever decided nothing, by region: opt-in, opt-out, unknown. No row means no. A store that nobody
-- set up otherwise, as all are that were made before this, is for analytics only.
create table consent_defaults (
  region varchar not null,
  purpose varchar not null
);
insert into consent_defaults values ('opt-in', 'analytics'), ('opt-out', 'analytics'), ('unknown', 'analytics');

-- Customers whose region is known.
create table customer_regions (
  customer_id varchar not null,
  region varchar not null              -- opt-in, opt-out
);

-- What holds of what was decided. A person's own word stands before a basis that the shop claims; of several the latest
-- holds, of two at one moment the refusal.
create table consent_standings (
  customer_id varchar not null,
  purpose varchar not null,
  is_granted boolean not null,
  decided_at timestamptz not null
);
insert into consent_standings
select customer_id, purpose,
  arg_max(is_granted, (basis = 'consent', decided_at, not is_granted)),
  arg_max(decided_at, (basis = 'consent', decided_at, not is_granted))
from known_consents
group by customer_id, purpose;

-- Customers of whom another holds for profiling than of somebody who decided nothing and whose region nobody knows. So
-- that whoever is not in it, being new, is treated by the strictest default.
create table profiling_exceptions (
  customer_id varchar not null
);
insert into profiling_exceptions
select customer_id from consent_standings where purpose = 'profiling' and is_granted;

-- What every room reads that trains or scores: facts of customers who may be profiled, and of nobody in particular.
create view profiled_lines as
select * from kept_lines
where customer_id is null
  or (customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling');

create view profiled_events as
select * from known_events
where customer_id is null
  or (customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling');

create view profiled_customers as
select customers.* from customers
left join identity_map on identity_map.received_id = customers.customer_id
where (coalesce(identity_map.customer_id, customers.customer_id) in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling');

-- What is shown and handed out of what was found: a customer who takes profiling back is out of it at once.
create view served_scores as
select * from scores
where (customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling');

create view served_members as
select * from segment_members
where (customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling');

create view served_recommendations as
select * from recommendations
where (customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling');
