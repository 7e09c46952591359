-- The article that all copies of a group come from, and what says so.
select x.source_id as document_id, x.source_evidence as evidence, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning,
  d.outlet, d.published_on
from duplicates x
join documents d on d.document_id = x.source_id
where x.canonical_id = :canonical_id
limit 1
