#!/usr/bin/env python3
"""The gap workbook beside Python's XlsxWriter, which writes the same cells, in one run.

    benches/workbook.py [SERVICES ...]      300 and 10,000 unless told

Needs openpyxl and xlsxwriter (`pip install openpyxl xlsxwriter`). Reading the cells that XlsxWriter is to write is not
timed. Prints a line of JSON for each size: milliseconds of both (the median), how many times faster ours is, memory.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import xlsxwriter


def cells(path):
    """Every cell of a workbook: formulas with the value that they are stored with, and number formats."""
    formulas = openpyxl.load_workbook(path, read_only=True)
    values = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheets = []
    for sheet in formulas.worksheets:
        rows = []
        for row, stored in zip(sheet.iter_rows(), values[sheet.title].iter_rows()):
            for cell, value in zip(row, stored):
                if cell.value is not None:
                    rows.append((cell.row - 1, cell.column - 1, cell.value, value.value, cell.number_format))
        sheets.append((sheet.title, rows))
    return sheets


def write(sheets, path):
    book = xlsxwriter.Workbook(path)
    formats = {}
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        for row, column, value, stored, number_format in rows:
            if number_format not in formats:
                formats[number_format] = book.add_format({"num_format": number_format, "font_name": "Arial"})
            style = formats[number_format]
            if isinstance(value, str) and value.startswith("=") and stored != value:
                sheet.write_formula(row, column, value, style, stored)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, style)
            else:
                sheet.write_number(row, column, value, style)
    book.close()


def main():
    for services in [int(size) for size in sys.argv[1:]] or [300, 10_000]:
        with tempfile.TemporaryDirectory() as folder:
            ours = Path(folder) / "ours.xlsx"
            run = ["cargo", "bench", "--quiet", "--bench", "workbook", "--", str(services), str(ours)]
            found = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
            sheets = cells(ours)
            times = []
            for _ in range(3):
                began = time.perf_counter()
                write(sheets, Path(folder) / "theirs.xlsx")
                times.append((time.perf_counter() - began) * 1_000)
            mine, theirs = statistics.median(found["milliseconds"]), statistics.median(times)
            print(json.dumps({
                "services": services,
                "cells": sum(len(rows) for _, rows in sheets),
                "ours_ms": mine,
                "xlsxwriter_ms": theirs,
                "times_faster": theirs / mine,
                "grown_mb": found["grown_mb"],
            }))


main()
