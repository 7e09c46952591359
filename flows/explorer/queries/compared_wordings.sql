-- Utterances that both outlets report: the wording of each that is nearest to the fullest.
select a.quote_group_id, g.speaker_entity_id, e.name as speaker_name, a.quote_id as first_id, a.text as first_text, a.kind as first_kind, b.quote_id as second_id,
  b.text as second_text, b.kind as second_kind
from (
  select w.quote_group_id, q.quote_id, q.text, q.kind, row_number() over (partition by w.quote_group_id order by w.similarity desc, q.quote_id) as place
  from documents d
  join quotes q using (document_id)
  join quote_group_members w using (quote_id)
  where d.outlet = :first and (:from is null or d.published_on >= :from) and (:to is null or d.published_on <= :to)
) a
join (
  select w.quote_group_id, q.quote_id, q.text, q.kind, row_number() over (partition by w.quote_group_id order by w.similarity desc, q.quote_id) as place
  from documents d
  join quotes q using (document_id)
  join quote_group_members w using (quote_id)
  where d.outlet = :second and (:from is null or d.published_on >= :from) and (:to is null or d.published_on <= :to)
) b using (quote_group_id)
join quote_groups g using (quote_group_id)
left join entities e on e.entity_id = g.speaker_entity_id
where a.place = 1 and b.place = 1
order by g.n_documents desc, a.quote_group_id
