-- How often the articles call a speaker "he" and how often "she", where they do.
select speaker_entity_id as entity_id, sum(lower(speaker) = 'he') as n_he, sum(lower(speaker) = 'she') as n_she
from quotes
where speaker_basis = 'pronoun' and speaker_entity_id is not null
group by speaker_entity_id
