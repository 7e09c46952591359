select q.rowid as number, q.quote_id, e.name as speaker, q.speaker as speaker_as_written, q.speaker_entity_id, q.speaker_basis, q.cue, q.kind, q.text as quote,
  s.text as sentence, q.score, q.speaker_score, d.outlet, d.published_on as day, d.title, d.author, d.url as article_address, d.licence as rights, q.document_id, q.sentence_id,
  q.start, q.end, q.quote_group_id
from quotes q
join documents d using (document_id)
join sentences s using (sentence_id)
left join entities e on e.entity_id = q.speaker_entity_id
where q.rowid in (select value from json_each(:numbers))
