"""What runs without a person: each job is a module with `run()`, idempotent, woken by its dotted name."""

from functools import cache

from flask import Flask, current_app, has_app_context

from portal import create_app


def app() -> Flask:
    """The portal to work in: the one at hand, else one made once in this process."""
    return current_app._get_current_object() if has_app_context() else _own()  # type: ignore[attr-defined]  # noqa: SLF001


@cache
def _own() -> Flask:
    return create_app()
