-- name: count_all
select count(*) as n from quarantine;

-- name: make_keys
create or replace temp table import_bad (key uhugeint, place bigint);

-- name: keys_of_bad
-- Runs in the reader: the identity of a bad record is its text and how-manieth equal one of its file it is.
select
  md5_number(kind || chr(31) || raw || chr(31) || row_number() over (partition by file, raw order by row_number)) as key,
  rowid as place
from bad;

-- name: find_known
select place from import_bad
where key in (
  select
    md5_number(kind || chr(31) || raw || chr(31) || row_number() over (partition by batch_id, file, raw order by row_number))
  from quarantine
  where batch_id not in (select batch_id from batches where undone_at is not null)
);

-- name: drop_keys
drop table if exists import_bad;

-- name: list
select batch_id as "batchId", kind, file, row_number as "row", column_name as "column", code, reason, raw
from quarantine
where retried_batch_id is null and ($batch is null or batch_id = $batch)
order by batch_id, file, row_number
limit $limit;

-- name: reasons
-- What kept records out, by import, with some of the values that were got: the first record of each value, and how many
-- records have it. A reason is what must hold, ", got ", and the value.
with held as (
  select batch_id, kind, code, column_name, file, row_number,
    split_part(reason, ', got ', 1) as must,
    case when contains(reason, ', got ') then substr(reason, strpos(reason, ', got ') + 6) else '' end as got
  from quarantine
  where retried_batch_id is null and ($batch is null or batch_id = $batch)
),
counted as (
  select *,
    count(*) over reason as records,
    count(*) over reason_value as times
  from held
  window reason as (partition by batch_id, code, column_name, must),
    reason_value as (partition by batch_id, code, column_name, must, got)
  qualify row_number() over (partition by batch_id, code, column_name, must, got order by file, row_number) = 1
)
select batch_id as "batchId", kind, code, column_name as "column", must, records, file, row_number as "row", got, times,
  count(*) over (partition by batch_id, code, column_name, must) as "values"
from counted
qualify row_number() over (partition by batch_id, code, column_name, must order by times desc, file, row_number) <= $examples
order by batch_id, records desc, code, column_name, must, times desc, file, row_number;

-- name: files_to_retry
-- Calls of the wire are replayed, not imported.
select distinct quarantine.batch_id, quarantine.kind, file, batches.mapping, batches.options
from quarantine join batches using (batch_id)
where retried_batch_id is null and call_id is null and undone_at is null and not starts_with(raw, '{"":')
  and ($batch is null or quarantine.batch_id = $batch)
order by 1, 3;

-- name: raw_of_file
select raw, row_number as "row" from quarantine
where batch_id = $batch and file = $file and retried_batch_id is null and not starts_with(raw, '{"":')
order by row_number;

-- name: mark_retried
update quarantine set retried_batch_id = $taken_by
where batch_id = $batch and file = $file and row_number in (select row_number from import_retried);

-- name: drop_retried
drop table if exists import_retried;
