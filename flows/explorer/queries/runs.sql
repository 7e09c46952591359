-- Runs, the newest first: by the order they were written in, for a clock may be set back.
select run_id, build_id, started, finished, seconds, outcome, message
from builds
where :outcome is null or outcome = :outcome
order by rowid desc
limit :size offset :skipped
