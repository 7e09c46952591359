"""What `flows.stages.clean` is made of: passages of a raw text, the lexicon's rules for single lines, roles from their surroundings."""
