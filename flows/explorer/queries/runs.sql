select run_id, build_id, started, finished, seconds, outcome, message
from builds
order by started desc
limit :size
