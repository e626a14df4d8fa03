"""The warehouse in PostgreSQL: connections, statements, and the manifests of what is live."""
