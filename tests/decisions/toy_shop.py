"""A small shop that simulates in a moment, with a level, a limit and a reward."""

SHOP = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  6 months after earning
        worth   $0.01
        cost    $0.008 assumed
    }

    counter spent = spend in calendar year

    tiers status {
        hold   through end of calendar year
        lapse  to the level earned
        level  basic  "Basic"
        level  gold   "Gold"   when spent >= $300
    }

    earn base "Base" {
        on    purchase
        give  1 point per $1
    }

    earn treat "Gold's treat" {
        on     purchase
        when   status is gold
        give   5 points
        limit  2 times per calendar month
    }

    reward off "Money off" {
        price  50 points
        give   $1 off in full
        cost   $0.80 assumed
    }
}

population people {
    start  5,000 members
    join   100 members per month

    segment often 40% {
        purchases  3 per month spread 0.5
        basket     median $30 sigma 0.6
        redeem     60% when a reward is affordable
    }

    segment seldom 60% {
        purchases  0.4 per month
        basket     median $20 sigma 0.6
        redeem     60% when a reward is affordable
    }
}
"""
