"""`loyalty completion`: the script by which a shell completes commands, options, files and names."""

import click
from click.shell_completion import get_completion_class

from loyalty_dsl.cli.completing import VARIABLE

_WHERE = {
    "bash": 'put this into ~/.bashrc:\n#     eval "$(loyalty completion bash)"',
    "zsh": 'put this into ~/.zshrc, behind compinit:\n#     eval "$(loyalty completion zsh)"',
    "fish": "run:\n#     loyalty completion fish > ~/.config/fish/completions/loyalty.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(tuple(_WHERE)))
def command(shell: str) -> None:
    """Print the script that lets a shell complete this command.

    It completes commands, options, rule files, the codes of `explain`, and the names of programs, populations
    and studies. The last lines of the script say where to put it.
    """
    from loyalty_dsl.cli import loyalty

    found = get_completion_class(shell)
    assert found is not None
    script = found(loyalty, {}, "loyalty", VARIABLE)
    # `source` would ask bash for its version, by running it; the script is the same.
    text = found.source_template % script.source_vars()
    click.echo(f"{text.strip()}\n\n# To have it in every shell, {_WHERE[shell]}")
