-- Quotes whose speaker is known.
select count(*) as n
from quotes
where speaker_entity_id is not null
