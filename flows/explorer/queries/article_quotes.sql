select q.quote_id, q.kind, q.text, q.start, q.end, q.segments, q.cue, q.cue_start, q.cue_end, q.speaker, q.speaker_start, q.speaker_end,
  q.speaker_entity_id, q.speaker_basis, q.quote_group_id, q.score, e.name as speaker_name, g.n_documents
from quotes q
left join entities e on e.entity_id = q.speaker_entity_id
left join quote_groups g using (quote_group_id)
where q.document_id = :document_id and q.start < :last and q.end > :first
order by q.start, q.end, q.quote_id
