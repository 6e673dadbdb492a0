-- What every model about customers reads: where the history begins.

-- name: history_start
-- Where the history begins: of purchases, and of what customers do on the site (null without any).
select
  (select min(occurred_at) from profiled_lines
    where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of) as purchases,
  (select min(occurred_at) from profiled_events
    where customer_id is not null and occurred_at <= $as_of and received_at <= $as_of) as events;
