"""The meaning of SQL over metric tables: a SELECT becomes questions, and SQL over their rows."""
