"""Language packs: a folder each, with what is said (messages.po) and what is heard (lexicon.toml)."""
