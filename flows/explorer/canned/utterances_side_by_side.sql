-- title: Utterances side by side
-- description: One utterance in the wordings of several articles.
select
  g.quote_group_id,
  e.name as speaker,
  d.outlet,
  q.text as wording,
  q.kind,
  w.similarity,
  d.title,
  q.quote_id,
  q.document_id
from quote_groups g
join quote_group_members w using (quote_group_id)
join quotes q using (quote_id)
join documents d using (document_id)
left join entities e on e.entity_id = g.speaker_entity_id
order by g.n_documents desc, g.quote_group_id, w.similarity desc, q.quote_id
limit 500
