"""The terms of a program in plain English, as its members read them."""
