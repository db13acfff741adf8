"""What is said to families, and when: pure functions, with no clock, no database and no network."""
