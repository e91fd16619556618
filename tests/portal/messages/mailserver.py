"""A mail server on loopback that does as it is told: keeps what it takes, refuses, or hangs up."""

import datetime
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Mailbox:
    """What the server took, and how it is to answer: `says[verb or address]` instead of yes, `drops` after a verb."""

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    drops: list[str] = field(default_factory=list)
    connections: int = 0
    offers: tuple[str, ...] = ("8BITMIME",)
    signed_in: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"smtp://127.0.0.1:{self.port}"


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        box.connections += 1
        self._say("220 test")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
            answer = box.says.get(to if verb == "RCPT" and to in box.says else verb, "")
            if not answer:
                answer = self._yes(verb, line, to, box)
            if verb in box.drops:
                box.drops.remove(verb)
                return
            self._say(answer)
            if verb == "QUIT":
                return

    def _yes(self, verb: str, line: str, to: str, box: Mailbox) -> str:
        if verb == "EHLO":
            return "\r\n".join(["250-test", *(f"250-{offer}" for offer in box.offers), "250 HELP"])
        if verb == "AUTH":
            box.signed_in.append(line)
            return "235 in"
        if verb == "DATA":
            self._say("354 go on")
            lines = iter(self.rfile.readline, b".\r\n")
            mail = message_from_bytes(b"".join(lines), policy=policy.SMTP)
            box.taken.append((to, cast(EmailMessage, mail)))
        return "221 bye" if verb == "QUIT" else "250 ok"

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A running mail server, behind TLS if a context is given."""
    box = Mailbox()
    with _Server(("127.0.0.1", 0), _Dialogue) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for 127.0.0.1, and the certificate to trust for it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")]),
    )
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem
