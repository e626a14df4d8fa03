"""The app in a browser: Explore for any dbt project, and the pages beside its definitions.

It works nothing out: every number is asked of the metrics through the Python client.
"""
