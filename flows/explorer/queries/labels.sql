select label, count(*) as n
from entities
group by label
order by n desc, label
