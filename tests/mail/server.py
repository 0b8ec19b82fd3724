"""A mail server for the tests: keeps each message that it accepts as a file, and misbehaves when told to.

Usage: server.py FOLDER [--tls starttls|implicit --certificate PEM --key PEM] [--user USER --password PASSWORD]

Prints its port. FOLDER/orders.json, read anew at each command, tells it how to behave:
  {"mail": "550 no", "rcpt": "450 later", "data": "554 spam"}   answers in place of accepting
  {"stall": true}          never answers a whole message
  {"drop": true}           closes the connection after a whole message, which it discards
  {"lose_reply": true}     closes the connection after a whole message, which it keeps
  {"reply_after": 0.5}     keeps a whole message, and says so that many seconds later
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import pathlib
import ssl
import uuid

from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    """Keeps messages in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def orders(self):
        try:
            return json.loads((self.folder / "orders.json").read_text())
        except FileNotFoundError:
            return {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "mail" in self.orders():
            return self.orders()["mail"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "rcpt" in self.orders():
            return self.orders()["rcpt"].replace("RECIPIENT", address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        orders = self.orders()
        if "data" in orders:
            return orders["data"]
        if orders.get("stall"):
            (self.folder / "stalled").touch()
            await asyncio.sleep(3600)
        if not orders.get("drop"):
            self.keep(session, envelope)
        if orders.get("drop") or orders.get("lose_reply"):
            server.transport.abort()
        await asyncio.sleep(orders.get("reply_after", 0))
        return "250 kept"

    def keep(self, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = lambda kind: message.get_body((kind,)).get_content().replace("\r\n", "\n")
        kept = {
            "mail_from": envelope.mail_from,
            "rcpt_tos": envelope.rcpt_tos,
            "headers": [[name.lower(), str(value)] for name, value in message.items()],
            "content_type": message.get_content_type(),
            "parts": [part.get_content_type() for part in message.iter_parts()],
            "text": body("plain"),
            "html": body("html"),
            "raw": envelope.content.decode("latin-1"),
            "encrypted": session.ssl is not None,
            "user": session.auth_data.decode() if session.auth_data else None,
            "peer": list(session.peer[:2]),
        }
        path = self.folder / f"{uuid.uuid4()}.new"
        path.write_text(json.dumps(kept))
        os.rename(path, path.with_suffix(".json"))


def authenticator(user, password):
    def authenticate(server, session, envelope, mechanism, data):
        right = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=right, handled=False, auth_data=data.login)

    return authenticate


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--tls", choices=["starttls", "implicit"])
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    told = parser.parse_args()
    context = None
    if told.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(told.certificate, told.key)
    keeper = Keeper(told.folder)
    options = {"timeout": 3600, "enable_SMTPUTF8": True}
    if told.tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if told.user:
        options["authenticator"] = authenticator(told.user, told.password)
        options |= {"auth_required": True, "auth_require_tls": told.tls == "starttls"}
    loop = asyncio.get_running_loop()
    implicit = context if told.tls == "implicit" else None
    server = await loop.create_server(lambda: SMTP(keeper, **options), "127.0.0.1", 0, ssl=implicit)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
