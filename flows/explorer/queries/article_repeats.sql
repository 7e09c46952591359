-- What repeats the article, and what the article repeats.
select r.document_id, r.kind, r.similarity, r.relation, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.outlet, d.published_on
from (
  select document_id, kind, similarity, 'repeats it' as relation from duplicates where canonical_id = :document_id
  union all
  select canonical_id, kind, similarity, 'is repeated here' from duplicates where document_id = :document_id
) r
join documents d using (document_id)
order by r.relation, r.similarity desc, r.document_id
limit :size
