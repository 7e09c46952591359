select g.quote_group_id, g.text, g.n_quotes, g.n_documents, g.speaker_entity_id, e.name as speaker_name
from quote_groups g
left join entities e on e.entity_id = g.speaker_entity_id
order by g.n_documents desc, g.n_quotes desc, g.quote_group_id
limit :size offset :skipped
