"""What flows ask for: whom it is about, which days, what times, and whether we understood."""
