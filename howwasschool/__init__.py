"""The command: settings, wiring, and all that starts a house, plays it or measures it."""
