-- How the lines of a segment of the event log become rows. $file is the segment's, whose lines `log-line.ts` writes.

-- name: cursor
select position from log_cursor;

-- name: open_batch
-- What comes while a server runs is a batch, of $kind. A demo's batch has no number from the sequence.
insert into batches
select greatest(nextval('batch_ids'), (select coalesce(max(batch_id), 0) + 1 from batches))::integer, $kind, '[]', '{}', '{}', $opened_at::timestamptz, 0, 0, 0, 0, null
returning batch_id;

-- name: is_empty
select not exists (from events) as is_empty;

-- name: keys_after
-- Of the events at the places of the log after $after: those that have an id have its key, told in parts of 43 bits.
select
  (event_key >> 86)::bigint as high,
  ((event_key >> 43) & 8796093022207::uhugeint)::bigint as middle,
  (event_key & 8796093022207::uhugeint)::bigint as low
from events where position > $after;

-- name: currency
select value from store_settings where name = 'currency';

-- name: take_events
-- Events after the cursor, without those that an import brought after this batch began. Without an id an event is its
-- place in the log.
insert into events (
  event_key, batch_id, customer_id, call, name, occurred_at, received_at, session_id, product_id, quantity,
  price_micros, currency, source, message_id, body, properties, position, anonymous_id, other_id, context, repeats_ids
)
with lines as (
  select
    p,
    e,
    md5_number(case when e.id is null then concat_ws(chr(31), 'events-place', p) else concat_ws(chr(31), 'events-id', e.id) end)
      as event_key
  from read_ndjson($file, columns = {
    p: 'bigint',
    e: 'struct(call varchar, name varchar, "at" bigint, received bigint, suspect boolean, repeats boolean, id varchar, "user" varchar, anonymous varchar, other varchar, session varchar, product varchar, quantity double, price bigint, currency varchar, source varchar, about varchar, body varchar, properties json, context json)'
  })
  where p > $cursor and e is not null
)
select
  event_key, $batch, e."user", e.call, e.name, make_timestamptz(e."at" * 1000), make_timestamptz(e.received * 1000),
  e.session, e.product, e.quantity, e.price, e.currency, e.source, e.about, e.body, e.properties::varchar, p,
  e.anonymous, e.other, e.context::varchar, e.repeats
from lines
where event_key not in (select event_key from events where batch_id > $batch)

-- name: leave_out_repeats
-- The end of take_events for a segment with events that the log may hold already, wherever it does.
  and not (e.suspect and event_key in (select event_key from events))
qualify not e.suspect or row_number() over (partition by event_key order by p) = 1

-- name: take_orders
-- The same line of the same order is one, in however many events it comes.
insert into order_lines
select
  l.key::uhugeint, $batch, l."orderId", l."customerId", l."productId", l.description, l.category, l.quantity,
  l."unitPriceMicros", l."amountMicros", l."discountMicros", l."taxMicros", l."shippingMicros", null, null, l.currency,
  l.kind, 0, make_timestamptz(l."occurredAt" * 1000), make_timestamptz(l."receivedAt" * 1000), null, l.source
from read_ndjson($file, columns = {
  p: 'bigint',
  l: 'struct(key varchar, "orderId" varchar, "customerId" varchar, "productId" varchar, description varchar, category varchar, quantity double, "unitPriceMicros" bigint, "amountMicros" bigint, "discountMicros" bigint, "taxMicros" bigint, "shippingMicros" bigint, currency varchar, kind varchar, "occurredAt" bigint, "receivedAt" bigint, source varchar)'
})
where p > $cursor and l is not null and l.key::uhugeint not in (select line_key from order_lines)
qualify row_number() over (partition by l.key order by p) = 1;

-- name: take_bad
-- A call that was sent again has the name that it had, and stays as it came first.
insert into quarantine (
  batch_id, kind, file, row_number, column_name, code, reason, raw, call_id, received_at, sent_at
)
select
  $batch, 'events', 'the wire', q.row, q.pointer, q.code, q.reason, q.raw, q.id,
  make_timestamptz(q.received * 1000), q.sent
from read_ndjson($file, columns = {
  p: 'bigint',
  q: 'struct(id varchar, "row" bigint, pointer varchar, code varchar, reason varchar, raw varchar, received bigint, sent varchar)'
})
where p > $cursor and q is not null
  and q.id not in (select call_id from quarantine where call_id is not null)
qualify row_number() over (partition by q.id order by p) = 1;

-- name: move_cursor
update log_cursor set position = $last where position < $last;
