"""Moves messages: it knows channels, clocks and retries, and nothing of sickness."""
