-- Families of segments that were asked for by name: what was asked, what came of it, and what is kept to place others.

-- name: baskets
-- In how many orders each customer (numbered as `buyers` orders them) bought each product (numbered by id).
with lines as (
  select customer_id, product_id, order_id, quantity
  from {lines}
  where kind = 'sale' and customer_id is not null and occurred_at <= $as_of and received_at <= $as_of
),
customers as (
  select customer_id, (row_number() over (order by customer_id) - 1)::integer as customer
  from (select distinct customer_id from lines)
),
bought as (
  select customer_id, product_id, count(distinct order_id) as orders
  from lines
  where quantity > 0 and product_id is not null and product_id not in (select product_id from non_products)
  group by customer_id, product_id
)
select customer, product_id, orders::double as orders
from bought join customers using (customer_id)
order by customer, product_id

-- name: forget_family
delete from segment_families where family = $family

-- name: keep_family
insert into segment_families (family, kind, request, model_id, as_of, result)
values ($family, $kind, $request, $model_id, $as_of, $result)

-- name: families
select family, kind, request, model_id, as_of, result from segment_families order by family

-- name: one_model
select fitted from models where model_id = $id

-- name: forget_exemplars
-- Of models that no family uses any more.
delete from segment_exemplars
where model_id not in (select model_id from segment_families where model_id is not null)

-- name: forget_exemplars_of
delete from segment_exemplars where model_id = $model_id

-- name: add_exemplars
insert into segment_exemplars (model_id, customer_id, segment, position, coordinates)
select $model_id, customer_id, segment, position, coordinates from {table}

-- name: exemplars
select customer_id, segment, position, coordinates from segment_exemplars where model_id = $model_id order by position

-- name: resolve_labels
-- Each labelled id's customer, in the order of the list; whether anything names the id, and whether the customer has
-- features: one who has none has done nothing, or may not be profiled.
select position, coalesce(identity_map.customer_id, listed.id) as customer_id,
  coalesce(identity_map.customer_id, listed.id) in (select customer_id from customer_features)
    or listed.id in (select customer_id from order_lines)
    or coalesce(identity_map.customer_id, listed.id) in (select customer_id from known_events)
    or listed.id in (select customer_id from customers) as is_known
from {table} as listed left join identity_map on identity_map.received_id = listed.id
order by position

-- name: forget_labels
delete from segment_labels where family = $family

-- name: forget_untaught_labels
-- Of families that are not, or no longer, made of labels.
delete from segment_labels
where family not in (select family from segment_families where kind = 'teach' and model_id is not null)

-- name: add_labels
insert into segment_labels (family, customer_id, label, fold)
select $family, customer_id, label, nullif(fold, -1) from {table}

-- name: labels
select customer_id, label, coalesce(fold, -1) as fold from segment_labels where family = $family order by customer_id

-- name: add_probabilities
insert into segment_probabilities (segment_id, customer_id, probability, is_labelled, reasons)
select from_json($ids, '["varchar"]')[position + 1], customer_id, probability, is_labelled = 1, reasons from {table}

-- name: live_models_revision
select string_agg(family || ' ' || coalesce(model_id, '') || ' ' ||
    (select count(*) from segment_labels where segment_labels.family = segment_families.family), ', ' order by family) as revision
from segment_families
