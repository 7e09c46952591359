-- Quotes that are in both of two sets.
select count(*) as n
from quotes q
join documents d using (document_id)
where /* first */ and /* second */
