-- How many match, counted up to :most, and the row of the last one counted: ranking stops there, so that frequent words stay fast.
select count(*) as n, max(id) as last
from (select rowid as id from sentences_fts where sentences_fts match :query order by rowid limit :most)
