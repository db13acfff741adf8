"""What the first revision makes: the tables by theme, then what the database itself refuses."""
