-- Quotes by kind of one outlet, in the period; unattributed marks are apart.
select q.kind, count(*) as n, count(distinct q.document_id) as n_documents
from documents d
join quotes q using (document_id)
where d.outlet = :outlet and (:from is null or d.published_on >= :from) and (:to is null or d.published_on <= :to)
group by q.kind
order by q.kind
