-- name: movements_by_day
-- How many came into a segment and left it in each of some days, by the moments (ms) at which they begin; −1 is before all of
-- them. Who was erased since has left no entry, so their exit must not count either.
with days(day, start) as (values {days})
select coalesce((select max(day) from days where start <= epoch_ms(movement.occurred_at)), -1) as day,
  count(*) filter (where is_entry) as entries,
  count(*) filter (where not is_entry) as exits
from segment_movements as movement
where segment_id = $segment and customer_id is not null
group by all
