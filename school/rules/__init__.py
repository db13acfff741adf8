"""What England's rules say about attendance: pure, without a clock, a database or a network."""
