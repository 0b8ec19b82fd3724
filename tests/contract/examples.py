"""Plays every example of the document against a server, in the order of `openapi/examples.json`.

    examples.py DOCUMENT EXAMPLES BASE ROLE=KEY... ID=ID...            plays, and fails on any answer that is no success
    examples.py --record DOCUMENT EXAMPLES BASE ROLE=KEY... ID=ID...   writes the answers anew, cut short, ids as in the file

A call may say by `keeps` which value of its answer an id of the examples stands for; `first` is a call that is made
before, to read the version or the ETag that the call is based on. Standard library only.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

MOST = 2


def pointer(value, path):
    for part in path.strip("/").split("/"):
        value = value[int(part) if isinstance(value, list) else part]
    return value


def replaced(value, names):
    """The value with every text that `names` knows in its place, also within a longer text."""
    if isinstance(value, dict):
        return {key: replaced(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, names) for inner in value]
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(old, new)
    return value


def shortened(value):
    """The value with no more than two elements an array, and without the secret of a key."""
    if isinstance(value, dict):
        return {key: "fa_shown-once" if key == "secret" else shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner) for inner in value[:MOST]]
    return value


def text(value):
    if isinstance(value, list):
        return ",".join(map(text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


class Player:
    def __init__(self, document, examples, base, keys):
        self.examples, self.base, self.keys = examples, base, keys
        self.ids = {}
        self.operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def send(self, name, parameters, body, role, headers=()):
        """Sends one call; gives its status, type, headers and body."""
        method, path, operation = self.operations[name]
        query = []
        for parameter in operation.get("parameters", []):
            if parameter["name"] not in parameters:
                continue
            value = text(replaced(parameters[parameter["name"]], self.ids))
            if parameter["in"] == "path":
                path = path.replace("{%s}" % parameter["name"], urllib.parse.quote(value, safe=""))
            elif parameter["in"] == "query":
                query.append((parameter["name"], value))
        url = f"{self.base}{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, method=method.upper())
        request.add_header("Authorization", f"Bearer {self.keys[role]}")
        for header, value in headers:
            request.add_header(header, value)
        if isinstance(body, bytes):
            request.data = body
            request.add_header("Content-Type", *operation["requestBody"]["content"])
        elif body is not None:
            request.data = json.dumps(replaced(body, self.ids)).encode()
            request.add_header("Content-Type", next(kind for kind in operation["requestBody"]["content"] if "json" in kind))
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def upload(self, name, form, role):
        """Sends back a file that the service exports, as a form."""
        file = self.send("export_file", {"file": form["file"]}, None, role)[2]
        head = f'--part\r\nContent-Disposition: form-data; name="files"; filename="{form["name"]}"\r\n\r\n'
        request = urllib.request.Request(f"{self.base}{self.operations[name][1]}", method="POST")
        request.add_header("Authorization", f"Bearer {self.keys[role]}")
        request.add_header("Content-Type", "multipart/form-data; boundary=part")
        request.data = head.encode() + file + b"\r\n--part--\r\n"
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()

    def parameters_of(self, call, wanted):
        """What a call sends for its parameters: those that it must, and those wanted."""
        _, _, operation = self.operations[call["operation"]]
        found = {}
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] != "header" and (parameter["required"] or name in wanted):
                found[name] = call.get("parameters", {}).get(name, self.examples["parameters"].get(name))
        return found

    def play(self, call, record):
        """Plays a call; gives what is wrong."""
        name, role = call["operation"], call.get("role", "audit_team")
        method, _, operation = self.operations[name]
        body, headers = call.get("body"), []
        if "first" in call:
            first = {"operation": call["first"], "parameters": call.get("parameters", {})}
            _, found, before = self.send(call["first"], self.parameters_of(first, ()), None, role)
            headers = [("If-Match", found["ETag"])] if found["ETag"] else []
            if body is not None and "version" in body:
                body = {**body, "version": json.loads(before).get("version", 0)}
        if "file_of" in call:
            body = self.send(call["file_of"], self.parameters_of(call, ()), None, role)[2]
        wanted = call.get("sends", ())
        if "form" in call:
            status, found, answer = self.upload(name, call["form"], role)
        else:
            status, found, answer = self.send(name, self.parameters_of(call, wanted), body, role, headers)
        documented = operation["responses"].get(str(status), {})
        kind = (found.get("Content-Type") or "").split(";")[0]
        if not 200 <= status < 300 or (answer and kind not in documented.get("content", {})):
            return [f"{name}: {status} {kind} {answer[:400].decode(errors='replace')}"]
        if kind == "application/json":
            answer = json.loads(answer)
            for path, stands_for in call.get("keeps", {}).items():
                self.ids[stands_for] = pointer(answer, path)
            if record:
                call["answer"] = replaced(shortened(answer), {now: then for then, now in self.ids.items()})
        wrong = []
        if method == "get" and not record:
            for parameter in operation.get("parameters", []):
                if not parameter["required"] and "example" in parameter and parameter["in"] == "query":
                    sent = self.parameters_of(call, (*wanted, parameter["name"]))
                    sent[parameter["name"]] = parameter["example"]
                    status, _, answer = self.send(name, sent, None, role)
                    if status != 200:
                        wrong.append(f"{name} with {parameter['name']}: {status} {answer[:300].decode()}")
        return wrong


def main():
    record = "--record" in sys.argv
    document, examples, base, *keys = [argument for argument in sys.argv[1:] if argument != "--record"]
    with open(document) as file:
        document = json.load(file)
    with open(examples) as file:
        calls = json.load(file)
    given = dict(key.split("=", 1) for key in keys)
    player = Player(document, calls, base, given)
    player.ids.update((name, now) for name, now in given.items() if "-" in name)
    wrong = [problem for call in calls["calls"] for problem in player.play(call, record)]
    played = {call["operation"] for call in calls["calls"]}
    wrong += [f"{name}: no example" for name in player.operations if name not in played]
    if record:
        with open(examples, "w") as file:
            json.dump(calls, file, indent=1, ensure_ascii=False)
            file.write("\n")
    print("\n".join(wrong) or f"{len(played)} operations played as their examples say")
    sys.exit(bool(wrong))


main()
