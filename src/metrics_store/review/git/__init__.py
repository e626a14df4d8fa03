"""A dbt project in a git repository: commits, trees, files, and what of them dbt reads."""
