-- name: make_staged
create or replace temp table import_consents (
  customer_id varchar, purpose varchar, is_granted boolean, basis varchar, occurred_at timestamptz
);

-- name: drop_unchanged
-- What the store has as the latest word on a purpose is not said again.
delete from import_consents
where (customer_id, purpose, is_granted, basis) in (
  select customer_id, purpose, arg_max(is_granted, (occurred_at, batch_id)), arg_max(basis, (occurred_at, batch_id))
  from consents
  group by customer_id, purpose
);

-- name: count_staged
select count(*) as n from import_consents;

-- name: insert_staged
insert into consents select customer_id, purpose, is_granted, basis, occurred_at, $batch from import_consents;

-- name: drop_staged
drop table if exists import_consents;
