-- name: read
select cursor from source_cursors where source_id = $source;

-- name: move
insert or replace into source_cursors values ($source, $cursor, $at::timestamptz);

-- name: forget
delete from source_cursors where source_id = $source;
