-- The text from the sentence before the quote to the one after it.
select s.first, substr(d.text, s.first + 1, min(s.last - s.first, :longest)) as text
from (
  select coalesce(max(case when end <= :start then start end), :start) as first, coalesce(min(case when start >= :end then end end), :end) as last
  from sentences
  where document_id = :document_id
) s
join documents d on d.document_id = :document_id
