-- Titles of articles, or how they begin.
select document_id, title, substr(text, 1, 80) as beginning
from documents
where document_id in (select value from json_each(:ids))
