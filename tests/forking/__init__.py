"""The commands `metrics`, `dbt` and `mf` as processes that need not import everything anew."""
