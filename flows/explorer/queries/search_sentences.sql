select s.sentence_id, s.document_id, s.position, s.start, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.outlet, d.published_on, f.found
from (
  select rowid, rank as score, highlight(sentences_fts, 0, :open, :close) as found
  from sentences_fts
  where sentences_fts match :query and rowid <= :last
  order by rank
  limit :size
) f
join sentences s on s.rowid = f.rowid
join documents d using (document_id)
order by f.score, s.rowid
