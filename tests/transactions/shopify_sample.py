"""Makes `programs/data/shopify_orders.csv`: the shape of a shop system's order export, with nobody in it.

    python tests/transactions/shopify_sample.py OUT.csv LEDGER.csv

2,000 orders of 600 made-up members over 2025, the newest first, as such exports are. Planted among them, each
a few times: orders that were cancelled or voided, guests without an address, orders refunded in part or in
whole, another currency, totals that do not add up, an order that is there twice, a price that is no number, a
time that is none, and an order whose rows are apart.
"""

import csv
import random
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

HEADER = (
    "Name", "Email", "Financial Status", "Paid at", "Currency", "Subtotal", "Shipping", "Taxes", "Total",
    "Discount Code", "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
    "Lineitem sku", "Lineitem discount", "Cancelled at", "Payment Method", "Refunded Amount", "Source",
)  # fmt: skip
GOODS = (
    ("House blend 250 g", 1250, "COF-250"), ("House blend 1 kg", 3900, "COF-1000"), ("Mug", 1400, "MUG-1"),
    ("Filters, 100", 650, "FIL-100"), ("Grinder", 8900, "GRI-1"), ("Tea tin", 1195, "TEA-1"),
    ("Gift card", 2500, "GIFT"), ("Espresso machine", 124900, "ESP-1"),
)  # fmt: skip
WEIGHTS = (30, 12, 10, 14, 2, 12, 4, 1)
SOURCES, SOURCE_WEIGHTS = ("web", "pos", "iphone", "shopify_draft_order"), (70, 18, 10, 2)


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def sample(orders: int = 2000, members: int = 600, seed: int = 7) -> str:
    """The text of the file."""
    draw = random.Random(seed)
    people = [f"member{number:04d}@example.com" for number in range(1, members + 1)]
    weights = [draw.paretovariate(1.2) for _ in people]
    zone = ZoneInfo("America/New_York")
    start = datetime(2025, 1, 2, 13, 0, tzinfo=UTC)
    seconds = sorted(draw.randrange(360 * 86_400) for _ in range(orders))
    blocks: list[list[dict[str, str]]] = []
    for number, second in enumerate(seconds):
        at = (start + timedelta(seconds=second)).astimezone(zone)
        lines = []
        for _ in range(draw.choices((1, 2, 3, 4, 5), (52, 26, 13, 6, 3))[0]):
            good, price, sku = draw.choices(GOODS, WEIGHTS)[0]
            quantity = draw.choices((1, 2, 3), (80, 15, 5))[0]
            off = price * quantity // 10 if draw.random() < 0.08 else 0
            lines.append((good, price, sku, quantity, off))
        items = sum(price * quantity - off for _, price, _, quantity, off in lines)
        code = draw.random() < 0.07
        discount = items // 20 if code else 0
        subtotal = items - discount
        shipping = 0 if subtotal >= 5000 else 595
        taxes = subtotal * 8 // 100
        order = {
            "Name": f"#{1001 + number}",
            "Email": draw.choices(people, weights)[0],
            "Financial Status": "paid",
            "Paid at": at.strftime("%Y-%m-%d %H:%M:%S %z"),
            "Currency": "USD",
            "Subtotal": money(subtotal),
            "Shipping": money(shipping),
            "Taxes": money(taxes),
            "Total": money(subtotal + shipping + taxes),
            "Discount Code": "WELCOME5" if code else "",
            "Discount Amount": money(discount),
            "Created at": at.strftime("%Y-%m-%d %H:%M:%S %z"),
            "Payment Method": "Shopify Payments",
            "Refunded Amount": "0.00",
            "Source": draw.choices(SOURCES, SOURCE_WEIGHTS)[0],
        }
        rows = []
        for position, (good, price, sku, quantity, off) in enumerate(lines):
            row = (
                dict(order) if position == 0 else {key: order[key] for key in ("Name", "Email", "Created at")}
            )
            row |= {
                "Lineitem quantity": str(quantity), "Lineitem name": good, "Lineitem price": money(price),
                "Lineitem sku": sku, "Lineitem discount": money(off),
            }  # fmt: skip
            rows.append(row)
        blocks.append(rows)
    _plant(blocks, draw)
    blocks.reverse()
    _pull_apart(blocks)
    out = StringIO()
    writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    for rows in blocks:
        writer.writerows(rows)
    return out.getvalue()


def ledger(text: str) -> str:
    """What another system might have booked for such a file: `programs/data/shopify_ledger.csv`.

    A point for each whole dollar of an order and, in the shop, one for each whole $2 besides. One order was
    never booked, one was booked twice, and one member was given points by hand.
    """
    orders: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(StringIO(text)):
        orders.setdefault(row["Name"], []).append(row)
    rows = []
    for name, its in orders.items():
        head = next(row for row in its if row["Subtotal"])
        cents = _worth(its, head)
        if cents is not None and cents >= 100 and name != "#1701":
            points = cents // 100 + (cents // 200 if head["Source"] == "pos" else 0)
            rows.append(f"{head['Email']},{head['Created at'][:10]},earned,{points},{name}")
    rows.sort(key=lambda row: row.split(",")[1])
    rows.insert(900, rows[850])
    rows.append("member0559@example.com,2025-11-28,adjusted,250,")
    return "\n".join(["member,date,kind,points,event", *rows, ""])


def _worth(rows: list[dict[str, str]], head: dict[str, str]) -> int | None:
    """The cents of an order that is booked; `None` for one that is not."""
    gone = head["Cancelled at"] or head["Financial Status"] in ("voided", "refunded")
    prices = [row["Lineitem price"] for row in rows]
    if gone or not head["Email"] or head["Currency"] != "USD" or not head["Created at"].startswith("20"):
        return None
    if any("," in price for price in prices):
        return None
    first = rows[: len(rows) // 2] if sum(bool(row["Subtotal"]) for row in rows) == 2 else rows
    cents = [int(row["Lineitem price"].replace(".", "")) * int(row["Lineitem quantity"]) for row in first]
    off = [int(row["Lineitem discount"].replace(".", "")) for row in first]
    total = sum(cents) - sum(off) - int(head["Discount Amount"].replace(".", ""))
    return total if total == int(head["Subtotal"].replace(".", "")) else None


def _plant(blocks: list[list[dict[str, str]]], draw: random.Random) -> None:
    """What is wrong or odd, in orders that are none of each other's."""
    chosen = draw.sample(range(50, len(blocks) - 50), 160)
    take = iter(chosen)
    for _ in range(38):
        head = blocks[next(take)][0]
        head["Cancelled at"] = head["Created at"]
    for _ in range(12):
        blocks[next(take)][0]["Financial Status"] = "voided"
    for _ in range(45):
        for row in blocks[at := next(take)]:
            row["Email"] = ""
        blocks[at][0]["Source"] = "pos"
    for _ in range(30):
        head = blocks[next(take)][0]
        head["Financial Status"] = "partially_refunded"
        head["Refunded Amount"] = money(int(head["Subtotal"].replace(".", "")) // 2)
    for _ in range(10):
        head = blocks[next(take)][0]
        head["Financial Status"], head["Refunded Amount"] = "refunded", head["Total"]
    for _ in range(3):
        blocks[next(take)][0]["Currency"] = "CAD"
    for cents in (100, 2500, 7):
        head = blocks[next(take)][0]
        head["Subtotal"] = money(int(head["Subtotal"].replace(".", "")) + cents)
    blocks[next(take)][0]["Lineitem price"] = "12,50"
    blocks[next(take)][0]["Created at"] = "yesterday"
    twice = next(take)
    blocks.insert(twice + 3, [dict(row) for row in blocks[twice]])


def _pull_apart(blocks: list[list[dict[str, str]]]) -> None:
    """Puts the last row of an order of several behind the order below it."""
    at = next(
        i for i in range(300, len(blocks)) if len(blocks[i]) > 2 and not blocks[i][0].get("Cancelled at")
    )
    blocks.insert(at + 2, [blocks[at].pop()])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(sample(), encoding="utf-8")
    Path(sys.argv[2]).write_text(ledger(sample()), encoding="utf-8")
