-- title: Search in articles
-- description: Articles whose headline or text holds the words, the best match first. "Quoted words" are found as a phrase.
select
  d.document_id,
  d.title,
  snippet(documents_fts, 1, '[', ']', '…', 40) as found,
  d.outlet,
  d.author,
  d.published_on,
  d.n_tokens
from documents_fts
join documents d on d.rowid = documents_fts.rowid
where documents_fts match coalesce(nullif(escape_fts(:words), ''), '""')
order by rank, d.document_id
limit 200
