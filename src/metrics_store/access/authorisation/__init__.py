"""Whether a principal may make a request, and over which rows."""
