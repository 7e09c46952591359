select entity_id, name, label, description, n_mentions, n_documents
from entities
where label in ('PERSON', 'ORG', 'GPE', 'EVENT')
order by n_documents desc, n_mentions desc, name
limit :size
