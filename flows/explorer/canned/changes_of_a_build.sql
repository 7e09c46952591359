-- title: Changes of a build
-- description: Which documents a build added, changed or removed against the one before.
-- database: history
select build_id, document_id, change
from changes
where build_id = :build_id
order by change, document_id
limit 1000
