"""What staff and their machines use: the HTTP interface, one module a resource."""
