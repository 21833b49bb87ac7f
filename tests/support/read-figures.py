"""Reads the figures back out of what Queuekeeper has written: read-figures.py FORMAT FILE [SOURCE].

FORMAT is that of an export, or "database" for the history. Says the same lines for the same figures,
whichever format they stood in; each reader knows no more than that format's own rules.
"""

import collections
import csv
import html.parser
import json
import re
import sqlite3
import sys

NAMES = {
    "lock_errors": ("lock_errors_total", "Lock errors"),
    "saves": ("saves_total", "Saves"),
    "saves_retried": ("saves_retried_total", "Saves after a retry"),
    "saves_failed": ("saves_failed_total", "Saves given up"),
    "read_retries": ("read_retries_total", "Retries of reads"),
    "save_retries": ("save_retries_total", "Retries of saves"),
    "attempts": ("save_attempts_total", "Attempts"),
    "worst_attempts": ("save_attempts_max", "Most attempts"),
    "conflicts": ("conflicts_total", "Versions of others merged"),
    "overwrites": ("overwrites_total", "Undone changes put right"),
}
KINDS = {
    "access-denied": "access denied",
    "in-use": "file in use",
    "lock-held": "lock held by another writer",
    "absent": "file absent: a writer is between unlink and rename",
    "torn": "file incomplete: a writer is in the middle of it",
    "conflict": "another writer saved in between: merged",
    "overwrite": "another writer saved an old list: put right",
}
SOURCES = ["total", "here", "others", "swarm"]


class Tables(html.parser.HTMLParser):
    """The text of every cell of every row of a page."""

    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None


def read_csv(text, source):
    rows = list(csv.DictReader(text.splitlines()))
    mine = [row for row in rows if row["record"] == "figure" and row["source"] == source]
    figures = {row["measure"]: int(row["value"]) for row in mine if row["measure"] in NAMES}
    kinds = {(row["operation"], row["kind"]): int(row["value"])
             for row in mine if row["measure"] == "events"}
    listed = sum(row["record"] == "event" and row["source"] == source for row in rows)
    return figures, kinds, listed


def read_json(text, source):
    report = json.loads(text)
    mine = report["by_source"][source]
    kinds = {(operation, kind): n
             for operation, of in mine["events"].items() for kind, n in of.items()}
    listed = sum(event["source"] == source for event in report["events"])
    return {name: mine[name] for name in NAMES}, kinds, listed


def read_metrics(text, source):
    figures, kinds = {}, {}
    names = {metric: name for name, (metric, _) in NAMES.items()}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = re.fullmatch(r'queuekeeper_(\w+)\{(.*)\} (\S+)', line).groups()
        labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
        if labels.get("source") != source:
            continue
        if name in names:
            assert names[name] not in figures, line
            figures[names[name]] = int(value)
        elif name == "events_total":
            kinds[labels["operation"], labels["kind"]] = int(value)
    return figures, kinds, None


def read_html(text, source):
    page = Tables()
    page.feed(text)
    figures, kinds = {}, {}
    column = 1 + SOURCES.index(source)
    for row in page.rows:
        for name, (_, label) in NAMES.items():
            if row[0] == label and len(row) == 5:
                figures[name] = int(row[column])
        for kind, label in KINDS.items():
            if row[0] == label and len(row) == 3:
                kinds["read", kind], kinds["save", kind] = int(row[1]), int(row[2])
    listed = sum(len(row) == 3 and bool(re.match(r"\d{4}-\d\d-\d\d \d\d:", row[0]))
                 for row in page.rows)
    return figures, kinds, listed


def read_text(text, source):
    """What did not happen is left out there."""
    figures, kinds, listed = dict.fromkeys(NAMES, 0), {}, 0
    column = SOURCES.index(source)
    for line in text.splitlines():
        for name, (_, label) in NAMES.items():
            numbers = re.fullmatch(r"\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)  " + re.escape(label), line)
            if numbers:
                figures[name] = int(numbers[column + 1])
        for kind, label in KINDS.items():
            numbers = re.fullmatch(r"\s+(\d+)\s+(\d+)  " + re.escape(label), line)
            if numbers:
                kinds["read", kind], kinds["save", kind] = int(numbers[1]), int(numbers[2])
        listed += bool(re.match(r"  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  (read|save) ", line))
    return figures, kinds, listed


def read_swarm(text, source):
    """Knows no reads, and no saves that met nothing."""
    counters = json.loads(text)
    summary, codes = counters["summary"], {5: "access-denied", 32: "in-use", 33: "lock-held"}
    kinds = collections.Counter(("save", codes[error["winerror_code"]])
                                for error in counters["errors"])
    assert summary["winerror_5_count"] == kinds["save", "access-denied"]
    assert summary["winerror_32_count"] == kinds["save", "in-use"]
    assert [save["attempts"] for save in counters["retry_success"]] == [3]
    return {
        "lock_errors": summary["total_errors"],
        "saves_retried": summary["retry_success_count"],
        "saves_failed": summary["retry_failure_count"],
        "worst_attempts": summary["max_retries_needed"],
    }, kinds, len(counters["errors"])


def read_database(path, source):
    """Counts the rows of single events and saves, anew."""
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def one(sql):
        return base.execute(sql).fetchone()[0] or 0

    kinds = {(["read", "save"][operation], list(KINDS)[kind]): n for operation, kind, n in base.execute(
        "SELECT operation, kind, count(*) FROM lock_events GROUP BY operation, kind")}
    return {
        "lock_errors": one("SELECT count(*) FROM lock_events WHERE kind < 3"),
        "saves": one("SELECT count(*) FROM saves WHERE ok"),
        "saves_retried": one("SELECT count(*) FROM saves WHERE ok AND attempts > 1"),
        "saves_failed": one("SELECT count(*) FROM saves WHERE NOT ok"),
        "read_retries": one("SELECT count(*) FROM lock_events WHERE operation = 0 AND outcome = 0"),
        "save_retries": one("SELECT count(*) FROM lock_events WHERE operation = 1 AND outcome = 0"),
        "attempts": one("SELECT sum(attempts) FROM saves WHERE ok"),
        "worst_attempts": one("SELECT max(attempts) FROM saves"),
        "conflicts": one("SELECT sum(conflicts) FROM saves"),
        "overwrites": one("SELECT count(*) FROM lock_events WHERE kind = 6"),
    }, kinds, one("SELECT count(*) FROM lock_events")


READERS = {
    "text": read_text, "csv": read_csv, "json": read_json, "openmetrics": read_metrics,
    "prometheus": read_metrics, "html": read_html, "swarm": read_swarm,
}


def main():
    kind, path, source = sys.argv[1], sys.argv[2], (sys.argv[3:] or ["here"])[0]
    if kind == "database":
        figures, kinds, listed = read_database(path, source)
    else:
        with open(path, encoding="utf-8", newline="") as file:
            figures, kinds, listed = READERS[kind](file.read(), source)
    for name in NAMES:
        if name in figures:
            print(name, figures[name])
    for (operation, name), n in sorted(kinds.items()):
        if n:
            print(operation, name, n)
    if listed is not None:
        print("listed", listed)


main()
