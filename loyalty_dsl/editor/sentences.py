"""One sentence about every clause, for who rests on its first word.

Invariant: every clause of `spelling.CLAUSES` has a sentence, by its word or, where the word means something
else in a block, by the block and the word; a test holds that.
"""

from collections.abc import Mapping

from loyalty_dsl.language import spelling

SENTENCES: Mapping[str, str] = {
    # ---- blocks
    "program": "The rules of one loyalty program, or of one version of it.",
    "population": "The customers of a simulation: who they are, how they buy and how they react.",
    "scenario": "A worked example: what is given, what happens, and what must come of it.",
    "study": "A simulation with bounds on its outcomes, which a CI job can hold a program to.",
    "member": "What is known of each member, besides what the program counts.",
    "event": "Something that members do and rules are about, with what is known of it.",
    "item": "What is known of each thing in a basket.",
    "currency": "What members earn and use: how it rounds, waits, expires, and what it costs.",
    "counter": "A number of each member that is counted over a window and that rules read.",
    "tiers": "A ladder of levels, lowest first: what earns each, and how long it is held.",
    "earn": "A rule that gives: at which events, to whom, how much, and up to which limits.",
    "group": "Earn rules of which, at one event, all, the best, the first or the newest counts.",
    "reward": "Something a member may take at a price, by choice or by itself at the checkout.",
    "benefit": "Something a member gets without a price where its conditions hold.",
    "referral": "What the member who brought a friend, and the friend, are given for what the friend does.",
    "challenge": "So much to do between a start and an end, and what is given for doing it.",
    "menu": "Options of which a member may choose so many.",
    "option": "One thing of a menu: what choosing it gives.",
    "transfer": "So much of one currency for so much of another, or for another member.",
    "membership": "What members pay for: plans with fees, trials, refunds.",
    "plan": "One way to pay for a membership: its fee, and who may take it.",
    "allowance": "What members may use for as long as they stand as they do, such as storage.",
    "partner": "A company that issues points or takes them, and what is billed for it.",
    "audience": "A named condition: whom offers are for, and who of them is held out.",
    "returns": "What a returned purchase does to points, counters and levels.",
    "transition": "What becomes of what members hold when this version replaces the one before.",
    "table": "A table with a name, which several rules share: `give from table NAME`.",
    "responses": "How customers react to the program; without it they do not.",
    "segment": "A share of the customers who are alike.",
    "source": "What the columns of another system's export mean, so that it is read as it is.",
    # ---- sources
    "read": "The format of the file, and what a row of it is.",
    "source member": "The column that says whose event it is.",
    "source event": "The columns with the id of an event, and with its day and time.",
    "source currency": "The money that rows are in: others are set aside.",
    "source item": "What an item costs, from columns of the file.",
    "source basket": "What the purchase costs, where that is not the sum of its items.",
    "kind": "What rows are, where not all of them are purchases.",
    "field": "The column that holds a field of the program, or its value on every row.",
    "return": "Which rows are returns, and of what.",
    "refunded": "A column with what was paid back: its total is told, and nothing is taken back for it.",
    "skip": "Rows that are left out.",
    "tie": "A sum that has to come to a column of the file, or the order is set aside.",
    # ---- a program
    "money": "The money of the whole program.",
    "timezone": "Where its days begin and end.",
    "starts": "Its first day, and the date of an event that decides under which rules it falls.",
    "replaces": "From which day this version counts in the place of the one before.",
    "period": "A year or quarter of the program's own, which windows may name.",
    "runs": "What running the program costs, whatever members do.",
    # ---- what is let in
    "refuse": "Refuses what happens while a condition holds, with the words that are shown.",
    "accept": "Lets an event in only where a condition holds, or within a time.",
    "counts": "On which of its dates an event moves counters.",
    # ---- currencies
    "round": "How parts of a unit are rounded, and whether for each rule or once for an event.",
    "pending": "How long what was earned waits until it may be used.",
    "expire": "When what was earned is lost; of several clauses the first whose condition holds counts.",
    "postpone": "Puts expiry off while a condition holds.",
    "restart": "Begins to count towards expiry anew when a level is lost.",
    "spend": "Which units are used first.",
    "worth": "What one is worth to the member, in money.",
    "cost": "What one costs the business; with `assumed` or a source it is listed in reports.",
    "breakage": "What the business says is never used: it stands beside the forecast and drives nothing.",
    "show": "How a statement writes balances that are kept to parts.",
    "notify": "When members are told that something is about to expire.",
    "use": "What alone may take this currency.",
    "earn use": "Gives what a Python function says, up to a limit.",
    # ---- counters and levels
    "carry": "What of a counter goes on into the next window.",
    "hold": "How long a level is held once it was reached.",
    "notice": "How long a member keeps a level after it was told of losing it.",
    "lapse": "To which level a member falls that did not earn its own again.",
    "upgrade": "Whether the event that reaches a level already earns at it.",
    "review": "On which days levels are looked at.",
    "level": "A level, higher than those above it in the text, and what earns it.",
    # ---- rules
    "on": "At which event the rule fires; several clauses mean any of them.",
    "when": "What must hold of the event and of the member; several clauses mean all of them.",
    "dates": "On which days it holds.",
    "for": "Which items of the basket it is about.",
    "give": "What is given.",
    "raise": "Brings what another rule gives up to this in total.",
    "in": "Puts the rule in a group.",
    "limit": "At most so much, or so often, in a window; of several clauses every one holds.",
    "chance": "Gives only to so many, drawn by luck.",
    "account": "Who pays for what is given: it counts as marketing, or was sold to a partner.",
    "hidden": "Keeps it out of what members are told.",
    "price": "What a member gives for it.",
    "issue": "Takes the reward by itself as soon as it can be had.",
    "minimum": "The smallest basket, or balance, for which it can be had.",
    "steps": "It goes in multiples of this.",
    "exchange": "How much of one currency is given for how much of another.",
    "stage": "What the friend does next, for which both are given something more.",
    "start": "When it begins.",
    "ends": "When it ends.",
    "goal": "What is to be done.",
    "count": "Counts days in a row on which something happens.",
    "forgive": "So many gaps do not break a row.",
    "choose": "How many options may be chosen, until when, and what comes for who does not choose.",
    "uses": "How many choices an option takes.",
    "combine": "Which rule of the group counts at one event: all, the best, the first or the newest.",
    "columns": "The values of the second key, one for each column.",
    "from": "The row from this value on, the value included.",
    "others": "The row for everything that no other row names.",
    # ---- returns, partners, audiences, memberships
    "balance": "Whether taking points back may bring a balance below zero.",
    "tier": "Whether a level that a return no longer earns is kept.",
    "reverse": "What a return takes back.",
    "issues": "Which rules the partner pays for.",
    "redeems": "Which rewards the partner provides.",
    "pays": "What the partner pays for points that it issues.",
    "receives": "What the partner is paid for points that it takes.",
    "holdout": "How many of the audience are left out, drawn at random, to measure what an offer does.",
    "trial": "How long a membership may be tried without a fee.",
    "protect": "Spares those who are members already a new fee through a day.",
    "refund": "What of a fee is paid back, and within which time.",
    "fee": "What the plan costs, in every period.",
    # ---- versions
    "keep": "Members keep what they hold of it.",
    "end": "What members hold of it is gone.",
    "convert": "So many of the old currency become so many of the new.",
    "transition start": "At which level members begin under this version.",
    "honour": "Members keep the level that they had, through a day.",
    "phase": "Brings a threshold from one value to another, step by step.",
    # ---- populations
    "population start": "How many customers there are on the first day.",
    "join": "How many customers come in each period.",
    "fitted": "From what the numbers were fitted, and how far off they were.",
    "margin": "What is left of the price of what is sold, as a share.",
    "discount": "By how much money of a later year is worth less.",
    "lift": "How many more purchases the program brings, where nothing else says so.",
    "purchases": "How often a customer buys, and how far customers are apart.",
    "leave": "How many stop buying in a period, or at a purchase.",
    "basket": "How large baskets are.",
    "redeem": "How often a customer takes a reward that it can afford.",
    "regularity": "How even the gaps between purchases are: 1 is pure luck.",
    "season": "By how much months differ.",
    "weekday": "By how much days of the week differ.",
    "items": "How many items a basket has.",
    "segment event": "How often customers do this, and what is known of it.",
    "segment returns": "How many purchases or items come back, and within which time.",
    "refer": "How often a purchase brings a friend.",
    "take_up": "How many take a thing that is offered to them.",
    "segment exchange": "How many make use of a transfer.",
    "segment choose": "Which options customers choose of a menu.",
    "orders": "How many purchases a customer makes in a period, one of the five facts.",
    "redeeming": "How many customers ever take a reward, one of the five facts.",
    # ---- scenarios and studies
    "given": "What is so before the first line with a date.",
    "scenario on": "What happens on a day, or what must hold on it.",
    "expect": "What must have come of it.",
    "advance": "Lets time pass to a day.",
    "on item": "An item of the basket: its price, and what is known of it.",
    "study program": "The program that is simulated.",
    "study population": "The customers that are simulated.",
    "months": "How many months are simulated.",
    "sample": "How many members are simulated; figures are scaled to all.",
    "seed": "The number that all luck is drawn from.",
    "compare": "Beside what it is set: another version, or the same with other numbers.",
    "objective": "The outcome that sweeps and solutions are about.",
    "require": "A bound that must hold, or the study fails.",
    "warn": "A bound whose breach is told and fails nothing.",
    "study accept": "Accepts a number that is only assumed, with the reason why.",
}  # fmt: skip


_ALSO = {
    "reward": {"on": "on stay where online"},
    "transfer": {"give": "give 5,000 miles per whole 60,000 points"},
    "referral": {"pending": "pending 14 days"},
}
"""Clauses that few such blocks have, which messages about mistakes do not offer."""


def clauses_of(block: str) -> Mapping[str, str]:
    """The clauses of a block by their first words, each with an example."""
    return {**spelling.CLAUSES.get(block, {}), **_ALSO.get(block, {})}


def sentence_of(block: str, word: str) -> str | None:
    """What a clause is for, in a sentence.

    Args:
        block: the block that it stands in, as `spelling.CLAUSES` calls it.
        word: its first word.
    """
    return SENTENCES.get(f"{block} {word}") or SENTENCES.get(word)
