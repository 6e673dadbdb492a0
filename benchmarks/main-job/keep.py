"""Files that are there as a whole or not at all, also after a crash: written aside, synced, then renamed."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def sync(path):
    """Waits until a file or a folder's list of files is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(folder, name, parts):
    """
    Writes parts (file name → frame, or a value for JSON) as one folder in one commit.

    What a folder of that name held before is replaced; a reader sees the old parts or the new ones, never some of each.
    """
    target = Path(folder) / name
    aside = target.with_name(target.name + ".new")
    aside.mkdir(parents=True)

    def write(entry):
        file, value = entry
        path = aside / file
        if file.endswith(".json"):
            path.write_text(json.dumps(value))
        else:
            value.write_parquet(path, compression="lz4")
        sync(path)

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, parts.items()))
    sync(aside)
    if target.exists():
        # A folder cannot replace another one; the older one goes once the new one stands.
        older = target.with_name(target.name + ".old")
        target.rename(older)
        aside.rename(target)
        sync(target.parent)
        for file in older.iterdir():
            file.unlink()
        older.rmdir()
    else:
        aside.rename(target)
        sync(target.parent)
    return target
