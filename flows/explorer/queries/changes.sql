select change, count(*) as n
from changes
where build_id = :build_id
group by change
order by change
