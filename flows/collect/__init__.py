"""Fetch what `raw/sources.toml` follows: feeds, sitemaps and addresses, stored as web archives under raw/collected/."""
