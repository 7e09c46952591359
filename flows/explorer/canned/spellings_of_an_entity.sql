-- title: Spellings of an entity
-- description: Under which names an entity goes, how often, and in how many articles. Give a name or a part of one.
select
  e.name,
  m.text as spelling,
  count(*) as mentions,
  count(distinct m.document_id) as articles,
  e.wikidata_id,
  e.entity_id
from entities e
join mentions m on m.entity_id = e.entity_id
where e.name like '%' || :entity || '%' or e.aliases like '%' || :entity || '%'
group by e.entity_id, m.text
order by e.n_mentions desc, e.name, mentions desc, spelling
limit 500
