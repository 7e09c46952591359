select kind, count(*) as n
from quotes
group by kind
order by n desc, kind
