-- What is kept of models whose place newer ones took. {used} are those that something in the store was made by.

-- name: used
select model_id from scores
union select model_id from segments where model_id is not null
union select model_id from segment_families where model_id is not null
union select model_id from recommendations
union select model_id from related_products
union select model_id from prediction_models

-- name: let_go_fitted
update models set fitted = '{}'
where purpose = $purpose and fitted <> '{}' and model_id not in ({used})

-- name: drop_cards
delete from models where model_id in (
  select model_id from models
  where purpose = $purpose and model_id not in ({used})
  qualify row_number() over (partition by kind order by version desc) > $most
)
