select document_id, source_path, source_record, source_sha256, format, url, outlet, title, byline, author, credit, published_on, published_basis, language,
  language_score, licence, note, text_sha256, n_characters, n_tokens, n_sentences, n_mentions, n_quotes, is_canonical, canonical_id,
  duplicate_kind, similarity, case when title is null then substr(text, 1, 80) end as beginning
from documents
where document_id = :document_id
