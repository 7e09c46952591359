select p.score, p.evidence, a.entity_id, a.name, a.label, a.description, a.aliases, a.n_mentions, a.n_documents, b.entity_id as other_id,
  b.name as other_name, b.label as other_label, b.description as other_description, b.aliases as other_aliases, b.n_mentions as other_n_mentions,
  b.n_documents as other_n_documents
from possible_same p
join entities a on a.entity_id = p.entity_id
join entities b on b.entity_id = p.other_id
order by p.score desc, p.entity_id, p.other_id
limit :size offset :skipped
