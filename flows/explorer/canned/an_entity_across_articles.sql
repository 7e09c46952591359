-- title: An entity across articles
-- description: Every sentence that names a person, body or place, under whichever spelling. Give a name or a part of one.
select
  e.name,
  m.text as as_written,
  s.text as sentence,
  d.outlet,
  d.published_on,
  d.title,
  m.mention_id,
  m.document_id
from entities e
join mentions m on m.entity_id = e.entity_id
join sentences s using (sentence_id)
join documents d on d.document_id = m.document_id
where e.name like '%' || :entity || '%' or e.aliases like '%' || :entity || '%'
order by e.n_mentions desc, e.name, d.published_on, m.document_id, m.start
limit 500
