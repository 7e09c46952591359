-- Who is quoted in either of two sets of quotes, and how often in each.
select t.entity_id, e.name, e.description, e.label, t.n_first, t.n_second
from (
  select entity_id, sum(n_first) as n_first, sum(n_second) as n_second
  from (
    select q.speaker_entity_id as entity_id, count(*) as n_first, 0 as n_second
    from quotes q
    join documents d using (document_id)
    where q.speaker_entity_id is not null and /* first */
    group by q.speaker_entity_id
    union all
    select q.speaker_entity_id, 0, count(*)
    from quotes q
    join documents d using (document_id)
    where q.speaker_entity_id is not null and /* second */
    group by q.speaker_entity_id
  )
  group by entity_id
) t
join entities e using (entity_id)
order by t.n_first + t.n_second desc, e.name, t.entity_id
