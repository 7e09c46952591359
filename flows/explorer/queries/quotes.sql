-- A page of quotes with the sentence each begins in.
select q.quote_id, q.document_id, q.start, q.end, q.kind, q.text, q.segments, q.cue, q.speaker, q.speaker_entity_id, q.score, e.name as speaker_name,
  q.quote_group_id, d.outlet, d.title, case when d.title is null then substr(d.text, 1, 80) end as beginning, d.published_on,
  s.text as sentence, s.start as sentence_start, s.end as sentence_end
from quotes q
join documents d using (document_id)
join sentences s using (sentence_id)
left join entities e on e.entity_id = q.speaker_entity_id
where /* filters */
order by /* order */
limit :size offset :skipped
