"""The server: one package an interface, all of them over one engine."""
