select document_id, change
from changes
where build_id = :build_id
order by change, document_id
limit :size
