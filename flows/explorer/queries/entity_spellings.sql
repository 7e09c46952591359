select text, count(*) as n, count(distinct document_id) as n_documents
from mentions
where entity_id = :entity_id
group by text
order by n desc, text
limit :size
