select q.kind as value, count(*) as n
from quotes q
join documents d using (document_id)
where /* filters */
group by q.kind
order by n desc, q.kind
limit :size
