"""Plays one of the swarm's own writers, with all of its faults: no lock, lists saved long after they
were loaded, unlink before rename, files rewritten in place.

legacy.py ROLE QUEUE SECONDS SEED LOG QKCTL; the roles are producer, processor, stale, inplace, holder
(opens the file, or takes the lock of those who cooperate, and holds it) and cooperator (sends with
QKCTL). Writes to LOG what it did, as one JSON object.
"""

import datetime
import fcntl
import json
import os
import random
import subprocess
import sys
import time
import uuid

role, queue, seconds, seed, log = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
qkctl = sys.argv[6]
rand = random.Random(seed)
temp = f"{queue}.{role}{seed}.tmp"
counts = {"loads": 0, "absent": 0, "unreadable": 0, "saves": 0, "held": 0.0}
produced = []


def now():
    return datetime.datetime.now().isoformat()


def load():
    """The list, or None: absent and torn are counted, and the turn is skipped."""
    counts["loads"] += 1
    try:
        with open(queue, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        counts["absent"] += 1
    except ValueError:
        counts["unreadable"] += 1
    return None


def save(entries):
    with open(temp, "w", encoding="utf-8") as file:
        json.dump(entries, file, ensure_ascii=False)
    try:
        os.unlink(queue)
    except FileNotFoundError:
        pass
    os.rename(temp, queue)
    counts["saves"] += 1


def save_in_place(entries):
    with open(queue, "r+", encoding="utf-8") as file:
        file.truncate(0)
        json.dump(entries, file, ensure_ascii=False, indent=2)
    counts["saves"] += 1


def produce(entries):
    id = str(uuid.UUID(int=rand.getrandbits(128), version=4))
    entries.append({
        "message": {"sender": "CAPTAIN", "recipient": f"Agent-{rand.randint(1, 8)}",
                    "content": "Report in. " * rand.randint(5, 60), "priority": "regular",
                    "message_type": "text", "tags": [], "metadata": {}},
        "queue_id": id, "priority_score": 0.5, "status": "PENDING",
        "created_at": now(), "updated_at": now(), "metadata": {"delivery_callback": False}})
    produced.append(id)


def process(entries):
    for entry in entries:
        if entry["status"] == "PROCESSING":
            failed = rand.random() < 0.4
            entry["status"] = "FAILED" if failed else "DELIVERED"
            entry["updated_at"] = now()
            entry["metadata"]["delivery_attempts"] = entry["metadata"].get("delivery_attempts", 0) + 1
            return
    for entry in entries:
        if entry["status"] == "PENDING":
            entry["status"] = "PROCESSING"
            entry["updated_at"] = now()
            return


def hold():
    kind = rand.choice(["read", "write", "lock"])
    try:
        with open(queue + ".lock" if kind == "lock" else queue, "r" if kind == "read" else "r+") as file:
            if kind == "lock":
                fcntl.flock(file, fcntl.LOCK_EX)
            time.sleep(rand.uniform(0.05, 0.4))
    except FileNotFoundError:
        pass


def cooperate():
    sent = subprocess.run([qkctl, "send", queue, "--to", "Agent-1", "--from", "CAPTAIN", "--content",
                           "Report in."], capture_output=True, text=True, check=False)
    if sent.returncode == 0:
        produced.extend(sent.stdout.split())
        counts["saves"] += 1


end = time.monotonic() + seconds
while time.monotonic() < end:
    if role in ("holder", "cooperator"):
        (hold if role == "holder" else cooperate)()
        time.sleep(rand.uniform(0.2, 0.6))
        continue
    loaded = time.monotonic()
    entries = load()
    if entries is not None:
        if role == "producer":
            produce(entries)
        else:
            process(entries)
        # How long the list is held: most turns are quick, some are not.
        held = rand.uniform(0.5, 4) if role == "stale" else rand.choice([0, 0, 0.01, 0.05])
        time.sleep(held)
        try:
            (save_in_place if role == "inplace" else save)(entries)
        except FileNotFoundError:
            counts["absent"] += 1
        counts["held"] = max(counts["held"], time.monotonic() - loaded)
    time.sleep(rand.uniform(0.02, 0.1) if role != "inplace" else rand.uniform(0.5, 1.5))

with open(log, "w", encoding="utf-8") as file:
    json.dump({"role": role, "produced": produced, **counts}, file)
