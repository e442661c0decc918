"""Syntax trees in, checked things out: a `Book`, or every reason why there is none.

Invariant: nothing is raised for any tree that the parser can make; every mistake of a book is found in
one run, each reported once and where it is.
"""

from loyalty_dsl.language.checking.book import check_book

__all__ = ["check_book"]
