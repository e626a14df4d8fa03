"""The dbt Semantic Layer's GraphQL API, so that its clients work unmodified."""
