-- Utterances that are in both of two sets of quotes: the wording of each that is nearest to the fullest.
select a.quote_group_id, g.speaker_entity_id, e.name as speaker_name, a.quote_id as first_id, a.text as first_text, a.kind as first_kind,
  a.score as first_score, b.quote_id as second_id, b.text as second_text, b.kind as second_kind, b.score as second_score
from (
  select w.quote_group_id, q.quote_id, q.text, q.kind, q.score, row_number() over (partition by w.quote_group_id order by w.similarity desc, q.quote_id) as place
  from quote_group_members w
  join quotes q using (quote_id)
  join documents d using (document_id)
  where /* first */
) a
join (
  select w.quote_group_id, q.quote_id, q.text, q.kind, q.score, row_number() over (partition by w.quote_group_id order by w.similarity desc, q.quote_id) as place
  from quote_group_members w
  join quotes q using (quote_id)
  join documents d using (document_id)
  where /* second */
) b using (quote_group_id)
join quote_groups g using (quote_group_id)
left join entities e on e.entity_id = g.speaker_entity_id
where a.place = 1 and b.place = 1 and a.quote_id <> b.quote_id
order by g.n_documents desc, a.quote_group_id
