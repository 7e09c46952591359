-- title: Duplicates and what they repeat
-- description: Articles that repeat another one, whole or in part, beside it.
select
  x.kind,
  x.similarity,
  d.title,
  d.outlet,
  d.published_on,
  c.title as canonical_title,
  c.outlet as canonical_outlet,
  c.published_on as canonical_published_on,
  x.document_id,
  x.canonical_id
from duplicates x
join documents d using (document_id)
join documents c on c.document_id = x.canonical_id
order by x.canonical_id, x.similarity desc, x.document_id
limit 500
