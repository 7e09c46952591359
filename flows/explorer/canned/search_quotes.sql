-- title: Search in quotes
-- description: Quotes whose words or speaker match, the best match first.
select
  coalesce(e.name, q.speaker) as speaker,
  q.cue,
  snippet(quotes_fts, 0, '[', ']', '…', 64) as found,
  q.kind,
  d.title,
  d.outlet,
  q.quote_id,
  q.document_id
from quotes_fts
join quotes q on q.rowid = quotes_fts.rowid
join documents d using (document_id)
left join entities e on e.entity_id = q.speaker_entity_id
where quotes_fts match coalesce(nullif(escape_fts(:words), ''), '""')
order by rank, q.quote_id
limit 200
