"""What must not be in an answer, whatever was asked."""

import json
import re
from html.parser import HTMLParser

# Words of ours that no client has a use for. None of them is in the corpus, so none is an echo.
INTERNALS = re.compile(
    r"panicked at|stack backtrace|RUST_BACKTRACE|\.rs:\d|SQLSTATE|syntax error at or near|no such (table|column)|"
    r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint|violates [a-z-]+ constraint|invalid byte sequence|diesel|rusqlite|libpq|"
    r"serde_|poem::|struct [A-Z]|target/debug|/root/|/home/|/work/|thread '", re.IGNORECASE)

REQUIRED = {
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=()", "content-security-policy": "default-src 'none'", "x-request-id": "",
}

COOKIES = ("facilities_audit_language=", "facilities_audit_session=", "facilities_audit_visitor=")


class Page(HTMLParser):
    """Finds whatever would run, and what can be followed or sent."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.runs, self.links, self.forms, self.script, self.select = [], [], [], False, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        for name, value in attributes:
            # What stands in a field (value) or beside one is text; an address is followed.
            leads = name in ("href", "src", "action", "formaction", "data", "xlink:href")
            script = leads and (value or "").strip().lower().startswith("javascript:")
            if name.startswith("on") or name in ("style", "srcdoc") or script:
                self.runs.append(f"<{tag} {name}={value}>")
        if tag == "script":
            self.script = not (found.get("src") or "").startswith("/assets/")
            if self.script:
                self.runs.append(f"<script {found}>")
        if tag in ("iframe", "object", "embed", "base"):
            self.runs.append(f"<{tag}>")
        if tag == "a" and (found.get("href") or "").startswith("/"):
            self.links.append(found["href"])
        if tag == "form":
            self.forms.append({"action": found.get("action"), "method": (found.get("method") or "get").upper(),
                               "multipart": found.get("enctype") == "multipart/form-data", "fields": []})
        if self.forms and tag in ("input", "textarea", "select", "button") and found.get("name"):
            kind = found.get("type", tag)
            self.forms[-1]["fields"].append([found["name"], kind, [found.get("value") or ""]])
            self.select = self.forms[-1]["fields"][-1] if tag == "select" else None
        if tag == "option" and self.select:
            self.select[2].append(found.get("value") or "")


def faults(answer, for_api, declared=None):
    """What is wrong with an answer, as a list of short sentences."""
    if answer is None:
        return ["the connection was closed without an answer"]
    found = []
    if answer.status >= 500 or answer.status < 200:
        found.append(f"status {answer.status}")
    internal = INTERNALS.search(answer.text)
    if internal:
        found.append(f"shows {internal.group(0)!r}")
    for name, begins in REQUIRED.items():
        value = answer.header(name)
        if value is None or not value.startswith(begins):
            found.append(f"{name} is {answer.header(name)!r}")
    if answer.header("x-injected") is not None:
        found.append("a header was injected")
    if answer.header("cache-control") is None:
        found.append("says nothing of caches")
    kind = answer.header("content-type") or ""
    if "text/html" in kind:
        found.extend(f"would run {what[:80]}" for what in Page(answer.text).runs)
        if "no-store" not in (answer.header("cache-control") or ""):
            found.append("a page may be kept")
    for name, value in answer.headers:
        if name == "set-cookie" and not (value.startswith(COOKIES) and "HttpOnly" in value and "SameSite=Lax" in value):
            found.append(f"sets the cookie {value[:60]!r}")
        if name == "location" and not re.match(r"/(?![/\\])", value):
            found.append(f"leads to {value[:80]!r}")
    if 400 <= answer.status < 500 and not answer.body:
        found.append(f"{answer.status} says nothing")
    if for_api:
        found.extend(api_faults(answer, kind, declared))
    return found


def api_faults(answer, kind, declared):
    found = []
    if answer.status >= 400:
        try:
            problem = json.loads(answer.body)
            if kind != "application/problem+json" or problem["status"] != answer.status or not problem["detail"]:
                found.append(f"{answer.status} is no problem document")
        except (ValueError, KeyError, TypeError):
            found.append(f"{answer.status} is no problem document")
    if declared is not None and str(answer.status) not in declared and answer.status not in (404, 405, 414):
        found.append(f"status {answer.status} is not in the document")
    return found


def check_itself():
    """A judge that finds nothing wrong with anything proves nothing: each of these must be found out."""
    from client import Answer

    good = [(name, begins or "x") for name, begins in REQUIRED.items()] + [("cache-control", "no-store")]
    page = good + [("content-type", "text/html; charset=utf-8")]
    problem = good + [("content-type", "application/problem+json")]
    assert faults(Answer(200, page, b"<p>&lt;script&gt;fuzz(1)</p><a href=\"/x\">x</a>"), False) == []
    assert faults(Answer(404, problem, b'{"status":404,"detail":"x"}'), True, {"404"}) == []
    bad = [
        (None, False), (Answer(500, page, b"x"), False), (Answer(200, page, b"thread 'main' panicked at x"), False),
        (Answer(400, page, b"near: SQLSTATE 22021"), False), (Answer(200, page, b"<script>fuzz(1)</script>"), False),
        (Answer(200, page, b"<img src=x onerror=fuzz(1)>"), False), (Answer(200, page, b"<a href='javascript:fuzz(1)'>"), False),
        (Answer(200, page, b"<p style='x'>"), False), (Answer(404, page, b""), False),
        (Answer(303, good + [("location", "//evil.example")], b""), False),
        (Answer(303, good + [("location", "https://evil.example")], b""), False),
        (Answer(200, good + [("set-cookie", "x=1")], b""), False), (Answer(200, good + [("x-injected", "1")], b""), False),
        (Answer(404, problem, b"not found"), True), (Answer(404, good, b'{"status":404,"detail":"x"}'), True),
        (Answer(404, problem, b'{"status":400,"detail":"x"}'), True),
    ] + [(Answer(200, [pair for pair in good if pair[0] != name], b""), False) for name, _ in good]
    for answer, for_api in bad:
        assert faults(answer, for_api), (answer and (answer.status, answer.headers, answer.body), for_api)
    assert faults(Answer(418, problem, b'{"status":418,"detail":"x"}'), True, {"200"}) != []
