# SPDX-License-Identifier: Apache-2.0
# A mail server for tests that asks who sends: Debian's aiosmtpd with one user. Arguments as JSON: port, box, user, password, way
# ("starttls", "tls" or "open"), cert, key. A line per sign-in on stdout: whether it was under TLS, and whether the password was right.
import json
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import AuthResult, LoginPassword

args = json.loads(sys.argv[1])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(args["cert"], args["key"])


def say(what):
    print(json.dumps(what), flush=True)


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and [data.login, data.password] == [args["user"].encode(), args["password"].encode()]
    say({"signIn": mechanism, "isRight": right, "isPrivate": args["way"] == "tls" or session.ssl is not None})
    # Not handled: the server says so itself.
    return AuthResult(success=right, handled=False)


WAYS = {
    "starttls": {"tls_context": context, "require_starttls": True},
    "tls": {"ssl_context": context, "auth_require_tls": False},
    # What nobody should run: it takes a password in the clear.
    "open": {"auth_require_tls": False},
}
controller = Controller(
    Mailbox(args["box"]), hostname="127.0.0.1", port=args["port"], authenticator=authenticate, auth_required=True, **WAYS[args["way"]]
)
controller.start()
say({"listens": True})
while True:
    time.sleep(3600)
