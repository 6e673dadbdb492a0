-- What the lapse models read. A purchase is a sale line of a known customer.

-- name: lapse_timezone
select coalesce((select value from store_settings where name = 'timezone'), 'UTC') as timezone;

-- name: lapse_gaps
-- Days from each purchase day to the customer's next one, as known by $until; how many there are of each length. A moment
-- is given its day once, not for every line: the time zone costs more than all the rest.
with moments as (
  select distinct customer_id, occurred_at
  from profiled_lines
  where kind = 'sale' and customer_id is not null and occurred_at <= $until and received_at <= $until
),
days as (
  select distinct customer_id, (occurred_at at time zone $timezone)::date as day from moments
),
gaps as (
  select day - lag(day) over (partition by customer_id order by day) as gap from days
)
select gap::integer as gap, count(*)::integer as gaps from gaps where gap is not null group by gap order by gap;

-- name: lapse_population
-- Customers who bought in ($active_from, $cut], as known at the cut; whether they bought again in ($cut, $until], as
-- known by $known_by. Nothing after $until counts, however much is known.
select
  customer_id,
  (count(*) filter (occurred_at > $cut and occurred_at <= $until) = 0)::integer as lapsed
from profiled_lines
where kind = 'sale' and customer_id is not null and occurred_at > $active_from and occurred_at <= $until
  and received_at <= $known_by
group by customer_id
having count(*) filter (occurred_at <= $cut and received_at <= $cut) > 0
order by customer_id;

-- name: drop_lapse_scores
delete from scores where score = 'lapse_probability';
