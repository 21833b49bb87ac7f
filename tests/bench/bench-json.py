"""Times what the swarm's own writers do: load the whole queue, change it, write it, rename.

Called by bench-queue as: bench-json.py QUEUE ROUNDS. Prints "name<tab>milliseconds" a line.
"""

import json
import os
import statistics
import sys
import time

path, rounds = sys.argv[1], int(sys.argv[2])
loads, saves = [], []
for _ in range(rounds):
    start = time.monotonic()
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    loads.append(time.monotonic() - start)
    entries[len(entries) // 2]["status"] = "PENDING"
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        json.dump(entries, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".tmp", path)
    saves.append(time.monotonic() - start)

print(f"load: Python's json\t{statistics.median(loads) * 1000}")
print(f"load and save one change: Python's json\t{statistics.median(saves) * 1000}")
