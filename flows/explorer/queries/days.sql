-- The first day, the last one, and one between with half of the articles before it, where there is one.
select d.first, d.last, coalesce(nullif(d.middle, d.first), (select min(published_on) from documents where published_on > d.first)) as middle
from (
  select min(published_on) as first, max(published_on) as last, (
      select published_on from documents where published_on is not null order by published_on
      limit 1 offset (select count(published_on) / 2 from documents)
    ) as middle
  from documents
) d
