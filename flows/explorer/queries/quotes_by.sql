select q.quote_id, q.document_id, q.start, q.end, q.kind, q.text, q.segments, q.cue, q.score, q.speaker, q.speaker_entity_id, q.quote_group_id,
  d.outlet, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.published_on,
  s.text as sentence, s.start as sentence_start
from quotes q
join documents d using (document_id)
join sentences s using (sentence_id)
where q.speaker_entity_id = :entity_id
order by q.rowid
limit :size
