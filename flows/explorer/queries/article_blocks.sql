-- Kept blocks that reach into the window, and what was left out between them; very long passages are cut to the window.
select block_id, position, role, rule, start, end,
  case when start is null then substr(text, 1, :longest) else substr(text, max(:first - start, 0) + 1, min(end, :last) - max(start, :first)) end as text,
  case when start is null then length(text) end as n_left_out,
  max(start, :first) as shown_from
from blocks
where document_id = :document_id and (start is null or (start < :last and end > :first) or (start = end and start between :first and :last))
order by position
limit :size
