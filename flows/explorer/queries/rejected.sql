select stage, reason, count(*) as n, min(source_path) as example, min(detail) as detail
from rejected
group by stage, reason
order by n desc, stage, reason
limit :size
