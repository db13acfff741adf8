"""`howwasschool language`: the translator's tool, which begins a language, checks it, and shows what is heard in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conversations.context import Context
    from conversations.language import Language

FOLDER = Path(__file__).parents[1] / "locales"
FAMILY = "Maya/4, Sam/2, Leo/5"


@click.group()
def language() -> None:
    """Begins a language, checks it, and shows what is heard in it."""


@language.command()
@click.argument("code")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=FOLDER, help="Where packs stand.")
def new(code: str, folder: Path) -> None:
    """Makes the four parts of a new language: what is said, what is heard, and the tests of both."""
    from babel import Locale

    from conversations.checking import is_language
    from conversations.checking.scaffold import scaffold

    if not is_language(code):
        raise click.ClickException(f"'{code}' is no language of CLDR; its code is one such as pt, tr or cy")
    pack = folder / code
    if pack.exists():
        raise click.ClickException(f"{pack} is there already, and nothing was written; check it or remove it")
    for name, text in scaffold(code).items():
        path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    click.echo(f"{Locale.parse(code).english_name} begins in {pack}:")
    click.echo("1. lexicon.toml: how parents say each thing; begin with what is marked (required).")
    click.echo(f"2. hears.txt: sentences; 'howwasschool language try {code}' shows what is heard in one.")
    click.echo("3. messages.po: the English words stand above each message.")
    click.echo(f"4. chats/: conversations; 'howwasschool play locales/{code}/chats --bless' writes the replies.")
    click.echo(f"5. 'howwasschool language check {code}' until it finds nothing; then ships = true in [pack].")


@language.command()
@click.argument("code")
@click.option("--quiet", is_flag=True, help="Only what fails, without warnings.")
def check(code: str, quiet: bool) -> None:
    """Finds what is missing or wrong in a language; exit 1 where something must be mended."""
    from conversations.checking import check as checked
    from conversations.checking import read

    pack = read(code)
    if not pack.files:
        raise click.ClickException(f"there is no language '{code}'; begin it with 'howwasschool language new {code}'")
    report = checked(pack)
    for finding in report.findings:
        if finding.fails or not quiet:
            click.echo(str(finding))
    for score in report.scores:
        click.echo(str(score))
    ships = bool(pack.table.get("pack", {}).get("ships")) if report.scores else False
    wrong = sum(finding.fails for finding in report.findings)
    if wrong:
        click.echo(f"{wrong} to mend, {len(report.findings) - wrong} warnings")
        raise SystemExit(1)
    click.echo("This language ships." if ships else "Nothing is wrong. It is offered once [pack] says ships = true.")


@language.command("try")
@click.argument("code")
@click.option("--children", default=FAMILY, show_default=True, help="The family: names with their years.")
@click.option("--now", type=click.DateTime(), help="The moment; now if it is not given.")
def try_(code: str, children: str, now: datetime | None) -> None:
    """Shows what is heard in each line that is typed, or piped in, and what would be done with it."""
    from conversations.checking.sentences import LONDON, family
    from conversations.language import NoSuchLanguage, load
    from howwasschool.clock import real

    try:
        spoken = load(code)
    except NoSuchLanguage:
        raise click.ClickException(f"there is no language '{code}'; begin it with 'language new {code}'") from None
    moment = now.replace(tzinfo=LONDON) if now else real().astimezone(LONDON)
    context = replace(family(children, moment), now=moment)
    stdin = click.open_file("-", encoding="utf-8")
    if stdin.isatty():
        click.echo(f"{spoken.name}; {context.now:%a %d %b %Y %H:%M}; children: {children}. An empty line ends.")
    for line in stdin:
        if not line.strip():
            if stdin.isatty():
                return
            continue
        click.echo("\n".join(shown(line.rstrip("\n"), spoken, context)) + "\n")


def shown(text: str, spoken: Language, context: Context) -> Iterator[str]:
    """What is heard in one text: words and concepts, clauses in the notation of hears.txt, and what would be done."""
    from conversations.acts import Text
    from conversations.checking.exercise import words_of
    from conversations.checking.sentences import facts
    from conversations.explaining import because, done, gloss, why_a_person, why_asked
    from conversations.hearing import hear
    from conversations.judging import judge
    from conversations.speaking import Voice
    from conversations.state import State
    from conversations.turn import turn
    from howwasschool.hear import ACTS

    heard = hear(text, None, spoken, context, weigh=False)
    state = State(lang=spoken.code)
    made = turn(state, Text(id="m", text=text), context, spoken)
    yield text
    tables, strange = words_of(text, context, spoken.heard_in(text))
    for words, concept, phrase in tables:
        yield f"  “{words}”  {concept} [{phrase}]  {gloss(concept)}"
    if strange:
        yield f"  in no table: {', '.join(strange)}"
    for each in because(text, heard, made, context):
        yield f"  led to: “{each.words}” – {each.means} ({each.rule})"
    for line in facts(heard) or ["nothing"]:
        yield f"    {line}"
    judgement = judge(made, state)
    yield f"  {ACTS[judgement.act]}: {judgement.intent.replace('_', ' ')}"
    yield from (f"  on record: {each}" for each in done(made, context))
    yield from (f"  asked because {each}" for each in why_asked(heard, made))
    if judgement.act != "safeguarding":
        yield from (f"  to a person because {each}" for each in why_a_person(made))
    voice = Voice(lang=made.state.lang, context=context)
    for say in made.says:
        options = "".join(f" / {number} {voice.label(each)}" for number, each in enumerate(say.options, start=1))
        yield f"  we say: {voice.render(say)}{options}"
