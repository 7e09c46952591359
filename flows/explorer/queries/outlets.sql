select outlet, count(*) as n
from documents
group by outlet
order by n desc, outlet
limit :size
