"""The relations of what dbt builds: models, seeds, snapshots, and the sources they read."""
