-- Passages of the article that stand in others too, and one of the others.
select p.passage_id, p.start, p.end, p.n_documents
from shared_passages p
where p.document_id = :document_id
order by p.start, p.end
limit :size
