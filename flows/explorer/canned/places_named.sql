-- title: Places that are named
-- description: Countries, cities and regions with their place on the map, the most named first.
select name, label, latitude, longitude, n_mentions as mentions, n_documents as articles, entity_id
from entities
where latitude is not null and longitude is not null and n_mentions > 0
order by n_mentions desc, name
limit 500
