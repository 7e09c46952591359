-- All of a group whose articles are versions of one, in the order of time where it is known, else of their sources.
select d.document_id, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.outlet, d.published_on, d.n_characters,
  d.is_canonical, substr(d.text, 1, :longest) as text
from documents d
where d.canonical_id = :canonical_id and (d.duplicate_kind = 'version' or d.is_canonical)
order by d.published_on is null, d.published_on, d.source_path, cast(d.source_record as integer), d.source_record, d.document_id
limit :size
