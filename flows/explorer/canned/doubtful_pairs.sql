-- title: Doubtful pairs: copies and articles of one frame, most doubtful first
-- description: The margin says by how much more of the names, numbers and days differs than in a copy; about 0 either could be right.
select p.margin, p.relation, one.title as title, other.title as other_title, p.similarity,
  one.text as text, other.text as other_text, p.document_id, p.other_id
from (
  select document_id, canonical_id as other_id, kind as relation, margin, similarity from duplicates where margin is not null
  union all
  select document_id, other_id, 'template', margin, similarity from templates
) p
join documents one on one.document_id = p.document_id
join documents other on other.document_id = p.other_id
order by abs(p.margin), p.document_id
