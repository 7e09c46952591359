select g.quote_group_id, g.text, g.n_quotes, g.n_documents, g.speaker_entity_id, e.name as speaker_name, e.description
from quote_groups g
left join entities e on e.entity_id = g.speaker_entity_id
where g.quote_group_id = :quote_group_id
