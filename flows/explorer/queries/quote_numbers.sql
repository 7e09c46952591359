-- Row numbers of all quotes found, in the order wanted.
select q.rowid as number
from quotes q
join documents d using (document_id)
left join entities e on e.entity_id = q.speaker_entity_id
where /* filters */
order by /* order */
