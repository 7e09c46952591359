select t.value, e.name, e.description, t.n
from (
  select q.speaker_entity_id as value, count(*) as n
  from quotes q
  join documents d using (document_id)
  where q.speaker_entity_id is not null and /* filters */
  group by q.speaker_entity_id
  order by n desc, q.speaker_entity_id
  limit :size
) t
join entities e on e.entity_id = t.value
order by e.name, e.entity_id
