"""The demo: a made-up school in rehearsal, a phone to text from and what staff see, on one page."""
