-- Quotes of an article in the same words.
select quote_id
from quotes
where document_id = :document_id and text = :text
order by rowid
limit 1
