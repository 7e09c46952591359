select w.quote_group_id, w.similarity, q.quote_id, q.document_id, q.start, q.kind, q.text, q.cue, q.score, q.speaker, d.outlet, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.published_on
from quote_group_members w
join quotes q using (quote_id)
join documents d using (document_id)
where w.quote_group_id in (select value from json_each(:groups))
order by w.quote_group_id, w.similarity desc, q.rowid
