-- Definitions of predictions, and the models that were made of them.

-- name: definitions
-- The latest of each name.
select name, version, definition,
  exists (from prediction_switches where prediction_switches.name = prediction_definitions.name) as "isOff"
from prediction_definitions
qualify row_number() over (partition by name order by version desc) = 1
order by name;

-- name: define
insert into prediction_definitions
select $name, coalesce(max(version), 0) + 1, $definition, $declared_at from prediction_definitions where name = $name;

-- name: switch_off
insert into prediction_switches values ($name, $at);

-- name: switch_on
delete from prediction_switches where name = $name;

-- name: is_off
select exists (from prediction_switches where name = $name) as "isOff";

-- name: drop_scores
-- Those that the prediction publishes now, and those of its models under a name that its score had before.
delete from scores
where score = $score or model_id in (select model_id from prediction_models where name = $name);

-- name: next_version
select coalesce(max(version), 0) + 1 as version from models where purpose = $name;

-- name: add_model
insert into models values ($model_id, $name, $kind, $version, $created_at, $as_of, $card, $fitted);

-- name: add_version
insert into prediction_models values ($model_id, $name, $version, $definition, $serves, $because, $decided_at);

-- name: step_down
-- Another model serves from now on.
update prediction_models set serves = false where name = $name and model_id <> $model_id;

-- name: let_go
-- Of models that do not serve only the newest keeps what was fitted; the cards of all stay.
update models set fitted = '{}'
where model_id in (
  select model_id from prediction_models where name = $name and not serves
  qualify row_number() over (order by version desc) > 1
);

-- name: versions
select prediction_models.model_id as "modelId", prediction_models.version, serves, because, kind, as_of as "asOf",
  prediction_models.decided_at as "decidedAt", card
from prediction_models join models using (model_id)
where name = $name order by prediction_models.version desc;

-- name: serving
select prediction_models.model_id as "modelId", prediction_models.version, prediction_models.definition, as_of as "asOf",
  card, fitted
from prediction_models join models using (model_id)
where name = $name and serves
order by prediction_models.version desc limit 1;

-- name: serving_card
select prediction_models.model_id as "modelId", card
from prediction_models join models using (model_id)
where name = $name and serves
order by prediction_models.version desc limit 1;

-- name: add_drift
insert into prediction_drift values ($model_id, $as_of, $looked_at, $report);

-- name: last_drift
select model_id as "modelId", prediction_drift.as_of as "asOf", looked_at as "lookedAt", report
from prediction_drift join prediction_models using (model_id)
where name = $name
order by looked_at desc limit 1;

-- name: label_score
insert or replace into published_scores values ($score, $label, $unit, $purpose);
