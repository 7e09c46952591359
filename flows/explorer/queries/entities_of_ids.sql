select entity_id, name, label, description
from entities
where entity_id in (select value from json_each(:ids))
