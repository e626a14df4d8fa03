"""The pages for people: what the server is, what it has, and how to connect."""
