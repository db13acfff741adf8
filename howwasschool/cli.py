"""The command line: names and one-line help of every command, each imported only when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

# Each command's module and object; `howwasschool --help` reads this table and imports click alone.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "bench": ("howwasschool.bench.command:bench", "Measures this house against bare baselines; exit 1 under a mark."),
    "demo": ("howwasschool.demo.command:demo", "A made-up school with a phone to text from, on 127.0.0.1:8000."),
    "doctor": ("howwasschool.doctor:doctor", "Looks at settings, database, providers and queues; exit 1 if unwell."),
    "export": ("howwasschool.exporting:export", "Writes the continuity sheet as a page to print."),
    "hear": ("howwasschool.hear:hear", "Says what the house would do with texts: JSON Lines in, JSON Lines out."),
    "import": ("howwasschool.importing:import_", "Takes in a roster, after a preview, all or nothing."),
    "language": ("howwasschool.language:language", "The translator's tool: begins, checks and tries a language."),
    "migrate": ("howwasschool.migrate:migrate", "Brings the database to the newest schema."),
    "play": ("howwasschool.play.command:play", "Plays transcripts through the wired house; exit 1 where one differs."),
    "purge": ("howwasschool.purge:purge", "Forgets the words whose day has come; --dry-run only says how many."),
    "school": ("howwasschool.schools:school", "Adds, lists and changes schools."),
    "serve": ("howwasschool.serve:serve", "The API, the pages and the webhooks; with SQLite the work as well."),
    "token": ("howwasschool.tokens:token", "Adds, lists and revokes the keys of people and machines."),
    "user": ("howwasschool.users:user", "Adds, lists and revokes members of staff."),
    "work": ("howwasschool.work:work", "Leftover texts, timers and sending; any number of processes on PostgreSQL."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click hands it over
        """All names, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click hands it over
        """The command itself; this is where its module is imported."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; what a person can mend is said in one sentence, without a traceback."""
        try:
            return super().invoke(ctx)
        except click.ClickException:
            raise
        except Exception as error:
            from howwasschool.refusals import in_words

            words = in_words(error)
            if words is None:
                raise
            raise click.ClickException(words) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click hands it over
        """The list under `--help`, written from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup)
@click.version_option(package_name="how-was-school")
def main() -> None:
    """Parents text, the school knows."""
