-- Segments that were asked for by name: groups found by a chosen method, and labelled lists that were extended.

create table segment_families (
  family varchar primary key,          -- 'winter', of segments 'winter.1', 'winter.2' …
  kind varchar not null,               -- discover, teach
  request varchar not null,            -- JSON: what was asked for
  model_id varchar,                    -- null where nothing was found
  as_of timestamptz not null,          -- of the data that the model was fitted to
  result varchar not null              -- JSON: what the report shows
);

-- What a model compares other customers with: its typical customers, or the cores of its groups.
create table segment_exemplars (
  model_id varchar not null,
  customer_id varchar not null,
  segment integer not null,            -- position in the family, 0 is the first
  position integer not null,
  coordinates varchar not null         -- JSON: numbers, words, and null for what is missing
);

-- What customers were said to be, for a family that was taught, and which of its models has not seen them.
create table segment_labels (
  family varchar not null,
  customer_id varchar not null,
  label varchar not null,
  fold integer                         -- null: none has
);

-- How sure a taught model is of a member.
create table segment_probabilities (
  segment_id varchar not null,
  customer_id varchar not null,
  probability double not null,         -- 0 … 1, calibrated
  is_labelled boolean not null,        -- in it because somebody said so
  reasons varchar not null             -- JSON: what speaks most for it
);
