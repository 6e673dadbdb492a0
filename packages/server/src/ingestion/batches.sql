-- name: list
select
  batch_id as "batchId", kind, files, imported_at as "importedAt", rows_read as "read", rows_accepted as accepted,
  rows_duplicate as duplicates, rows_quarantined as quarantined, undone_at as "undoneAt"
from batches
order by batch_id;

-- name: one
select kind, rows_accepted as accepted, undone_at as "undoneAt" from batches where batch_id = $batch;

-- name: mark_undone
update batches set undone_at = $at where batch_id = $batch;

-- name: release_retried
-- What the batch took out of quarantine is back in it.
update quarantine set retried_batch_id = null where retried_batch_id = $batch;

-- name: forget_settings
-- The currency and time zone of a store without records are open again.
delete from store_settings
where name in ('currency', 'timezone')
  and not exists (select 1 from order_lines) and not exists (select 1 from events);
