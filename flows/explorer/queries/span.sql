-- The place of a quote, sentence, mention or block of an article.
select 'quote' as what, quote_id as id, raw_start, raw_end, start, end, text from quotes where quote_id = :span and document_id = :document_id
union all
select 'sentence', sentence_id, raw_start, raw_end, start, end, text from sentences where sentence_id = :span and document_id = :document_id
union all
select 'mention', mention_id, raw_start, raw_end, start, end, text from mentions where mention_id = :span and document_id = :document_id
union all
select 'block', block_id, raw_start, raw_end, start, end, text from blocks where block_id = :span and document_id = :document_id
