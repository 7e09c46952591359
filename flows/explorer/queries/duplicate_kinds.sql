select kind, count(*) as n, round(avg(similarity), 3) as similarity
from duplicates
group by kind
order by n desc, kind
