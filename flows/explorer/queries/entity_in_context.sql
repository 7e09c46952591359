-- Keyword in context: one line a mention, in the order of the table, which is that of the articles.
select m.mention_id, m.document_id, m.start, m.text, m.link_method, m.link_score, m.start - s.start as at, s.text as sentence, s.position, d.outlet, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning
from mentions m
join sentences s using (sentence_id)
join documents d on d.document_id = m.document_id
where m.entity_id = :entity_id
order by m.rowid
limit :size offset :skipped
