select q.speaker_entity_id as entity_id, e.name, e.description, count(*) as n, count(distinct q.document_id) as n_documents
from quotes q
join entities e on e.entity_id = q.speaker_entity_id
group by q.speaker_entity_id
order by n desc, e.name
limit :size
