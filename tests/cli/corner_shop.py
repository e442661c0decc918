"""A corner shop: its rules, and what forty of its members bought."""

from pathlib import Path

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  4 months after earning
        worth   $0.05
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    earn welcome {
        on    join
        give  3 points
    }
    reward five_off {
        price  100 points
        give   $5 off in full
        issue  automatically at checkout
        cost   $4.00 assumed
    }
}
"""


def sales(folder: Path) -> Path:
    """Forty members, of which some join and then buy for nine months and some stop."""
    rows = ["member,time,purchase,amount,kind,reward,quantity"]
    for member in range(40):
        rows.append(f"m{member},2026-01-02,,,join,,")
        for month in range(1, 10):
            if member % 5 and member % 9 >= month - 4:
                amount = 30 + 7 * (member % 6) + month
                rows.append(
                    f"m{member},2026-{month:02}-{5 + member % 20:02},p{member}-{month},{amount},purchase,,"
                )
    rows.append("m1,2026-09-30,last,1.00,purchase,,")
    path = folder / "sales.csv"
    path.write_text("\n".join(rows) + "\n")
    return path
