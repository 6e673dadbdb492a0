-- Acknowledged events wait in segment files of the folder `log` until they are taken into `events`.

-- true: an event before this one shows the same ids, so that identity need not look at it; null: not known.
alter table events add column repeats_ids boolean;

-- The number of the last line of the log that is in the tables, in one row.
create table log_cursor (position bigint not null);
insert into log_cursor select coalesce(max(position), 0) from events;
