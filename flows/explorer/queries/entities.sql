select entity_id, name, label, wikidata_id, description, aliases, n_mentions, n_documents
from entities
where (:label is null or label = :label)
order by n_documents desc, n_mentions desc, name
limit :size offset :skipped
