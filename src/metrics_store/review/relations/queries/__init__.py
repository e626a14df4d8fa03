"""The relations of SQL queries, clause by clause."""
