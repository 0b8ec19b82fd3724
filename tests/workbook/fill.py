"""Fills in a response workbook as somebody would: fill.py IN OUT '[["link_id", "part", value], …]'. The part "explanation"
is the explanation beside the item. Rows are found by their hidden columns."""

import json
import sys

import openpyxl

LINK_ID, PART, ANSWER, EXPLANATION = 7, 8, 4, 6

source, target, edits = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
book = openpyxl.load_workbook(source)
for link_id, part, value in edits:
    found = False
    for sheet in book:
        for row in range(1, sheet.max_row + 1):
            if sheet.cell(row, LINK_ID).value != link_id:
                continue
            here = sheet.cell(row, PART).value
            if part == "explanation" and here in ("whole", "head"):
                sheet.cell(row, EXPLANATION).value = value
                found = True
            elif here == part:
                sheet.cell(row, ANSWER).value = value
                found = True
    if not found:
        sys.exit(f"no cell for {link_id} {part}")
book.save(target)
