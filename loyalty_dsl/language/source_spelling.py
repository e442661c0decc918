"""An example of each clause of a source, as of `spelling.CLAUSES`."""

from collections.abc import Mapping

SOURCE_CLAUSES: Mapping[str, Mapping[str, str]] = {
    "source": {
        "read": "read csv, one row per item, blanks repeat the order above",
        "member": 'member "Email", hashed',
        "event": 'event "Name" at "Created at"',
        "currency": 'currency "Currency" must be USD',
        "item": 'item "Lineitem price" x "Lineitem quantity" less "Lineitem discount"',
        "basket": 'basket "Net Sales"',
        "kind": 'kind "Event Type" { "Payment" = purchase, "Refund" = return }',
        "field": 'field channel "Source" { "web" = online, others = store }',
        "return": "return negative rows of the latest purchase",
        "refunded": 'refunded "Refunded Amount"',
        "skip": 'skip when "Cancelled at" is present',
        "tie": 'tie out items less "Discount Amount" to "Subtotal" within $0.01',
    },
}
