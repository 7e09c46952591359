select sentence_id, position, start, end, is_heading
from sentences
where document_id = :document_id and start < :last and end > :first
order by position
