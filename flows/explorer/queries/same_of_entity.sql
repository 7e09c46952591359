-- Entities that may be this one.
select p.score, p.evidence, e.entity_id, e.name, e.label, e.description, e.aliases, e.n_mentions, e.n_documents, e.wikidata_id
from (
  select other_id as id, score, evidence from possible_same where entity_id = :entity_id
  union
  select entity_id, score, evidence from possible_same where other_id = :entity_id
) p
join entities e on e.entity_id = p.id
order by p.score desc, e.name, e.entity_id
limit :size
