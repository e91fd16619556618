"""The WSGI application, for any server: `granian --interface wsgi wsgi:app`."""

from werkzeug.middleware.proxy_fix import ProxyFix

from portal import create_app

app = create_app()
if hops := app.extensions["recourse.config"].proxies:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
