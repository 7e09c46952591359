-- Who and what stands in the same sentences.
select o.entity_id, e.name, e.label, count(distinct o.sentence_id) as n
from (select distinct sentence_id from mentions where entity_id = :entity_id limit :most) t
join mentions o using (sentence_id)
join entities e on e.entity_id = o.entity_id
where o.entity_id <> :entity_id
group by o.entity_id
order by n desc, e.name
limit :size
