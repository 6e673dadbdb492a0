-- A call of the wire in quarantine has a name of its own, and the moments from which its event's time follows once it
-- is mended. All are null for records of files.
alter table quarantine add column call_id varchar;
alter table quarantine add column received_at timestamptz;
-- By the sender's clock, as it wrote it: ISO 8601, or milliseconds since 1970.
alter table quarantine add column sent_at varchar;

-- Of calls that are there already the beginning of the server's run is the best that is known.
update quarantine
set call_id = 'call_' || replace(uuid()::varchar, '-', ''), received_at = batches.imported_at
from batches
where batches.batch_id = quarantine.batch_id and batches.kind = 'live';
