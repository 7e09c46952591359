-- What was collected from each source, the newest run first.
select started, source, outlet, n_listed, n_new, n_changed, n_unchanged, n_removed, n_left_out, n_failed, n_waiting, bytes, last_new, is_silent, message
from collections
order by rowid desc
limit :size
