select entity_id, name, label, wikidata_id, description, aliases, n_mentions, n_documents, latitude, longitude, source
from entities
where entity_id = :entity_id
