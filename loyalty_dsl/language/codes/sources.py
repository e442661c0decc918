"""Codes of sources."""

from loyalty_dsl.language.codes.code import Code, Example

_READ = '    read    csv\n    member  "Email"\n'
_EVENT = '    event   "Name" at "Created at"\n'
_BASKET = '    basket  "Subtotal"\n'
_CHANNEL = '    field   channel "Source" { "web" = online, others = store }\n'


CODES = (
    Code(
        "L571",
        "a source without what its program reads",
        """\
A program needs every field of its purchases and items on every row, so a source says for each which column
has it, or what it is on all rows: `field channel = online`.""",
        Example(
            "source",
            _READ + _EVENT + _BASKET,
            _READ + _EVENT + _BASKET + _CHANNEL,
        ),
    ),
    Code(
        "L572",
        "no such field, value or kind of row",
        """\
Behind `field` stands a field that the program declares, or `reward`, `quantity`, `referrer` or `recipient`
where it reads them; on the right of `=` a value that this field can have. Columns are in quotes.""",
        Example(
            "source",
            _READ + _EVENT + _BASKET + _CHANNEL.replace("online", "onlin"),
            _READ + _EVENT + _BASKET + _CHANNEL,
        ),
    ),
    Code(
        "L573",
        "times that cannot be read",
        """\
Times are read as `2026-03-01`, `2026-03-01 10:15` and `2026-03-01 10:15:30 -0500`. Any other way is a
pattern of the words `year`, `month`, `day`, `hour`, `minute`, `second`, `am` and `offset`, with the signs
between them.""",
        Example(
            "source",
            _READ + _EVENT.rstrip() + ' written "mm/dd/yyyy"\n' + _BASKET + _CHANNEL,
            _READ + _EVENT.rstrip() + ' written "month/day/year"\n' + _BASKET + _CHANNEL,
        ),
    ),
    Code(
        "L574",
        "clauses of a source that do not fit each other",
        """\
With `one row per item` an order is several rows, has an id, and costs what its items do; with `one row per
event` a row is all there is of it. Rows that take something back need to say of what, and a program that
says what a return does.""",
        Example(
            "source",
            _READ + _EVENT + '    item    "Price" x "Quantity"\n' + _CHANNEL,
            _READ.replace("csv", "csv, one row per item")
            + _EVENT
            + '    item    "Price" x "Quantity"\n'
            + _CHANNEL,
        ),
    ),
    Code(
        "L575",
        "money of another currency in a source",
        """\
Amounts are never converted: rows in another money than the program's are set aside. So a source asks for the
program's money, and writes amounts in it.""",
        Example(
            "source",
            _READ + _EVENT + '    currency  "Currency" must be CAD\n' + _BASKET + _CHANNEL,
            _READ + _EVENT + '    currency  "Currency" must be USD\n' + _BASKET + _CHANNEL,
        ),
    ),
)
