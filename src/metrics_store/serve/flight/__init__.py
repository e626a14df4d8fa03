"""The Arrow Flight SQL interface, for clients of the dbt Semantic Layer, ADBC and JDBC."""
