-- Quotes of a speaker by week (its Monday) and outlet, the latest weeks.
select date(d.published_on, '-' || ((strftime('%w', d.published_on) + 6) % 7) || ' days') as week, d.outlet, count(*) as n
from quotes q
join documents d using (document_id)
where q.speaker_entity_id = :entity_id
group by week, d.outlet
order by week desc nulls last, n desc, d.outlet
limit :size
