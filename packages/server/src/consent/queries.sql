-- Queries of the consent room. What is derived here is made again from the ledger, the imports, the map of identities and
-- the defaults, whole or for some customers: {touched} is `true`, or says that they are among touched_customers.

-- name: consents_after
-- Events of the wire after a position that say what somebody agreed to, in the order of the log; without those whose stamp
-- is that of the event before of the same browser.
select position, name, customer_id as user_id, anonymous_id, context,
  case when name in ($consent_event, $decision_event) then properties end as proof, epoch_ms(occurred_at)::bigint as occurred_at
from events
where position > $after and position <= $upto
  and (contains(context, '"categoryPreferences"') or contains(context, '"globalPrivacyControl":true'))
qualify name in ($consent_event, $decision_event)
  or lag(context->'$.consent') over (partition by coalesce('anonymous:' || anonymous_id, customer_id) order by position)
    is distinct from (context->'$.consent')
order by position
limit $limit;

-- name: last_position
select coalesce(max(position), 0)::bigint as position from events;

-- name: countries_between
-- The countries that customers said, or were seen in, after a position and up to another, and the region that holds for
-- each customer so far.
with said as (
  select customer_id, case when call = 'identify' then coalesce(properties->>'$.address.country', properties->>'$.country') end as country
  from known_events
  where position > $after and position <= $upto and customer_id is not null and contains(properties, 'country')
  union
  select customer_id, context->>'$.location.country'
  from known_events
  where position > $after and position <= $upto and customer_id is not null and contains(context, '"location"')
)
select said.customer_id, said.country, coalesce(customer_regions.region, 'unknown') as region
from said left join customer_regions using (customer_id)
where said.country is not null;

-- name: are_placed
select count(*) > 0 as found from customer_regions where {touched};

-- name: touch_received
-- The customers of the staged ids, and those whom these ids belonged to before.
create or replace temp table touched_customers as
select distinct coalesce(identity_map.customer_id, staged.received_id) as customer_id
from staged_ids as staged
left join identity_map on identity_map.received_id = staged.received_id
union
select received_id from staged_ids;
drop table staged_ids;

-- name: add_live
insert into live_consents
select staged.consent_id, staged.received_id, staged.purpose, staged.is_granted = 1, staged.basis,
  make_timestamptz((staged.decided_at * 1000)::bigint)
from staged_consents as staged
where staged.consent_id not in (select consent_id from live_consents);
drop table staged_consents;

-- name: clear_live
delete from live_consents;

-- name: count_live
select count(*) as n from live_consents;

-- name: stand
delete from consent_standings where {touched};
insert into consent_standings
select customer_id, purpose,
  arg_max(is_granted, (basis = 'consent', decided_at, not is_granted)),
  arg_max(decided_at, (basis = 'consent', decided_at, not is_granted))
from known_consents
where {touched}
group by customer_id, purpose;

-- name: except
delete from profiling_exceptions where {touched};
insert into profiling_exceptions
with fallback as (
  select count(*) > 0 as is_granted from consent_defaults where region = 'unknown' and purpose = 'profiling'
),
regional as (
  select customer_id, exists (
    select 1 from consent_defaults where consent_defaults.region = customer_regions.region and purpose = 'profiling'
  ) as is_granted
  from customer_regions
  where {touched}
)
select customer_id from consent_standings, fallback
where purpose = 'profiling' and consent_standings.is_granted <> fallback.is_granted and {touched}
union all
select customer_id from regional, fallback
where regional.is_granted <> fallback.is_granted
  and customer_id not in (select customer_id from consent_standings where purpose = 'profiling');

-- name: clear_defaults
delete from consent_defaults;

-- name: add_defaults
-- $granted: JSON, [{region, purpose}].
insert into consent_defaults
select one.region, one.purpose
from (select unnest(from_json($granted, '[{"region":"varchar","purpose":"varchar"}]')) as one);

-- name: is_regional
-- Whether it matters where somebody lives.
select count(*) > 0 as found
from (select purpose from consent_defaults group by purpose having count(*) < 3);

-- name: find_countries
-- The country of every customer: as they or an import say, else that of their last order, else where their last event came
-- from.
create or replace temp table customer_countries as
with traits as (
  select coalesce(identity_map.customer_id, current_customers.customer_id) as customer_id, country
  from current_customers
  left join identity_map on identity_map.received_id = current_customers.customer_id
  where country is not null
),
ordered as (
  select customer_id, arg_max(country, (occurred_at, line_key)) as country
  from kept_lines where customer_id is not null and country is not null and {touched}
  group by customer_id
),
located as (
  select customer_id, arg_max(context->>'$.location.country', (occurred_at, position)) as country
  from known_events where customer_id is not null and contains(context, '"location"') and {touched}
  group by customer_id
)
select customer_id, coalesce(traits.country, ordered.country, located.country) as country
from traits
full join ordered using (customer_id)
full join located using (customer_id)
where coalesce(traits.country, ordered.country, located.country) is not null and {touched};

-- name: list_countries
select distinct country from customer_countries order by country;

-- name: fill_regions
-- Of somebody of several countries the stricter holds: opt-in comes before opt-out.
insert into customer_regions
select customer_id, min(region)
from customer_countries join staged_regions using (country)
group by customer_id;
drop table customer_countries;
drop table staged_regions;

-- name: clear_regions
delete from customer_regions where {touched};

-- name: analytics_of
-- Every id of the customers who decided about analytics, and what holds.
with standing as (
  select customer_id, is_granted, decided_at from consent_standings where purpose = 'analytics' and {touched}
)
select customer_id as received_id, is_granted, epoch_ms(decided_at)::bigint as decided_at from standing
where not is_granted or {keeps_granted}
union all
select identity_map.received_id, is_granted, epoch_ms(decided_at)::bigint
from standing join identity_map using (customer_id)
where not is_granted or {keeps_granted};

-- name: list_touched
select customer_id from touched_customers order by customer_id;

-- name: forget_touched
drop table if exists touched_customers;

-- name: consents_of
-- What holds for one customer, by purpose, and by which rule where they decided nothing.
with region as (
  select coalesce((select region from customer_regions where customer_id = $id limit 1), 'unknown') as region
),
purposes as (
  select unnest(['analytics', 'profiling', 'personalization', 'marketing.email', 'marketing.social', 'marketing.ads']) as purpose
)
select purposes.purpose, region.region,
  coalesce(standing.is_granted, (purposes.purpose, region.region) in (select (purpose, region) from consent_defaults)) as "isGranted",
  epoch_ms(standing.decided_at)::bigint as "decidedAt"
from purposes cross join region
left join consent_standings as standing on standing.purpose = purposes.purpose and standing.customer_id = $id;

-- name: held_decisions
-- Decisions over the wire that say what holds for one customer: of those of one moment about a purpose twenty at most.
select said.consent_id as "consentId"
from live_consents as said
left join identity_map on identity_map.received_id = said.received_id
join consent_standings as standing
  on standing.customer_id = $id and standing.purpose = said.purpose and standing.decided_at = said.decided_at
where coalesce(identity_map.customer_id, said.received_id) = $id
qualify row_number() over (partition by said.purpose order by said.consent_id desc) <= 20;

-- name: received_ids
select received_id from identity_map where customer_id = $id union select $id;

-- name: imported_consents
-- What imports said of these ids ($ids: JSON, an array).
select customer_id as "receivedId", purpose, is_granted as "isGranted", basis, epoch_ms(occurred_at)::bigint as "decidedAt",
  batch_id as "batchId"
from consents
where customer_id in (select unnest(from_json($ids, '["varchar"]')))
order by occurred_at, batch_id, purpose;

-- name: held_defaults
select region, purpose from consent_defaults order by region, purpose;
