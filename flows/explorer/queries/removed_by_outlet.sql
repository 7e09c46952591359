-- Whether `qantar collect` found that the outlet has removed the article.
select detail from rejected where stage = 'collect' and reason = 'removed' and source_record = :url limit 1
