select count(*) as n
from quotes_fts
where quotes_fts match :query
