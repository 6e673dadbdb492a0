-- Scores as they were published; low and high are null where a score has no interval.

-- name: customer_scores
select score, value, case when not isnan(low) then low end as low, case when not isnan(high) then high end as high,
  reasons, model_id as "modelId", as_of as "asOf"
from served_scores where customer_id = $customer_id order by score;

-- name: highest_scores
select customer_id as "customerId", score, value, case when not isnan(low) then low end as low,
  case when not isnan(high) then high end as high, reasons, model_id as "modelId", as_of as "asOf"
from served_scores where score = $score order by value desc, customer_id limit $limit;

-- name: lowest_scores
select customer_id as "customerId", score, value, case when not isnan(low) then low end as low,
  case when not isnan(high) then high end as high, reasons, model_id as "modelId", as_of as "asOf"
from served_scores where score = $score order by value, customer_id limit $limit;

-- name: score_names
select distinct score from served_scores order by score;
