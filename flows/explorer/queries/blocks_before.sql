-- How many blocks stand before the one in which a place of the text is.
select count(*) as n
from blocks
where document_id = :document_id and position < (select min(position) from blocks where document_id = :document_id and end > :start)
