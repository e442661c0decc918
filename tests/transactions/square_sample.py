"""Makes `programs/data/square_items.csv`: the shape of a till's item export, with nobody in it.

    python tests/transactions/square_sample.py OUT.csv

200 rows of 40 made-up members and of passers-by, over March 2026, the newest first. Refunds are rows below
zero that do not say what they take back; one row does not add up, and one has a date that there is not.
"""

import csv
import random
import sys
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

HEADER = (
    "Date", "Time", "Time Zone", "Category", "Item", "Qty", "Price Point Name", "SKU", "Gross Sales",
    "Discounts", "Net Sales", "Tax", "Transaction ID", "Payment Method", "Location", "Customer ID",
    "Event Type",
)  # fmt: skip
GOODS = (
    ("Coffee", "Latte", 480), ("Coffee", "Espresso", 320), ("Tea", "Green tea", 350),
    ("Bakery", "Croissant", 390), ("Bakery", "Sourdough", 850), ("Lunch", "Soup", 990),
    ("", "Custom amount", 2000),
)  # fmt: skip


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def sample(rows: int = 200, members: int = 40, seed: int = 11) -> str:
    """The text of the file."""
    draw = random.Random(seed)
    people = [f"C{draw.randrange(16**8):08X}" for _ in range(members)]
    seconds = sorted(draw.randrange(28 * 86_400) for _ in range(rows))
    lines: list[dict[str, str]] = []
    while len(lines) < rows:
        at = datetime(2026, 3, 2, 7) + timedelta(seconds=seconds[len(lines)])
        order = {
            "Date": f"{at:%m/%d/%y}", "Time": f"{at:%H:%M:%S}", "Time Zone": "Central Time (US & Canada)",
            "Price Point Name": "Regular", "SKU": "", "Transaction ID": f"T{draw.randrange(16**10):010X}",
            "Payment Method": "Card", "Location": "Main Street",
        }  # fmt: skip
        sold = [line for line in lines if line["Customer ID"] and line["Event Type"] == "Payment"]
        if len(lines) > 60 and draw.random() < 0.1:
            lines.append(_refund(draw.choice(sold)) | order)
            continue
        member = draw.choice(people) if draw.random() < 0.8 else ""
        for _ in range(min(rows - len(lines), draw.choice((1, 1, 2, 3)))):
            category, item, price = draw.choices(GOODS, (30, 14, 10, 20, 8, 9, 3))[0]
            quantity = draw.choices((1, 2), (88, 12))[0]
            gross = price * quantity
            off = gross // 10 if draw.random() < 0.1 else 0
            lines.append(
                order
                | {
                    "Category": category,
                    "Item": item,
                    "Qty": str(quantity),
                    "Gross Sales": money(gross),
                    "Discounts": money(-off),
                    "Net Sales": money(gross - off),
                    "Customer ID": member,
                    "Tax": money((gross - off) * 8 // 100),
                    "Event Type": "Payment",
                }
            )
    gone = {line["Net Sales"].removeprefix("-") for line in lines if line["Event Type"] == "Refund"}
    sales = [line for line in lines[20:180] if line["Customer ID"] and line["Net Sales"] not in gone]
    odd, late = draw.sample([line for line in sales if line["Event Type"] == "Payment"], 2)
    odd["Net Sales"] = money(int(odd["Net Sales"].replace("$", "").replace(".", "")) + 50)
    late["Date"] = "13/40/26"
    out = StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(reversed(lines))
    return out.getvalue()


def _refund(line: dict[str, str]) -> dict[str, str]:
    """A row that gives a sold item back, without a word of which."""
    kept = line | {"Qty": "-" + line["Qty"], "Event Type": "Refund"}
    for name in ("Gross Sales", "Discounts", "Net Sales", "Tax"):
        amount = line[name]
        kept[name] = amount[1:] if amount.startswith("-") else amount if amount == "$0.00" else "-" + amount
    return kept


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(sample(), encoding="utf-8")
