-- title: Dates that are named
-- description: Calendar dates in the articles, by day, month or year as the text gives them; of a period, its beginning.
select
  case length(day) when 4 then day || '-01-01' when 7 then day || '-01' else day end as date,
  case length(day) when 4 then 'year' when 7 then 'month' else 'day' end as named_as,
  sum(n) as mentions,
  value
from (
  select value, case when instr(value, '/') > 0 then substr(value, 1, instr(value, '/') - 1) else substr(value, 1, 10) end as day, count(*) as n
  from mentions
  where label = 'DATE' and value glob '[0-9][0-9][0-9][0-9]*'
  group by value
)
where length(day) in (4, 7, 10)
group by value
order by date, named_as
limit 1000
