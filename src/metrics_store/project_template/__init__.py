"""The project template: a dbt project that the package carries, made and kept up to date."""
