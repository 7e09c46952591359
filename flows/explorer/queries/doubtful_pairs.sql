-- Pairs of articles that could as well be copies as two articles of one frame, most doubtful first.
select p.margin, p.relation, p.similarity, p.document_id, one.title, case when one.title is null then substr(one.text, 1, 80) end as beginning,
  one.outlet, one.published_on, one.n_characters, substr(one.text, 1, :longest) as text, p.other_id, other.title as other_title,
  case when other.title is null then substr(other.text, 1, 80) end as other_beginning, other.outlet as other_outlet,
  other.published_on as other_published_on, other.n_characters as other_n_characters, substr(other.text, 1, :longest) as other_text
from (
  select * from (
    select document_id, canonical_id as other_id, kind as relation, margin, similarity from duplicates where margin is not null
    union all
    select document_id, other_id, 'template', margin, similarity from templates
  )
  order by abs(margin), document_id
  limit :size offset :skipped
) p
join documents one on one.document_id = p.document_id
join documents other on other.document_id = p.other_id
order by abs(p.margin), p.document_id
