select document_id, title, outlet, author, published_on, n_tokens, n_mentions, n_quotes, is_canonical, canonical_id, duplicate_kind,
  substr(text, 1, 240 + coalesce(length(title), 0)) as beginning
from documents
where (:outlet is null or outlet = :outlet)
order by published_on desc nulls last, source_path, source_record, document_id
limit :size offset :skipped
