"""What a hostile client sends: texts that mean something to a database, a page, a shell, a path or a parser."""

TEXTS = [
    "", " ", "\t", "\0", "a\0b", "\r\nX-Injected: 1", "%0d%0aX-Injected:%201", "\n\n<script>fuzz(1)</script>",
    "' OR '1'='1", "'; DROP TABLE responses; --", "\" OR \"\"=\"", "1) UNION SELECT 1,2,3 --", "\\", "\\'", "%", "_", "%%%",
    "1;SELECT pg_sleep(5)", "${jndi:ldap://x}", "$(id)", "`id`", "| id", "{{7*7}}", "{{{this}}}", "#{7*7}", "<%= 7 %>",
    "<script>fuzz(2)</script>", "\"><script>fuzz(3)</script>", "'><img src=x onerror=fuzz(4)>",
    "\" onfocus=fuzz(5) autofocus x=\"", "' onmouseover='fuzz(6)", "</textarea><svg onload=fuzz(7)>",
    "</title><script>fuzz(8)</script>", "javascript:fuzz(9)", "data:text/html,<script>fuzz(10)</script>", "&lt;script&gt;",
    "<!--", "]]>", "&#x3C;script&#x3E;", "<scr<script>ipt>fuzz(11)</script>", "\u2028fuzz(12)\u2029",
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "file:///etc/passwd", "....//", "%2e%2e%2f", ".", "..",
    "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example\\x",
    "=1+1", "+1", "-1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1+1",
    "0", "1", "00", "1.5", "1,5", "1.555", "1e5", "1e309", "-0", "NaN", "nan", "Infinity", "-Infinity", "0x10", "1_000", "½",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "2147483648", "99999999999999999999999999999",
    "0.000000000000000000000000000001", "٣", "１２", "true", "false", "null", "undefined", "None", "[]", "{}", "[object Object]",
    "2022", "0000", "99999", "-2022", "2022-02-30", "9999-12-31", "0001-01-01", "-0001-01-01", "10000-01-01",
    "2022-01-01T00:00:00Z", "2022-13-01T25:61:61Z", "+262143-12-31T23:59:59Z", "2022-01-01T00:00:00+99:99",
    "🦴", "👩🏽\u200d⚕️", "e\u0301", "\u202etxt.exe", "\u200f\u200e", "\ufeff", "\uffff", "\U0010ffff", "ﷺ", "İ", "ß", "ｅ",
    "\x01\x02\x1f\x7f", "\x85", "A" * 300, "🦴" * 300, "A" * 5000, "a;b=c", "a&b=c", "a=b", "a#b", "a?b", "a/b", "a+b", "a%zz",
    "W/\"1\"", "\"1\"", "*", "\"", "\"1", "\"1\", \"2\"", "Bearer x", "__proto__", "constructor", "not_known", "\\not_known",
]

# Bytes that are no UTF-8, percent-encoded as they stand in an address.
BROKEN = ["%ff", "%c0%af", "%ed%a0%80", "%f5%80%80%80", "%00", "%", "%g0", "%e2%82", "%0d%0aX-Injected:%201", "%2f", "%5c"]

NUMBERS = [0, 1, -1, 2, 2021, 2022, 2147483647, 2147483648, -2147483649, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, 0.5,
           -0.0, 1e-300, 1e300, 0.005, 99999999.994]

TYPES = ["application/json", "application/json; charset=utf-16", "text/plain", "application/xml", "", "multipart/form-data",
         "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json;;;", "*/*"]


def deep(rng):
    """JSON that is nested deeper than a reader may follow."""
    opening, closing = rng.choice([("[", "]"), ('{"a":', "}"), ('{"answers":[', "]}")])
    depth = rng.choice([20, 130, 1000, 20000])
    return (opening * depth + closing * depth).encode()


def raw_json(rng):
    """Bytes that are no JSON, or hardly."""
    return rng.choice([
        b"", b"null", b"true", b"0", b'""', b"[]", b"{}", b"{", b"[[", b'{"a":1,}', b"{'a':1}", b'{"a":NaN}', b'{"a":1e999}',
        b'{"answers":null}', b'{"answers":{}}', b'{"answers":[null]}', b'{"answers":[[]]}', b'{"answers":[{}]}', b"\xff\xfe{}",
        b"\xef\xbb\xbf{}", b'"\xed\xa0\x80"', b'{"a":"\\ud800"}', b'{"\\u0000":1}', b"{}{}", b"{}\0", b"//x\n{}", b"-", b"01",
        b'{"answers":[' + b'{},' * 5000 + b"{}]}", deep(rng),
    ])
