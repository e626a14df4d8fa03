"""The configuration of the server: its file, its settings and its authenticator."""
