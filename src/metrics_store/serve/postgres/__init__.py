"""The PostgreSQL interface: a real PostgreSQL, with metric tables that the engine answers."""
