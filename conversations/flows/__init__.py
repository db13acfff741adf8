"""One conversation a file: its slots in the order in which they are asked, and what follows from them."""
