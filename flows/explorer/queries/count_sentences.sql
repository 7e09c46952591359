select count(*) as n
from sentences_fts
where sentences_fts match :query
