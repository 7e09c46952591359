select q.quote_id, q.document_id, q.start, q.kind, q.cue, q.score, q.speaker, q.speaker_entity_id, e.name as speaker_name, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.outlet, d.published_on, f.found
from (
  select rowid, rank as score, snippet(quotes_fts, 0, :open, :close, '…', 48) as found
  from quotes_fts
  where quotes_fts match :query and rowid <= :last
  order by rank
  limit :size
) f
join quotes q on q.rowid = f.rowid
join documents d using (document_id)
left join entities e on e.entity_id = q.speaker_entity_id
order by f.score, q.rowid
