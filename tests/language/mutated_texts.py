"""Real programs with a few of their words lost, doubled, swapped, put elsewhere or misspelled."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from loyalty_dsl.resource_files import resource_path

HERE = Path(__file__).parent


def mutated(words: list[str], seps: list[str], luck: random.Random) -> str:
    """The words of a program with one to four of them lost, doubled, swapped, or put elsewhere."""
    words, seps = list(words), list(seps)
    for _ in range(luck.randint(1, 4)):
        at, other = luck.randrange(len(words)), luck.randrange(len(words))
        match luck.randrange(6):
            case 0:
                words[at] = ""
            case 1:
                words[at] = f"{words[at]} {words[at]}"
            case 2:
                words[at], words[other] = words[other], words[at]
            case 3:
                words[at] = words[other]
            case 4:
                seps[at] = luck.choice(["", " ", "\n"])
            case _:
                cut = luck.randrange(len(words[at]) + 1)
                words[at] = words[at][:cut] + luck.choice('{}()",%$-=x1 \n') + words[at][cut:]
    return "".join(word + sep for word, sep in zip(words, seps, strict=True))


def mutants(count: int, seed: int, *, short: bool = False) -> Iterator[str]:
    """Mutated programs, of all real ones in turn; with `short` without most of their scenarios, and
    mostly of the small files that are good examples."""
    luck = random.Random(seed)
    paths = [HERE / "every_clause.loyalty", *sorted(Path(resource_path("programs")).glob("*.loyalty"))]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    if short:
        texts = ["\nscenario ".join(text.split("\nscenario ")[:3]) for text in texts]
        texts += 6 * [path.read_text(encoding="utf-8") for path in sorted((HERE / "good").glob("*.loyalty"))]
    pieces = [re.findall(r"(\S+)(\s*)", text) for text in texts]
    for i in range(count):
        words, seps = zip(*pieces[i % len(pieces)], strict=True)
        yield mutated(list(words), list(seps), luck)
