-- Spellings that lead to an entity only by an evident slip of an article.
select entity_id, text
from mentions
where link_method = 'slip'
group by entity_id, text
