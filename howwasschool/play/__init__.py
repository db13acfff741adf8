"""Plays transcripts through the whole wired house: SQLite, simulated phones, a moved clock, staff through the API."""
