select count(*) as n, count(distinct q.document_id) as n_documents
from quotes q
join documents d using (document_id)
where /* filters */
