-- Quotes of others in which the entity is named.
select q.quote_id, q.document_id, q.start, q.end, q.kind, q.text, q.segments, q.cue, q.score, q.speaker, q.speaker_entity_id, e.name as speaker_name,
  q.quote_group_id, d.outlet, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.published_on,
  s.text as sentence, s.start as sentence_start
from (
  select q.rowid as number
  from (select document_id, start, end from mentions where entity_id = :entity_id order by rowid limit :most) m
  join quotes q on q.document_id = m.document_id and q.start <= m.start and q.end >= m.end
  where q.speaker_entity_id is not :entity_id and q.kind <> 'unattributed'
  group by q.rowid
  order by q.rowid
  limit :size
) f
join quotes q on q.rowid = f.number
join documents d on d.document_id = q.document_id
join sentences s on s.sentence_id = q.sentence_id
left join entities e on e.entity_id = q.speaker_entity_id
order by q.rowid
