select d.outlet as value, count(*) as n
from quotes q
join documents d using (document_id)
where d.outlet is not null and /* filters */
group by d.outlet
order by n desc, d.outlet
limit :size
