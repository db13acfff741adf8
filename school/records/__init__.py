"""What is on record: the tables by theme, and the only place where SQL is written."""
