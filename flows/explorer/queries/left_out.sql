-- What the cleaning decided, and by which rule.
select role, rule, count(*) as n, sum(length(text)) as n_characters
from blocks
group by role, rule
order by role, n desc, rule
