"""Requests over one kept connection, with nothing added that was not asked for."""

import http.client
import urllib.parse


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, [(name.lower(), value) for name, value in headers], body

    def header(self, name):
        return next((value for found, value in self.headers if found == name), None)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Client:
    """Somebody who sends requests: with a key, with cookies, or as nobody."""

    def __init__(self, base):
        self.place = urllib.parse.urlsplit(base).netloc
        self.connection = None

    def send(self, method, target, headers, body):
        """`None` where the connection was closed without an answer, twice."""
        for _ in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.place, timeout=60)
                self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
                self.connection.putheader("Host", self.place)
                for name, value in headers:
                    self.connection.putheader(name, value)
                if body or method not in ("GET", "HEAD"):
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body or None)
                answer = self.connection.getresponse()
                found = Answer(answer.status, answer.getheaders(), answer.read())
                if answer.will_close:
                    self.connection.close()
                    self.connection = None
                return found
            except (http.client.HTTPException, OSError):
                if self.connection:
                    self.connection.close()
                self.connection = None
        return None


def quoted(text, rng=None):
    """A text as part of an address; now and then encoded where it need not be."""
    bytes_of = text.encode("utf-8", "surrogatepass")
    if rng and rng.random() < 0.1:
        return "".join(f"%{byte:02x}" for byte in bytes_of)
    return urllib.parse.quote_from_bytes(bytes_of, safe="")
