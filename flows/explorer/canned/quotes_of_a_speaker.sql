-- title: Quotes of a speaker
-- description: What somebody is quoted as saying, article by article. Give a name or a part of one; every spelling of it is found.
select
  e.name as speaker,
  q.speaker as as_written,
  q.cue,
  q.text as quote,
  q.kind,
  d.outlet,
  d.published_on,
  d.title,
  q.quote_id,
  q.document_id
from entities e
join quotes q on q.speaker_entity_id = e.entity_id
join documents d using (document_id)
where e.name like '%' || :speaker || '%' or e.aliases like '%' || :speaker || '%'
order by e.name, d.published_on, q.document_id, q.start
limit 500
