"""What a program does and says, told to people: its events, its terms, and what a change of it changes."""
