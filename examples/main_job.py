#!/usr/bin/env python3
"""One ring from the counter until it is collected, by the API alone.

    main_job.py http://127.0.0.1:8080 you@shop.example < password.txt

The password is read from standard input, so that it stands in no list of processes. The shop must
have its prices and rates. Prints the finished job as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from benchpin_client import Client, Json, Problem

CARAT = 100_000  # stones are weighed in hundred-thousandths

RING: Json = {
    "template": "solitaire",
    "alloy": "pt950",
    "gem": "sapphire",
    "shape": "oval",
    "origin": "natural",
    "stone_carats": 3 * CARAT // 2,
}
STAGES = ("cad", "setting", "ready")


def say(what: str, value: Any = "") -> None:
    print(what, value, file=sys.stderr)


def pounds(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02d}"


def take_in(shop: Client) -> Json:
    """The customer, and the order that is for them."""
    customer = shop.post(
        "/customers", {"name": "Élodie Marchand", "contacts": [{"value": "elodie@example.com"}]}
    )
    job = shop.post(
        "/jobs",
        {"title": "Oval sapphire solitaire", "customer": customer["id"], "budget": 900_000},
    )
    say("taken in:", job["reference"])
    return job


def specify(shop: Client, job: Json) -> None:
    """A template says what it is made of and what is done; either may be changed afterwards."""
    shop.post(f"/jobs/{job['id']}/specification/template", RING)
    now = shop.get(f"/jobs/{job['id']}")
    say("materials:", ", ".join(each["name"] for each in now["materials"]))
    say("operations:", ", ".join(each["name"] for each in now["operations"]))


def quote(shop: Client, job: Json) -> Json:
    """Priced, sent, and accepted by the customer on the telephone."""
    made = shop.post(f"/jobs/{job['id']}/quotes", {"note": "With our compliments"})
    shop.post(f"/quotes/{made['id']}/send")
    accepted = shop.post(f"/quotes/{made['id']}/accept", {"note": "By telephone"})
    say("quote accepted:", pounds(accepted["total"]))
    return accepted


def take_money(shop: Client, job: Json, amount: int, what: str) -> None:
    """With a key made of what is paid for: running this again cannot take it twice."""
    shop.post(
        f"/jobs/{job['id']}/payments",
        {"method": "card", "amount": amount},
        key=f"job-{job['id']}-{what}",
    )
    say(f"{what} taken:", pounds(amount))


def move(shop: Client, job: Json, to: str) -> None:
    """From the stage it is at. Whoever moved it meanwhile is heard: look again, and go on from
    there, three times at most."""
    for _ in range(3):
        now = shop.get(f"/jobs/{job['id']}")
        if now["stage"] == to:
            return
        try:
            shop.post(f"/jobs/{job['id']}/stage", {"from": now["stage"], "to": to})
            say("moved to", to)
            return
        except Problem as problem:
            if problem.status != 409:
                raise
            time.sleep(0.2)
    raise SystemExit(f"{job['reference']} is moved by somebody else all the time")


def collect(shop: Client, job: Json) -> None:
    """The invoice, the rest of the money, and the ring goes home."""
    draft = shop.post(f"/jobs/{job['id']}/invoice")
    issued = shop.post(f"/invoices/{draft['id']}/issue")
    say("invoice:", issued["number"])
    balance = shop.get(f"/jobs/{job['id']}")["balance"]
    take_money(shop, job, balance, "balance")
    shop.post(f"/jobs/{job['id']}/hand-over", {"note": "To herself"})


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    password = sys.stdin.readline().rstrip("\n")
    try:
        shop = Client.sign_in(sys.argv[1], sys.argv[2], password, "Main job")
        job = take_in(shop)
        specify(shop, job)
        accepted = quote(shop, job)
        take_money(shop, job, accepted["deposit"], "deposit")
        for stage in STAGES:
            move(shop, job, stage)
        collect(shop, job)
        done = shop.get(f"/jobs/{job['id']}")
        theirs = shop.rows("/jobs", q=job["reference"], closed="1")
        say("found again:", ", ".join(each["title"] for each in theirs))
    except Problem as problem:
        print(f"The shop refused: {problem}", file=sys.stderr)
        return 1
    print(json.dumps(done))
    return 0


if __name__ == "__main__":
    sys.exit(main())
