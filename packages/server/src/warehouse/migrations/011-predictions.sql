-- Predictions that are declared: what is asked, the versions of their models, and what their scores are called.

-- The latest version of a name holds.
create table prediction_definitions (
  name varchar not null,
  version integer not null,
  definition varchar not null,         -- JSON, as the protocol's PredictionDefinition
  declared_at timestamptz not null
);

-- Predictions that somebody switched off: they are neither trained nor scored.
create table prediction_switches (
  name varchar not null,
  switched_off_at timestamptz not null
);

-- What became of each model of a prediction; of those that serve, the latest does.
create table prediction_models (
  model_id varchar primary key,
  name varchar not null,
  version integer not null,
  definition varchar not null,         -- JSON, as it was trained on
  serves boolean not null,
  because varchar not null,
  decided_at timestamptz not null
);

-- How far inputs, scores and outcomes had moved from those of the training, each time it was looked at.
create table prediction_drift (
  model_id varchar not null,
  as_of timestamptz not null,
  looked_at timestamptz not null,
  report varchar not null              -- JSON
);

-- What scores are called where they are shown and used as features, and what a customer must agree to for them.
create table published_scores (
  score varchar primary key,
  label varchar not null,
  unit varchar not null,
  purpose varchar not null
);
insert into published_scores values
  ('lapse_probability', 'chance of a lapse', 'share', 'profiling'),
  ('probability_alive', 'chance of still being a customer', 'share', 'profiling'),
  ('expected_purchases', 'purchases expected', 'purchases', 'profiling'),
  ('expected_spend', 'spend expected of one purchase', 'money', 'profiling'),
  ('lifetime_value', 'lifetime value', 'money', 'profiling');

-- A customer who takes back what a score needs is out of it at once.
create or replace view served_scores as
select scores.* from scores
left join published_scores on published_scores.score = scores.score
left join consent_standings
  on consent_standings.customer_id = scores.customer_id and consent_standings.purpose = published_scores.purpose
left join customer_regions on customer_regions.customer_id = scores.customer_id
where (scores.customer_id in (select customer_id from profiling_exceptions))
    <> (select count(*) > 0 from consent_defaults where region = 'unknown' and purpose = 'profiling')
  and (
    published_scores.purpose is null
    or published_scores.purpose = 'profiling'
    or coalesce(
      consent_standings.is_granted,
      (coalesce(customer_regions.region, 'unknown'), published_scores.purpose)
        in (select (region, purpose) from consent_defaults)
    )
  );
