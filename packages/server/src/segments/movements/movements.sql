-- How movements get from their files into the warehouse, and are read. $file holds the lines that `movement-line.ts` writes.

-- name: cursor
select number from movement_cursor;

-- name: take
insert into segment_movements
select n, s, v, q, c, make_timestamptz(t * 1000), e, b, w::varchar
from read_ndjson($file, columns = {
  n: 'bigint', s: 'varchar', v: 'integer', q: 'bigint', c: 'varchar', t: 'bigint', e: 'boolean', b: 'varchar', w: 'json'
})
where n > $cursor
order by n;

-- name: last_in_file
select coalesce(max(n), 0) as number from read_ndjson($file, columns = { n: 'bigint' });

-- name: move_cursor
update movement_cursor set number = $last where number < $last;

-- name: after
-- The next ones after a number.
select
  number, segment_id as segment, version, sequence, customer_id as customer, epoch_ms(occurred_at) as at, is_entry, because,
  clauses
from segment_movements
where number > $after and number <= $until
order by number
limit $most;

-- name: first_since
select min(number) as number from segment_movements where occurred_at >= make_timestamptz($moment * 1000);

-- name: leave_last_nameless
-- The latest of a segment stays, without a name: numbers of its movements go on from there.
update segment_movements set customer_id = null, is_entry = false, because = 'erasure', clauses = null
where customer_id in (select unnest(from_json($ids, '["varchar"]')))
  and (segment_id, sequence) in (select (segment_id, max(sequence)) from segment_movements group by segment_id);

-- name: erase
delete from segment_movements where customer_id in (select unnest(from_json($ids, '["varchar"]')));

-- name: latest_of_segments
select segment_id as segment, max(sequence) as sequence, arg_max(version, sequence) as version,
  epoch_ms(max(occurred_at)) as at
from segment_movements
group by segment_id
order by segment_id;

-- name: told_members
-- Who was told last to be in a segment.
select segment_id as segment, customer_id as customer
from segment_movements
where customer_id is not null
group by segment_id, customer_id
having arg_max(is_entry, sequence)
order by customer_id, segment_id;

-- name: days
-- How many came and left, by the day as the store's time zone has it.
select segment_id as segment, strftime(occurred_at at time zone $timezone, '%Y-%m-%d') as day,
  count(*) filter (where is_entry) as entered, count(*) filter (where not is_entry) as left_it
from segment_movements
group by all
order by all;
