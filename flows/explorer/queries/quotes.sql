select q.quote_id, q.document_id, q.start, q.kind, q.text, q.cue, q.speaker, q.speaker_entity_id, e.name as speaker_name, q.quote_group_id,
  d.outlet, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.published_on
from quotes q
join documents d using (document_id)
left join entities e on e.entity_id = q.speaker_entity_id
where (:speaker is null or q.speaker_entity_id = :speaker)
  and (:kind is null or q.kind = :kind)
  and (:article is null or q.document_id = :article)
order by q.rowid
limit :size offset :skipped
