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
