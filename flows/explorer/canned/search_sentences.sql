-- title: Search in sentences
-- description: Sentences that hold the words, the best match first. "Quoted words" are found as a phrase.
select
  snippet(sentences_fts, 0, '[', ']', '…', 64) as found,
  d.title,
  d.outlet,
  d.published_on,
  s.sentence_id,
  s.document_id
from sentences_fts
join sentences s on s.rowid = sentences_fts.rowid
join documents d using (document_id)
where sentences_fts match coalesce(nullif(escape_fts(:words), ''), '""')
order by rank, s.sentence_id
limit 200
