"""One module a channel, each behind the same small interface: they only send and receive."""
