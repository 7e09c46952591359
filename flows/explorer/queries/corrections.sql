select c.*, d.title, d.outlet, d.published_on
from corrections c
left join documents d on d.document_id = c.document_id
order by c.status in ('applied', 'already_right'), c.line
limit :size offset :skipped
