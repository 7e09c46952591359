select m.entity_id, e.name, e.label, count(*) as n
from mentions m
join entities e using (entity_id)
where m.document_id = :document_id
group by m.entity_id
order by n desc, e.name
limit :size
