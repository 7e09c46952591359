select m.mention_id, m.entity_id, m.label, m.start, m.end, m.text, m.value, e.name, e.description
from mentions m
left join entities e using (entity_id)
where m.document_id = :document_id and m.start < :last and m.end > :first
order by m.start, m.end
