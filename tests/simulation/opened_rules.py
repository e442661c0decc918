"""Programs whose members have every kind of state that a ledger keeps, and sales drawn for them."""

import random
from datetime import date, timedelta

HEAD = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
"""
PEOPLE = """\
population people for corner {
    start 50 members
    segment all 100% {
        purchases 2 per month spread 0.8
        basket median $20 sigma 0.5
        redeem 50% when a reward is affordable
    }
}
"""
REWARD = """
    reward five_off {
        price  10 points
        give   $5 off in full
        cost   $4.00 assumed
    }
}
"""
PENDING = (
    HEAD
    + """
    currency points "Points" {
        round   down per rule
        pending 10 days
        expire  3 months after earning
        worth   $0.01
    }
    counter spent = spend in rolling 2 months
    counter visits = purchases in calendar quarter
    tiers status "Status" {
        hold through end of calendar month plus 1 month
        level base "Base"
        level gold "Gold" when spent >= $60
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    earn more {
        on    purchase
        when  status is gold and visits >= 2
        give  1 point per whole $1
        limit 30 points per calendar month
    }"""
    + REWARD
)
INACTIVE = (
    HEAD
    + """
    currency points "Points" {
        round   down per rule
        expire  2 months after last purchase, redemption
        worth   $0.01
    }
    earn base {
        on    purchase
        give  1 point per whole $1
        limit 3 times per year of membership
    }"""
    + REWARD
)
MOVED = (
    HEAD
    + """
    currency points "Points" {
        round   down per rule
        expire  never when status is gold
        expire  2 months after earning
        spend   oldest first
        worth   $0.01
    }
    counter spent = spend in calendar year
    tiers status "Status" {
        hold    2 months
        review  every calendar month
        level base "Base"
        level gold "Gold" when spent >= $80
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    earn extra {
        on      purchase
        give    1 point per whole $5
        expire  1 month after earning
    }
    earn birthday {
        on    anniversary of join
        give  5 points
    }"""
    + REWARD
)
RULES = {"pending": PENDING, "inactive": INACTIVE, "moved": MOVED}


def sales(seed: int, members: int = 30, days: int = 240) -> list[str]:
    """Rows of a transactions file, by time, without its header."""
    luck = random.Random(seed)
    rows = []
    for member in range(members):
        day = luck.randrange(60)
        while day < days:
            on = date(2026, 1, 3) + timedelta(days=day)
            number = len(rows)
            if luck.random() < 0.25:
                rows.append((on, f"m{member},{on},,,redeem,five_off"))
            else:
                cents = luck.randrange(300, 6000)
                rows.append((on, f"m{member},{on},p{number},{cents / 100:.2f},purchase,"))
            day += luck.randrange(1, luck.choice((10, 60)))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


COLUMNS = "member,time,purchase,amount,kind,reward"
