"""`portal serve`: the whole portal by one command."""

import gc
import sys
from contextlib import suppress
from functools import partial
from textwrap import indent

import click

from portal import accounts, logs
from portal.cli.demo import people
from portal.cli.launcher import acts, ahead, checks, prepare, valkey
from portal.cli.launcher.house import House
from portal.cli.launcher.output import Stream
from portal.cli.launcher.parts import Part
from portal.cli.launcher.ready import FirstAnswer
from portal.config import Config


@click.command("serve")
@click.option("--only", type=click.Choice(list(acts.ACTS)), help="Run this part alone, in the foreground, for systemd.")
def command(*, only: str | None) -> None:
    """Run the portal: Redis, web, worker and schedule, until Ctrl-C.

    Without REDIS_URL an embedded Valkey is started, without DATABASE_URL the database is a file in DATA_DIR. The
    database is brought to this version first. A part that ends is started again.

    \b
      DEMO=1 portal serve                      with demo people and data
      PORT=9000 DATA_DIR=/srv/appeals portal serve
      portal serve --only worker               one part, under systemd

    Exit codes: 2 a setting is bad, 3 the port is taken, 4 the data folder can't be used, 5 another portal runs on it,
    6 the database can't be used, 7 a part does not start.
    """
    config = Config.from_environment()
    logs.configure(config)
    checks.folder(config.data_dir)
    if only:
        if only == "web":
            checks.port(config.host, config.port)
        prepare.a_part(config)
        acts.ACTS[only](config)
        return
    run(config)


def run(config: Config) -> None:
    """Serve until asked to stop; `Unready` says why it can't be."""
    stream = Stream()
    with checks.alone(config.data_dir) as lock:
        checks.port(config.host, config.port)
        house = House(stream, lock)
        with house.attended():
            with suppress(KeyboardInterrupt):
                serve(house, config)
            stream.say("stopping")
    stream.say("stopped; nothing is left running")


def serve(house: House, config: Config) -> None:
    """Start the parts in order, say where the portal is, and keep it so."""
    redis = None if config.redis_url else start_valkey(house, config)
    app = ahead.the_app(house.stream.say)
    if redis:
        valkey.wait(config.socket, lambda: redis.running)
    ready_database = Part("portal", partial(prepare.database, config, app))
    if code := house.complete(ready_database, partial(ahead.the_first_page, app)):
        sys.exit(code)
    gc.collect()
    gc.freeze()  # the parts are forks: what is frozen stays shared memory
    web, *others = (Part(name, partial(act, config)) for name, act in acts.ACTS.items())
    house.start(web)
    first = FirstAnswer(config)

    def ready() -> bool:
        came = first.came()
        if came:
            house.stream.write(welcome(config))
            house.start(*others)  # only now, so that the first page has the machine for itself
        return came

    house.run(ready)


def start_valkey(house: House, config: Config) -> Part:
    """The embedded Valkey, which gets ready while the app is made."""
    folder = config.data_dir / "valkey"
    valkey.clear(folder, config.socket, house.stream.say)
    part = Part("redis", partial(acts.valkey, folder, config.socket), unsaid=acts.UNSAID_OF_VALKEY)
    house.start(part)
    return part


def welcome(config: Config) -> str:
    """Where the portal is, and in the demo who may sign in."""
    where = f"\n  The portal is at {config.url}\n  Data is in {config.data_dir}; Ctrl-C stops everything.\n"
    where += "\n" if config.smtp_url else f"  Mails are not sent: they lie in {config.mail_folder} as .eml files.\n\n"
    if not config.demo:
        return where
    link = f"{config.url}/case/{accounts.links.token(1, config.secret_key)}"
    buyer = f"Or be the buyer 林** of one refund, without an account:\n  {link}"
    return where + indent(f"{people()}\n{buyer}", "  ") + "\n\n"
