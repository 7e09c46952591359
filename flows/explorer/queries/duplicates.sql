select x.document_id, x.canonical_id, x.kind, x.similarity, d.title, d.outlet, c.title as canonical_title, c.outlet as canonical_outlet
from duplicates x
join documents d using (document_id)
join documents c on c.document_id = x.canonical_id
order by x.rowid
limit :size
