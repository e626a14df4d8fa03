"""The Arrow Flight SQL door, as the dbt Semantic Layer's clients and plain ADBC and JDBC knock."""
