-- What somebody declared as features, as the state store has it: those who compute them have the warehouse only.
create table declared_features (
  position integer not null,   -- by name
  definition varchar not null  -- JSON
);
