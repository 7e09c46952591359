-- Each source as it stood after its newest run, with what it brought in all runs that are kept.
select c.source, c.outlet, max(c.started) as started, sum(c.n_new) as n_new, sum(c.n_changed) as n_changed, sum(c.n_removed) as n_removed,
  sum(c.n_left_out) as n_left_out, last.n_failed, last.n_waiting, last.last_new, last.is_silent, last.message
from collections c
join collections last on last.source = c.source
  and last.rowid = (select max(rowid) from collections where source = c.source)
group by c.source
order by last.is_silent desc, c.source
limit :size
