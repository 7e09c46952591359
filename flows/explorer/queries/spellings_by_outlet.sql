-- Which outlet spells the name how.
select d.outlet, m.text, count(*) as n
from (select document_id, text from mentions where entity_id = :entity_id limit :most) m
join documents d using (document_id)
where d.outlet is not null
group by d.outlet, m.text
order by d.outlet, n desc, m.text
limit :size
