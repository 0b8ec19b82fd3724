"""What can be asked: the operations of the document, and the pages and forms that each role finds."""

import json
import urllib.parse

import corpus
from client import quoted
from verdict import Page

FORM = "application/x-www-form-urlencoded"


class Request:
    """One request: for whom, what, and what it is made from, by which findings are put together."""

    def __init__(self, role, method, target, headers, body, template, declared=None):
        self.role, self.method, self.target, self.headers, self.body = role, method, target, headers, body
        self.template, self.declared = template, declared
        self.for_api = target.startswith("/api/v1")


class Api:
    """The operations of the document."""

    def __init__(self, document, keys, fetch):
        self.document, self.keys = document, keys
        self.operations = [
            (method.upper(), path, operation)
            for path, operations in sorted(document["paths"].items())
            for method, operation in sorted(operations.items())
        ]
        self.fetch = fetch
        self.known = {"year": ["2021", "2022", "2022", "2022"], "service": ["FLS012", "FLS070", "FLS013", "EX01"],
                      "code": ["FLS012", "QOQ", "Y60"], "area": ["Y60", "QOQ"], "basis": ["as_reported"]}
        first = next(iter(keys.values()))
        listed = fetch("/api/v1/imports", first).get("items", [])
        self.known["id"] = [entry["id"] for entry in listed] or ["x"]
        self.items = [answer["link_id"] for answer in self.response(first)["answers"]]

    def response(self, key):
        return self.fetch("/api/v1/rounds/2022/responses/FLS012", key)

    def request(self, rng):
        method, path, operation = rng.choice(self.operations)
        role, key = rng.choice([*self.keys.items(), *self.keys.items(), ("nobody", None), ("made up", "fa_made_up")])
        target, query, headers = "/api/v1" + path, [], []
        for parameter in operation.get("parameters", []):
            value = self.value(rng, parameter["name"], parameter.get("schema", {}))
            if parameter["in"] == "path":
                part = rng.choice(corpus.BROKEN) if rng.random() < 0.05 else quoted(value, rng)
                target = target.replace("{" + parameter["name"] + "}", part)
            elif parameter["in"] == "query" and (parameter.get("required") or rng.random() < 0.4):
                query.append((parameter["name"], value))
            elif parameter["in"] == "header" and rng.random() < 0.8:
                headers.append((parameter["name"], printable(rng.choice([value, '"0"', '"1"', '"7"', "*"]))))
        if rng.random() < 0.05:
            query.append((rng.choice(corpus.TEXTS), rng.choice(corpus.TEXTS)))
        target += address_query(rng, query)
        body = b""
        if "requestBody" in operation:
            kind = next(iter(operation["requestBody"]["content"]))
            body, kind = self.files(rng) if "multipart" in kind else self.json(rng, operation, kind, key)
            if rng.random() < 0.07:
                kind = rng.choice(corpus.TYPES)
            headers.append(("Content-Type", kind))
        if key:
            headers.append(("Authorization", f"Bearer {key}"))
        if rng.random() < 0.02:
            method = rng.choice(["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
            return Request(role, method, target, headers, body, f"{method} {path}", None)
        return Request(role, method, target, headers, body, f"{method} {path}", set(operation["responses"]))

    def value(self, rng, name, schema):
        schema = self.resolved(schema)
        if rng.random() < 0.35:
            return rng.choice(corpus.TEXTS)
        if name in self.known:
            return rng.choice(self.known[name])
        if "enum" in schema:
            return rng.choice(schema["enum"])
        return {"integer": str(rng.choice([1, 2, 500, 501, 0])), "boolean": rng.choice(["true", "false"])}.get(
            schema.get("type"), "2022-07-01" if schema.get("format") == "date" else rng.choice(corpus.TEXTS))

    def resolved(self, schema):
        while "$ref" in schema or "allOf" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else {
                **schema["allOf"][0]}
        return schema

    def json(self, rng, operation, kind, key):
        if rng.random() < 0.12:
            return corpus.raw_json(rng), kind
        value = self.of_schema(rng, operation["requestBody"]["content"][kind]["schema"], "", 0)
        if isinstance(value, dict) and isinstance(value.get("answers"), list) and key and rng.random() < 0.5:
            versions = {answer["link_id"]: answer["version"] for answer in self.response(key).get("answers", [])}
            for change in value["answers"]:
                if isinstance(change, dict) and change.get("link_id") in versions:
                    change["version"] = versions[change["link_id"]]
        body = json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
        return (mutated(rng, body) if rng.random() < 0.08 else body), kind

    def of_schema(self, rng, schema, name, depth):
        schema = self.resolved(schema)
        if rng.random() < 0.07:
            return rng.choice([None, True, [], {}, [[]], {"a": 1}, rng.choice(corpus.TEXTS), rng.choice(corpus.NUMBERS)])
        kind = schema.get("type")
        if kind == "object":
            required = schema.get("required", [])
            value = {
                key: self.of_schema(rng, inner, key, depth + 1) for key, inner in schema.get("properties", {}).items()
                if (rng.random() < 0.97 if key in required else rng.random() < 0.25)
            }
            if rng.random() < 0.03:
                value[rng.choice(corpus.TEXTS)] = 1
            return value
        if kind == "array":
            return [self.of_schema(rng, schema["items"], name, depth + 1) for _ in range(rng.choice([0, 1, 1, 2, 5]))]
        if "enum" in schema:
            return rng.choice(schema["enum"])
        if name == "link_id" and rng.random() < 0.85:
            return rng.choice(self.items)
        if kind in ("integer", "number"):
            return rng.choice(corpus.NUMBERS)
        return rng.random() < 0.5 if kind == "boolean" else rng.choice(corpus.TEXTS)

    COLUMNS = {
        "services.csv": "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code",
        "hospitals.csv": "code,name,area_code,service_code,valid_from,valid_to,latitude,longitude",
        "areas.csv": "code,name,kind,parent_code,valid_from,valid_to,successor_code",
        "area_population.csv": "area_code,year,all_ages,aged_50_plus",
        "hip_fractures.csv": "hospital_code,year,hip_fractures",
        "expected_caseload.csv": "service_code,year,expected",
        "responses.csv": "service_code,year,link_id,row,value",
        "kpi_counts.csv": "service_code,month,kpi,stratum,numerator,denominator,eligible,complete",
    }

    def files(self, rng):
        parts = []
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            name = rng.choice(sorted(self.COLUMNS))
            header = self.COLUMNS[name]
            columns = header.split(",")
            lines = [header if rng.random() < 0.93 else rng.choice(corpus.TEXTS)]
            for _ in range(rng.choice([0, 1, 3])):
                cells = [self.cell(rng, column) for column in columns]
                lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
            if rng.random() < 0.08:
                name = rng.choice(corpus.TEXTS).replace("\r", "").replace("\n", "")
            content = rng.choice(["\n", "\n", "\r\n"]).join(lines).encode("utf-8", "surrogatepass")
            parts.append((name, mutated(rng, content) if rng.random() < 0.08 else content))
        return multipart(rng, [("files", name, content) for name, content in parts])

    def cell(self, rng, column):
        known = {"service_code": ["FLS012", "EX01"], "year": ["2022", "2021"], "area_code": ["QOQ"], "code": ["ZZZ", "EX01"],
                 "hospital_code": ["H001"], "link_id": self.items, "kpi": ["2", "5", "11"], "month": ["2022", "2022-03"]}
        if column in known and rng.random() < 0.7:
            return rng.choice(known[column])
        return rng.choice(corpus.TEXTS)


class Pages:
    """The pages and forms that somebody finds by following links."""

    def __init__(self, role, cookie, fetch):
        self.role, self.cookie = role, cookie
        self.paths, self.forms = [], []
        waiting, seen = ["/", "/sign-in", "/survey", "/rounds", "/gaps?year=2021", "/sign-in/made-up"], set()
        while waiting and len(self.paths) < 60:
            path = waiting.pop(0)
            plain = path.split("#")[0]
            if plain.split("?")[0] in seen or plain.startswith(("/assets/", "/api/")):
                continue
            seen.add(plain.split("?")[0])
            answer = fetch(plain, cookie)
            self.paths.append(plain)
            if answer is None or "text/html" not in (answer.header("content-type") or ""):
                continue
            page = Page(answer.text)
            for form in page.forms:
                action = form["action"] or plain
                # Signing out would end what the rest is tried with.
                if "sign-out" not in action and all(action != known["action"] for known in self.forms):
                    self.forms.append({**form, "action": action, "page": plain})
            waiting.extend(link for link in page.links if link not in waiting)

    def request(self, rng, token):
        if self.forms and rng.random() < 0.6:
            return self.form(rng, token)
        path, _, query = rng.choice(self.paths).partition("?")
        parts = path.split("/")
        if rng.random() < 0.4:
            place = rng.randrange(1, len(parts)) if len(parts) > 1 else 0
            parts[place] = rng.choice(corpus.BROKEN) if rng.random() < 0.2 else quoted(rng.choice(corpus.TEXTS), rng)
        pairs = urllib.parse.parse_qsl(query)
        names = [name for name, _ in pairs] + ["year", "area", "basis", "q", "sort", "after", "next", "standard"]
        pairs = [(rng.choice(names), rng.choice(corpus.TEXTS)) for _ in range(rng.choice([0, 1, 2]))] or pairs
        target = "/" + "/".join(parts).lstrip("/") + address_query(rng, pairs)
        headers = [("Cookie", self.cookie)] if self.cookie else []
        return Request(self.role, "GET", target, headers, b"", f"GET {path}")

    def form(self, rng, token):
        form = rng.choice(self.forms)
        pairs = []
        for name, kind, values in form["fields"]:
            if name == "csrf" or (kind in ("radio", "checkbox", "button", "submit") and rng.random() < 0.5):
                continue
            chance = rng.random()
            if chance < 0.55:
                pairs.append((name, rng.choice(values)))
            elif chance < 0.92:
                pairs.append((name, rng.choice(corpus.TEXTS)))
        if rng.random() < 0.1:
            pairs.append((rng.choice(corpus.TEXTS), rng.choice(corpus.TEXTS)))
        if pairs and rng.random() < 0.1:
            pairs.append(rng.choice(pairs))
        if rng.random() < 0.95:
            pairs.insert(0, ("csrf", token))
        rng.random() < 0.05 and rng.shuffle(pairs)
        if form["method"] == "GET":
            target = form["action"] + address_query(rng, pairs[1:])
            return Request(self.role, "GET", target, self.headers(), b"", f"GET {form['action']}")
        if form["multipart"]:
            files = [(name, rng.choice(["x.csv", *corpus.TEXTS]) if kind == "file" else None, rng.choice(corpus.TEXTS).encode())
                     for name, kind, _ in form["fields"] if kind == "file"]
            values = [(name, None, value.encode("utf-8", "surrogatepass")) for name, value in pairs]
            body, kind = multipart(rng, values + files)
        else:
            body, kind = urllib.parse.urlencode(pairs, errors="surrogatepass").encode(), FORM
        if rng.random() < 0.05:
            body = mutated(rng, body)
        headers = [*self.headers(), ("Content-Type", kind), ("Sec-Fetch-Site", "same-origin")]
        return Request(self.role, "POST", form["action"], headers, body, f"POST {form['action']}")

    def headers(self):
        return [("Cookie", self.cookie)] if self.cookie else []


def multipart(rng, parts):
    body = b""
    for name, filename, content in parts:
        clean = [text.replace("\r", "").replace("\n", "").replace('"', "%22") for text in (name, filename or "")]
        ending = f'; filename="{clean[1]}"' if filename is not None else ""
        head = f'--fuzz\r\nContent-Disposition: form-data; name="{clean[0]}"{ending}\r\n\r\n'
        body += head.encode("utf-8", "surrogatepass") + content + b"\r\n"
    return body + (b"--fuzz--\r\n" if rng.random() < 0.95 else b""), "multipart/form-data; boundary=fuzz"


def mutated(rng, body):
    """The same bytes with something wrong in them."""
    if not body:
        return b"\0"
    place = rng.randrange(len(body))
    return rng.choice([body[:place], body[:place] + b"\0" + body[place:], body[:place] + b"\xff\xfe" + body[place:],
                       body[:place] + bytes([body[place] ^ 1 << rng.randrange(8)]) + body[place + 1:], body + body])


def address_query(rng, pairs):
    if not pairs:
        return ""
    parts = [f"{quoted(name, rng)}={rng.choice(corpus.BROKEN) if rng.random() < 0.04 else quoted(value, rng)}"
             for name, value in pairs]
    return "?" + "&".join(parts)


def printable(text):
    """A text that can stand in a header; line ends are sent by other tests, byte by byte."""
    return "".join(letter for letter in text if 32 <= ord(letter) < 127)
