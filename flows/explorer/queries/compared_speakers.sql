-- Who is quoted by either of two outlets, and how often by each.
select t.entity_id, e.name, e.description, t.n_first, t.n_second
from (
  select q.speaker_entity_id as entity_id, sum(d.outlet = :first) as n_first, sum(d.outlet = :second) as n_second
  from documents d
  join quotes q using (document_id)
  where d.outlet in (:first, :second) and q.speaker_entity_id is not null
    and (:from is null or d.published_on >= :from) and (:to is null or d.published_on <= :to)
  group by q.speaker_entity_id
) t
join entities e using (entity_id)
order by t.n_first + t.n_second desc, e.name, t.entity_id
