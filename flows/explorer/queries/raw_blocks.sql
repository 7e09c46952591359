-- All blocks of an article that have a place in its raw text, in its order, from a place on.
select block_id, position, role, rule, raw_start, raw_end, start, end, text
from blocks
where document_id = :document_id
order by position
limit :size offset :skipped
