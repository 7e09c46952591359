-- What repeats the article, and what the article repeats.
select x.document_id, x.kind, x.similarity, d.title, d.outlet, d.published_on, 'repeats it' as relation
from duplicates x
join documents d using (document_id)
where x.canonical_id = :document_id
union all
select x.canonical_id, x.kind, x.similarity, d.title, d.outlet, d.published_on, 'is repeated here'
from duplicates x
join documents d on d.document_id = x.canonical_id
where x.document_id = :document_id
order by relation, similarity desc, document_id
limit :size
