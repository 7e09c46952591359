-- Two articles with the beginning of their texts.
select document_id, title, case when title is null then substr(text, 1, 80) end as beginning, outlet, published_on, n_characters,
  substr(text, 1, :longest) as text
from documents
where document_id in (:one, :other)
