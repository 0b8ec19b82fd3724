#!/usr/bin/env python3
"""LibreOffice as the judge of a gap workbook: do its formulas and its stored values agree?

    judge.py FILE                           every formula's recalculated value against the stored one
    judge.py FILE --set NAME=VALUE ...      type into named cells, recalculate, print the values as JSON
    judge.py FILE --self-test-assumptions   change two assumptions and check every figure against arithmetic done here
    judge.py FILE --changes LIST            for each of a JSON list of {"set": {NAME: VALUE}, "like": WORKBOOK}: type into
                                            the named cells, recalculate, and compare every formula's value with the
                                            one that is stored in WORKBOOK, which was written for that input

Needs openpyxl (tests/requirements.txt) and LibreOffice Calc (`soffice`, or the program that SOFFICE names).
Exit status 0: agreed; 1: not, with each difference; 2: the call was wrong.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import openpyxl

TOLERANCE = 1e-9
# A value that no formula of the workbook has. Every stored value is replaced by it before recalculation, so that one
# that comes back as it was has really been computed.
MARKER = 987654321.125

# Recalculate on load: 0 is "always". Without it LibreOffice may show stored values, and the comparison proves nothing.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

FORMULA_CELL = re.compile(r"<c ([^>]*)>(<f[ >][^<]*</f>)<v>[^<]*</v>")
TYPE = re.compile(r"\s*\bt=\"[a-z]+\"")


def recalculate(source: Path, work: Path) -> Path:
    """A copy of `source` that LibreOffice has loaded, recalculated and written."""
    return recalculate_all([source], work)[0]


def recalculate_all(sources: list, work: Path) -> list:
    """The same for several, whose names differ, in one run of LibreOffice."""
    profile = Path(tempfile.mkdtemp(prefix="profile-", dir=work))
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    out = Path(tempfile.mkdtemp(prefix="out-", dir=work))
    command = [
        os.environ.get("SOFFICE", "soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, sources),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    written = [out / (source.stem + ".xlsx") for source in sources]
    for path in written:
        if not path.exists():
            sys.exit(f"LibreOffice wrote no {path.name}: {done.stdout}{done.stderr}")
    return written


def spoilt_cell(found: re.Match) -> str:
    """The formula cell with `MARKER` for its value, as a number."""
    return f"<c {TYPE.sub('', found.group(1))}>{found.group(2)}<v>{MARKER}</v>"


def spoil(source: Path, target: Path) -> int:
    """Copies a workbook with `MARKER` as the stored value of every formula; returns how many there are."""
    spoilt = 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                text, count = FORMULA_CELL.subn(spoilt_cell, data.decode("utf-8"))
                data, spoilt = text.encode("utf-8"), spoilt + count
            new.writestr(entry, data)
    return spoilt


def formula_cells(path: Path):
    """(sheet, address) of every formula."""
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate


def agree(one, other) -> bool:
    """Equal, numbers within the tolerance (absolute or relative)."""
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (one, other))
    if numbers:
        return abs(one - other) <= TOLERANCE * max(1.0, abs(one), abs(other))
    return one == other


def compare(path: Path, work: Path) -> int:
    """Recalculates every formula and compares it with its stored value; returns the number of differences."""
    cells = list(formula_cells(path))
    spoilt = work / "spoilt.xlsx"
    count = spoil(path, spoilt)
    if count != len(cells):
        sys.exit(f"{len(cells)} formulas, but {count} of them have a stored value")
    before = openpyxl.load_workbook(spoilt, data_only=True)
    stored = openpyxl.load_workbook(path, data_only=True)
    after = openpyxl.load_workbook(recalculate(spoilt, work), data_only=True)
    wrong = 0
    for sheet, address in cells:
        if before[sheet][address].value != MARKER:
            sys.exit(f"{sheet}!{address} was not spoilt: the comparison would prove nothing")
        old, new = stored[sheet][address].value, after[sheet][address].value
        if new == MARKER:
            sys.exit(f"{sheet}!{address} was not recalculated: the comparison would prove nothing")
        if not agree(old, new):
            wrong += 1
            print(f"{sheet}!{address}: stored {old!r}, recalculated {new!r}", file=sys.stderr)
    print(f"{len(cells)} cells compared, {wrong} differ (every stored value had been spoilt and came back recalculated)")
    return wrong


def set_names(path: Path, settings, target: Path) -> None:
    """Writes a copy of the workbook with other values in its named cells."""
    workbook = openpyxl.load_workbook(path)
    for name, value in settings:
        if name not in workbook.defined_names:
            sys.exit(f"there is no cell named {name}; there are {', '.join(sorted(workbook.defined_names))}")
        for sheet, address in workbook.defined_names[name].destinations:
            workbook[sheet][address.replace("$", "")].value = value
    workbook.save(target)


def header_row(sheet) -> int:
    """The row of the column headers: the one that is repeated on every printed page."""
    found = re.search(r"\$?(\d+):\$?(\d+)$", sheet.print_title_rows or "")
    if not found:
        sys.exit(f"the sheet {sheet.title} repeats no header row")
    return int(found.group(2))


def tables(path: Path, headers: dict) -> dict:
    """Sheet → its headers and its rows, each row as header → value, with what is blank left out."""
    result = {}
    for sheet in openpyxl.load_workbook(path, data_only=True):
        at = headers[sheet.title]
        header = [cell.value for cell in sheet[at] if cell.value is not None]
        rows = []
        for row in sheet.iter_rows(min_row=at + 1, values_only=True):
            named = {name: value for name, value in zip(header, row) if value is not None}
            if named:
                rows.append(named)
        result[sheet.title] = {"header": header, "rows": rows}
    return result


def recalculated(path: Path, settings, work: Path) -> dict:
    """The tables of the workbook after typing `settings` into it."""
    headers = {sheet.title: header_row(sheet) for sheet in openpyxl.load_workbook(path)}
    changed = Path(tempfile.mkdtemp(dir=work)) / "changed.xlsx"
    set_names(path, settings, changed)
    return tables(recalculate(changed, work), headers)


def changes(path: Path, listed: list, work: Path) -> int:
    """Types each change into a copy and compares it with the workbook that was written for it."""
    copies = []
    for number, change in enumerate(listed):
        copy = work / f"change-{number}.xlsx"
        set_names(path, change["set"].items(), copy)
        copies.append(copy)
    cells = list(formula_cells(path))
    before = openpyxl.load_workbook(path, data_only=True)
    check = Check()
    for change, recalculated_copy in zip(listed, recalculate_all(copies, work), strict=True):
        like, names = Path(change["like"]), ", ".join(f"{name}={value}" for name, value in change["set"].items())
        after, expected = (openpyxl.load_workbook(book, data_only=True) for book in (recalculated_copy, like))
        if list(formula_cells(like)) != cells:
            sys.exit(f"{names}: the formulas of {like.name} stand elsewhere")
        moved = 0
        for sheet, address in cells:
            value = expected[sheet][address].value
            check.same(f"{names}: {sheet}!{address}", after[sheet][address].value, value)
            moved += not agree(before[sheet][address].value, value)
        if not moved:
            sys.exit(f"{names} moves nothing: the comparison would prove nothing")
    print(f"{len(listed)} changes, {check.checked} cells compared, {check.wrong} differ")
    return check.wrong


class Check:
    """Counts what was checked and says what was wrong."""

    def __init__(self):
        self.checked = 0
        self.wrong = 0

    def same(self, what: str, cell, expected) -> None:
        self.checked += 1
        if not agree(cell, expected):
            self.wrong += 1
            print(f"{what}: {cell!r}, expected {expected!r}", file=sys.stderr)


def population(row: dict, share):
    """The population that a row's need rests on, from what was reported; `None` where there is none."""
    if row["Basis"].startswith("As reported"):
        people = row.get("Population all ages as reported")
    elif row.get("Estimated") == "yes":
        people = row["Population all ages as reported"] * (row["Share used for the estimate"] if share is None else share)
    else:
        people = row.get("Population 50+ as reported")
    return people if people is not None and people > 0 else None


def check_row(check: Check, row: dict, low: float, high: float, share, ratios: dict) -> None:
    """Every figure of a service against arithmetic of our own."""
    what = f"{row['Service code']} {row['Basis']}"
    people = population(row, share)
    check.same(f"{what} population used", row.get("Population used"), people)
    for role, ratio in ratios.items():
        need = [None, None] if people is None else [people / high * ratio, people / low * ratio]
        post, funded = row.get(f"{role}: in post"), row.get(f"{role}: establishment")
        minus = lambda a, b: None if a is None or b is None else a - b
        for end, (name, other) in enumerate((("low", 1), ("high", 0))):
            check.same(f"{what} {role} need {name}", row.get(f"{role}: need {name}"), need[end])
            check.same(f"{what} {role} gap {name}", row.get(f"{role}: gap {name}"), minus(need[end], post))
            check.same(f"{what} {role} unfunded {name}", row.get(f"{role}: unfunded {name}"), minus(need[end], funded))
            cover = None if post is None or people is None else post / need[other]
            check.same(f"{what} {role} cover {name}", row.get(f"{role}: cover {name}"), cover)
        check.same(f"{what} {role} vacant", row.get(f"{role}: vacant"), minus(funded, post))
        if post is None or people is None:
            position = "missing"
        else:
            position = "below" if post < need[0] else "meets" if post >= need[1] else "within"
        check.same(f"{what} {role} position", row.get(f"{role}: position"), position)


def check_sums(check: Check, what: str, cell, rows: list, roles) -> None:
    """The sums over some services; `cell` gives a sum by its label."""
    check.same(f"{what} services", cell("Services"), len(rows))
    check.same(f"{what} ok", cell("Services with a gap"), sum(row["Status"] == "ok" for row in rows))
    peopled = [row["Population used"] for row in rows if "Population used" in row]
    check.same(f"{what} population served", cell("Population served"), sum(peopled) if peopled else "n/a")
    for role in roles:
        known = [row for row in rows if f"{role}: gap low" in row]
        split = [row for row in known if f"{role}: establishment" in row]
        check.same(f"{what} {role} counted", cell(f"{role}: services counted"), len(known))
        check.same(f"{what} {role} missing", cell(f"{role}: services missing"), len(rows) - len(known))
        check.same(f"{what} {role} split", cell(f"{role}: services with an establishment"), len(split))
        total = lambda of, name, change=float: sum(change(row[f"{role}: {name}"]) for row in of) if of else "n/a"
        positive = lambda value: max(value, 0.0)
        for label, of, name, change in (
            ("in post", known, "in post", float), ("need low", known, "need low", float),
            ("need high", known, "need high", float), ("net gap low", known, "gap low", float),
            ("net gap high", known, "gap high", float), ("shortfall low", known, "gap low", positive),
            ("shortfall high", known, "gap high", positive), ("establishment", split, "establishment", float),
            ("unfunded low", split, "unfunded low", float), ("unfunded high", split, "unfunded high", float),
            ("vacant", split, "vacant", float),
        ):
            check.same(f"{what} {role} {label}", cell(f"{role}: {label}"), total(of, name, change))
        for label, position in (("below", "below"), ("within", "within"), ("that meet it", "meets")):
            number = sum(row[f"{role}: position"] == position for row in rows)
            check.same(f"{what} {role} {position}", cell(f"{role}: services {label}"), number)


def check_tables(check: Check, book: dict, low: float, high: float, share) -> None:
    """Every figure of a recalculated workbook."""
    named = {row["Name of the cell"]: row.get("Value") for row in book["Assumptions"]["rows"]}
    nurse = named["nurse_ratio"]
    ratios = {"Nurses": nurse, "Administrators": nurse * named["administrator_ratio"]}
    services = book["Services"]["rows"]
    for row in services:
        check_row(check, row, low, high, share, ratios)
    for area in book["Areas"]["rows"]:
        code, basis = area["Area code"], area["Basis"]
        # Any column of a service may hold the area: its host area, or one of the levels above.
        inside = [row for row in services if row["Basis"] == basis and (area["Kind"] == "all" or lies_in(row, code))]
        check_sums(check, f"area {code} {basis}", area.get, inside, ratios)
        for role, ratio in ratios.items():
            whole = area.get("Whole population of the area")
            for name, per in (("low", high), ("high", low)):
                need = None if whole is None else whole / per * ratio
                check.same(f"area {code} {role} {name}", area.get(f"{role}: whole area need {name}"), need)
    summary = {row["Measure"]: row for row in book["Summary"]["rows"]}
    bases = [name for name in book["Summary"]["header"] if name.startswith(("As reported", "Aged 50"))]
    for basis in bases:
        rows = [row for row in services if row["Basis"] == basis]
        check_sums(check, f"summary {basis}", lambda label: summary[label].get(basis), rows, ratios)
        for role in ratios:
            lows = [summary[f"{role}: net gap low"].get(name) for name in bases]
            least = "n/a" if "n/a" in lows else min(lows)
            check.same(f"summary {role} least", summary[f"{role}: net gap on every reading, at least"].get(basis), least)


def lies_in(row: dict, code: str) -> bool:
    subject = ("Service code", "Name", "Area name", "Basis", "Status", "Estimated")
    return any(value == code for name, value in row.items() if name not in subject)


def self_test(path: Path, work: Path) -> int:
    """Changes two assumptions and checks that what should move does, to the right value, and nothing else."""
    check = Check()
    before = recalculated(path, [], work)
    named = {row["Name of the cell"]: row.get("Value") for row in before["Assumptions"]["rows"]}
    low, high = named["population_per_nurse_low"], named["population_per_nurse_high"]
    check_tables(check, before, low, high, None)
    shared = recalculated(path, [("share_aged_50_plus", 0.5)], work)
    check_tables(check, shared, low, high, 0.5)
    estimated = 0
    for old, new in zip(before["Services"]["rows"], shared["Services"]["rows"], strict=True):
        if old.get("Estimated") == "yes":
            estimated += 1
        else:
            for header in before["Services"]["header"]:
                what = f"{old['Service code']} {old['Basis']} {header}, which the share must not move"
                check.same(what, new.get(header), old.get(header))
    both = recalculated(path, [("population_per_nurse_low", 35000), ("share_aged_50_plus", 0.5)], work)
    check_tables(check, both, 35000, high, 0.5)
    moved = sum(
        old.get("Nurses: need high") != new.get("Nurses: need high")
        for old, new in zip(shared["Services"]["rows"], both["Services"]["rows"], strict=True)
    )
    print(f"{check.checked} figures checked, {check.wrong} wrong; {estimated} rows are estimated, "
          f"{moved} rows moved with population_per_nurse_low")
    if not estimated or not moved:
        print("nothing was estimated or nothing moved: the test proves too little", file=sys.stderr)
        return 1
    return check.wrong


def setting(text: str):
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, float(value)
    except ValueError:
        return name, value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--set", dest="settings", metavar="NAME=VALUE", type=setting, action="append")
    parser.add_argument("--self-test-assumptions", action="store_true")
    parser.add_argument("--changes", metavar="LIST", type=Path)
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        parser.error(f"{arguments.file} is not a file")
    if not shutil.which(os.environ.get("SOFFICE", "soffice")):
        parser.error("LibreOffice (soffice) is not installed: apt-get install libreoffice-calc")
    with tempfile.TemporaryDirectory(prefix="workbook-judge-") as folder:
        work = Path(folder)
        if arguments.settings:
            json.dump(recalculated(arguments.file, arguments.settings, work), sys.stdout, indent=1, default=str)
            print()
            return 0
        if arguments.changes:
            return 1 if changes(arguments.file, json.loads(arguments.changes.read_text(encoding="utf-8")), work) else 0
        wrong = self_test(arguments.file, work) if arguments.self_test_assumptions else compare(arguments.file, work)
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
