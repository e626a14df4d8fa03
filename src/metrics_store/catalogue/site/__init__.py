"""The catalogue as a static site: pages that open from a disk, with nothing behind them."""
