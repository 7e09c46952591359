"""What `flows.stages.read` is made of: bytes to text, files of records, web pages, languages, and what raw/articles.csv says."""
