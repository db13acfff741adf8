"""A simulated school year through the doors of a rehearsal, with an oracle that keeps its own book."""
