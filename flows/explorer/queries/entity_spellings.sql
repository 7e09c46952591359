select text, count(*) as n, count(distinct document_id) as n_documents, min(link_method = 'slip') as is_slip
from (select * from mentions where entity_id = :entity_id limit :most) m
group by text
order by n desc, text
limit :size
