select e.entity_id, e.name, e.label, e.wikidata_id, e.description, e.aliases, e.n_mentions, e.n_documents, e.latitude, e.longitude, e.source,
  e.related_id, r.name as related_name
from entities e
left join entities r on r.entity_id = e.related_id
where e.entity_id = :entity_id
