-- Names that hold every word given, in any spelling; the most often named first.
select entity_id, name, label, description, aliases, n_mentions, n_documents
from entities
where not exists (
  select 1 from json_each(:words) w
  where instr(lower(entities.name || ' ' || entities.aliases), w.value) = 0
)
order by n_documents desc, n_mentions desc, name
limit :size
