select m.mention_id, m.entity_id, m.label, m.start, m.end, m.text, m.value, m.score, m.link_method, m.link_score, e.name, g.name as stands_for
from mentions m
left join entities e using (entity_id)
left join entities g on g.entity_id = m.metonym_of
where m.document_id = :document_id and m.start < :last and m.end > :first
order by m.start, m.end
