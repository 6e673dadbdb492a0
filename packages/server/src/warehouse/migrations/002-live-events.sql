-- Events that come over the wire while the server runs: how they are followed, and who they belong to.

-- null for imported events: those are followed batch by batch.
alter table events add column position bigint;
alter table events add column anonymous_id varchar;
-- The earlier id of an alias, the group of a group call.
alter table events add column other_id varchar;
-- JSON: page, campaign, device, locale, consent …
alter table events add column context varchar;

-- Derived: which customer an identity belongs to, as the identity room has resolved it; no row means its own.
create table identity_map (
  kind varchar not null,               -- user, anonymous
  value varchar not null,
  customer_id varchar not null,
  known_at timestamptz not null
);
