select count(*) as n
from documents_fts
where documents_fts match :query
