"""An identity provider at this machine: OpenID Connect, as far as a login in a browser needs it."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

if TYPE_CHECKING:
    from collections.abc import Iterator

# A browser says by this cookie who sits before it: nobody types a password here.
COOKIE = "who"
AUDIENCE = "metrics"
_KEY_NAME = "one"


@dataclass
class Provider:
    """Knows people, and signs who they are.

    Attributes:
        people: Name -> the claims about them.
        url: Where it listens.
    """

    people: dict[str, dict[str, Any]]
    url: str = ""
    _codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    _key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def keys(self) -> dict[str, Any]:
        """Give the public keys."""
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": _KEY_NAME, "use": "sig", "alg": "RS256"}]}

    def token(self, name: str, **more: Any) -> str:  # noqa: ANN401 - claims
        """Sign who somebody is."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": name, "iat": now, "exp": now + 3600}
        return jwt.encode(
            {**claims, **self.people[name], **more},
            self._key,
            algorithm="RS256",
            headers={"kid": _KEY_NAME},
        )

    def metadata(self) -> dict[str, Any]:
        """Say what is where."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def login(self, who: str, asked: dict[str, str]) -> str:
        """Give the address to go back to, with a code for the token."""
        code = f"code-{len(self._codes)}"
        self._codes[code] = {"name": who, "nonce": asked.get("nonce")}
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def redeem(self, code: str) -> dict[str, Any]:
        """Give the tokens for a code, once."""
        known = self._codes.pop(code)
        token = self.token(known["name"], nonce=known["nonce"])
        return {"id_token": token, "access_token": "-", "token_type": "Bearer", "expires_in": 3600}


@contextmanager
def identity_provider(people: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """Run a provider that knows these people."""
    provider = Provider(people)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            asked = {name: values[-1] for name, values in parse_qs(path.query).items()}
            if path.path == "/authorize":
                cookies = dict(
                    one.strip().split("=", 1) for one in self.headers.get("Cookie", "").split(";")
                )
                self.send_response(302)
                self.send_header("Location", provider.login(cookies[COOKIE], asked))
                self.end_headers()
                return
            self._tell(provider.keys() if path.path == "/keys" else provider.metadata())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._tell(provider.redeem(parse_qs(body)["code"][-1]))

        def _tell(self, content: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.url = f"http://localhost:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
