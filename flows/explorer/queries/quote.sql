select q.quote_id, q.document_id, q.sentence_id, q.kind, q.text, q.start, q.end, q.raw_start, q.raw_end, q.segments, q.cue, q.cue_start, q.cue_end, q.speaker, q.speaker_start,
  q.speaker_end, q.speaker_entity_id, q.speaker_basis, q.parent_quote_id, q.quote_group_id, q.method, q.score, q.speaker_score, q.speaker_entity_ids,
  e.name as speaker_name, e.description as speaker_description, d.url, d.outlet, d.title, d.author, d.published_on, d.licence, d.source_path,
  d.source_record, d.language, case when d.title is null then substr(d.text, 1, 80) end as beginning
from quotes q
join documents d using (document_id)
left join entities e on e.entity_id = q.speaker_entity_id
where q.quote_id = :quote_id
