-- Who came into live segments and left them, as it was told.

create table segment_movements (
  number bigint not null,              -- 1, 2, 3 … of the store, in the order in which they were told; some may be missing
  segment_id varchar not null,
  version integer not null,            -- of the segment's definition
  sequence bigint not null,            -- 1, 2, 3 … of the segment; missing where a customer was erased
  customer_id varchar,                 -- null where whoever left was erased
  occurred_at timestamptz not null,
  is_entry boolean not null,
  because varchar not null,            -- event, time, definition, list, identity, consent, erasure
  clauses varchar                      -- JSON: what of the rule decided it; null where nothing of it did
);

-- The last number that is in the table: later ones are in files beside the event log.
create table movement_cursor (number bigint not null);
insert into movement_cursor values (0);
