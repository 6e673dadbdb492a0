-- Models that say something of customers in their session: features are made of them.

-- name: served_models
select prediction_models.name, fitted
from prediction_models join models using (model_id)
where serves and json_extract_string(definition, '$.target.kind') = 'session'
  and not exists (from prediction_switches where prediction_switches.name = prediction_models.name)
order by prediction_models.name;

-- name: served_model_ids
select model_id as "modelId"
from prediction_models
where serves and json_extract_string(definition, '$.target.kind') = 'session'
  and not exists (from prediction_switches where prediction_switches.name = prediction_models.name)
order by model_id;
