select field, value, "by", "on", reason
from corrections
where "table" = :table and row_id = :row_id and status = 'applied'
order by line
