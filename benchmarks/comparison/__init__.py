"""Questions asked of the engine, of MetricFlow alone, and of SQL that was written by hand."""
