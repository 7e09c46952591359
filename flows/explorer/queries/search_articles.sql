select d.document_id, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.outlet, d.published_on, f.headline, f.found
from (
  select rowid, rank as score, highlight(documents_fts, 0, :open, :close) as headline, snippet(documents_fts, 1, :open, :close, '…', 32) as found
  from documents_fts
  where documents_fts match :query and rowid <= :last
  order by rank
  limit :size
) f
join documents d on d.rowid = f.rowid
order by f.score, d.document_id
