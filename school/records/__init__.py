"""What is on record: the tables by theme, and the only place where SQL is written."""

from school.records import attendance, broadcasting, chasing, messaging, people, staff

# Importing the package makes every table known to `Base.metadata`.
__all__ = ["attendance", "broadcasting", "chasing", "messaging", "people", "staff"]
