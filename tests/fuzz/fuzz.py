"""Sends requests that nobody would mean, from a seed, and judges every answer.

Standard input: {"base": …, "document": …, "requests": n, "seed": n, "keys": {role: key}, "sessions": {role: cookie}}.
The exit status is 1 where something was found. What was found can be sent again: it is printed with all its bytes.
"""

import collections
import json
import random
import sys
import time

from client import Client
from targets import Api, Pages
from verdict import Page, check_itself, faults


def main():
    check_itself()
    told = json.load(sys.stdin)
    rng, client = random.Random(told["seed"]), Client(told["base"])

    def read(path, cookie):
        return client.send("GET", path, [("Cookie", cookie)] if cookie else [], b"")

    def call(path, key):
        answer = client.send("GET", path, [("Authorization", f"Bearer {key}")], b"")
        return json.loads(answer.body) if answer and answer.status == 200 else {}

    api = Api(told["document"], told["keys"], call)
    visitor = read("/sign-in", "")
    cookies = {**told["sessions"], "visitor": (visitor.header("set-cookie") or "").split(";")[0]}
    pages = [Pages(role, cookie, read) for role, cookie in sorted(cookies.items())]
    tokens = {role: token_of(read, cookie) for role, cookie in cookies.items()}
    forms = {form["action"] for found in pages for form in found.forms}
    print(f"seed {told['seed']}: {len(api.operations)} operations, {sum(len(p.paths) for p in pages)} pages and "
          f"{len(forms)} forms of {len(pages)} readers")
    # Without these nothing worth the name would be tried.
    assert len(api.operations) > 15 and len(forms) > 5 and all(tokens.values()), (len(forms), tokens.keys())

    statuses, findings, began = collections.Counter(), {}, time.monotonic()
    for number in range(told["requests"]):
        if rng.random() < 0.5:
            request = api.request(rng)
        else:
            found = rng.choice(pages)
            request = found.request(rng, tokens[found.role])
        answer = client.send(request.method, request.target, request.headers, request.body)
        statuses[answer.status if answer else 0] += 1
        if request.method == "HEAD" and answer and answer.status >= 400:
            continue
        for fault in faults(answer, request.for_api, request.declared):
            findings.setdefault((request.template, fault), []).append((number, request, answer))

    print(f"{told['requests']} requests in {time.monotonic() - began:.0f} s:",
          ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items())))
    for (template, fault), cases in sorted(findings.items(), key=lambda found: found[0]):
        number, request, answer = cases[0]
        headers = [(name, "…" if name == "Authorization" else value) for name, value in request.headers]
        print(f"\n{template}: {fault} ({len(cases)} times, first as number {number}, by {request.role})\n"
              f"  {request.method} {request.target[:600]}\n  {headers}\n  {request.body[:600]!r}\n"
              f"  → {answer and answer.status} {(answer.body[:400] if answer else b'')!r}")
    if findings:
        print(f"\n{len(findings)} kinds of fault; the seed was {told['seed']}")
        sys.exit(1)


def token_of(read, cookie):
    """The token of a reader's forms. One who has signed in finds it in the form that signs out."""
    for path in ("/", "/sign-in/made-up"):
        answer = read(path, cookie)
        for form in Page(answer.text).forms:
            for name, _, values in form["fields"]:
                if name == "csrf":
                    return values[0]
    return ""


if __name__ == "__main__":
    main()
