"""What differs between the figures found and those expected."""

import math

import numpy as np


class Judge:
    """Gathers what differs, and the worst deviation of each method."""

    def __init__(self):
        self.method, self.place, self.tolerance = "", 0, 0.0
        self.figures, self.worst, self.differences = {}, {}, []

    def differ(self, field, found, expected):
        self.differences.append(f"{self.method}[{self.place}].{field}: {found!r}, expected {expected!r}")

    def same(self, field, found, expected, size=1e-4):
        """`size` is how large a figure must be for its deviation to count as relative."""
        if isinstance(expected, dict):
            if not isinstance(found, dict) or set(found) != set(expected):
                return self.differ(field, found, expected)
            for name, value in expected.items():
                self.same(f"{field}.{name}", found[name], value, size)
        elif isinstance(expected, (list, tuple, np.ndarray)):
            if not isinstance(found, list) or len(found) != len(expected):
                return self.differ(field, found, expected)
            sizes = size if isinstance(size, (list, np.ndarray)) else [size] * len(expected)
            for place, value in enumerate(expected):
                self.same(f"{field}[{place}]", found[place], value, sizes[place])
        elif expected is None or isinstance(expected, (str, bool, np.bool_)):
            if found != expected or isinstance(found, bool) != isinstance(expected, (bool, np.bool_)):
                self.differ(field, found, expected)
        else:
            number = isinstance(found, (int, float)) and not isinstance(found, bool)
            if not number or not math.isfinite(expected):
                return self.differ(field, found, expected)
            deviation = abs(found - expected) / max(abs(expected), size)
            self.figures[self.method] = self.figures.get(self.method, 0) + 1
            self.worst[self.method] = max(self.worst.get(self.method, 0), deviation)
            if not deviation <= self.tolerance:
                self.differ(field, found, float(expected))

    def p(self, field, found, expected):
        """A p value must be right relative to itself, however small."""
        self.same(field, found, expected, 1e-290)

    def answer(self, found, expected):
        """A whole answer: every field of it must be expected, and p values are told by their names."""
        if set(found) != set(expected):
            return self.differ("fields", sorted(found), sorted(expected))
        for name, value in expected.items():
            if name in ("p", "p_cc", "p_exact"):
                self.p(name, found[name], value)
            else:
                self.same(name, found[name], value)
