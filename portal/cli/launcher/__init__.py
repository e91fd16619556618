"""Starts Redis, web, worker and schedule as one, and ends them as one."""

from portal.cli.launcher.checks import BAD_DATABASE, Unready

__all__ = ["BAD_DATABASE", "Unready"]
