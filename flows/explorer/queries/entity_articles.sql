select m.document_id, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.outlet, d.published_on, count(*) as n
from (select * from mentions where entity_id = :entity_id limit :most) m
join documents d using (document_id)
group by m.document_id
order by n desc, d.published_on, m.document_id
limit :size
