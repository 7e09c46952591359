-- title: Who is quoted how much
-- description: Speakers by number of quotes, with the kinds of quote, the articles and the words quoted.
select
  e.entity_id,
  e.name,
  e.description,
  count(*) as quotes,
  count(distinct q.document_id) as articles,
  sum(q.kind = 'direct') as direct,
  sum(q.kind = 'mixed') as mixed,
  sum(q.kind = 'indirect') as indirect,
  sum(q.kind = 'block') as block,
  sum(length(trim(q.text)) - length(replace(trim(q.text), ' ', '')) + 1) as words
from quotes q
join entities e on e.entity_id = q.speaker_entity_id
group by e.entity_id
order by quotes desc, e.name
limit 200
