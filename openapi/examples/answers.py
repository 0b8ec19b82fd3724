"""Answers one item of a response, on the version that is there, and lists what has changed since. Python 3, nothing else;
BASE ends in /api/v1, KEY is an API key."""

import json
import os
import time
import urllib.error
import urllib.request
import uuid


def ask(method, path, body=None, headers=(), tries=4):
    """Sends a call; waits where it is told to, and sends it again."""
    request = urllib.request.Request(os.environ["BASE"] + path, method=method)
    request.add_header("Authorization", f"Bearer {os.environ['KEY']}")
    for name, value in headers:
        request.add_header(name, value)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        if refused.code in (429, 503) and tries > 1:
            time.sleep(int(refused.headers.get("Retry-After", 1)))
            return ask(method, path, body, headers, tries - 1)
        return refused.code, json.load(refused)


RESPONSE = "/rounds/2022/responses/FLS012"


def answer(link_id, version, value):
    change = {"link_id": link_id, "version": version, "status": "answered", "boolean": value}
    return ask("PATCH", RESPONSE, {"answers": [change]})


_, response = ask("GET", RESPONSE)
now = next(item for item in response["answers"] if item["link_id"] == "patient_survey")
status, changed = answer("patient_survey", now["version"], not now.get("boolean", False))
assert status == 200, changed

# Somebody who read the older version is told what is there now, and nothing of theirs is stored.
status, problem = answer("patient_survey", now["version"], now.get("boolean", False))
assert status == 412, problem
conflict = problem["conflicts"][0]

# A POST that makes something is named, so that it can be sent again when its answer was lost.
name = [("Idempotency-Key", str(uuid.uuid4()))]
comment = {"link_id": "patient_survey", "body": "Corrected from our own records."}
first = ask("POST", f"{RESPONSE}/comments", comment, name)
assert ask("POST", f"{RESPONSE}/comments", comment, name) == first, first
print(f"answered; a conflict at version {conflict['current']['version']}; one comment")
