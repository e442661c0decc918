"""A program of two partners, whose rules and rewards are all somebody's."""

COALITION = """\
program coalition "Coalition" {
    money     GBP
    timezone  "Europe/London"
    starts    2026-01-01 by purchase date
    event purchase {
        brand  one of grocer, garage
    }
    currency points "Points" {
        round   down per rule
        expire  3 months after earning
    }
    earn food {
        on    purchase where brand is grocer
        give  7 points per £1
    }
    earn fuel {
        on    purchase where brand is garage
        give  3 points per £1
    }
    reward till "At the till" {
        price  100 points per £0.50 off
        steps  £0.50
    }
    reward coffee {
        price  150 points
        give   1 coffee
    }
    returns {
        balance  goes negative
    }
    partner grocer "Grocer" {
        issues    food
        redeems   till
        pays      £0.33 per 100 points issued
        receives  £0.245 per 50 points redeemed
    }
    partner garage "Garage" {
        issues    fuel
        redeems   coffee
        pays      £0.62 per 100 points issued
        pays      £0.58 per 100 points issued from 2026-03-01
        receives  £0.50 per 100 points redeemed from 2026-02-01
    }
}
"""

PEOPLE = """
population people for coalition {
    start 60 members
    segment all 100% {
        purchases 3 per month
        leave 3% per month
        basket median £30 sigma 0.5
        brand grocer 60%, garage 40%
        redeem 60% when a reward is affordable slope 0
        returns 25% of purchases within 40 days
    }
}
"""
