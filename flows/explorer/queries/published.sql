-- When a build was published: the last run that made it.
select run_id, started, finished, seconds, outcome, message
from builds
where build_id = :build_id and outcome = 'published'
order by rowid desc
limit 1
