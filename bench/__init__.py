"""Measures what a page, a queue and a sweep cost: `python -m bench`, and see docs/performance.md."""
