"""Language data as files: what the stages know of names, words and marks. `qantar.text.lexicon` loads them."""
