-- title: Who is named in which article
-- description: The most named people, bodies and places by the articles that name most of them.
with named as (
  select entity_id, name, label, n_mentions
  from entities
  where label in ('PERSON', 'ORG', 'GPE', 'NORP', 'EVENT')
  order by n_documents desc, n_mentions desc, name
  limit 20
), told as (
  select document_id, coalesce(title, substr(text, 1, 60) || '…') as article
  from documents
  where is_canonical
  order by n_mentions desc, document_id
  limit 20
)
select named.name, named.label, told.article, count(*) as mentions, named.entity_id, told.document_id
from told
join mentions m using (document_id)
join named on named.entity_id = m.entity_id
group by named.entity_id, told.document_id
order by named.n_mentions desc, named.name, told.document_id
