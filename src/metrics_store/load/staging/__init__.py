"""The staging database: rows as the files have them, converted and checked."""
