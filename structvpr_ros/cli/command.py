# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What all commands share: flags from a dataclass, one line for a user's mistake, exit codes."""

from dataclasses import fields
import inspect
import logging
import sys
from typing import Callable, Mapping, NoReturn, Optional, Sequence, TypeVar

from jsonargparse import ArgumentParser

from structvpr_ros.errors import StructVPRError

Options = TypeVar('Options')
Result = TypeVar('Result')

EXIT_MISTAKE = 2
EXIT_INTERRUPTED = 130


class _OneLineParser(ArgumentParser):
    """An argument parser whose mistakes are told in one line, without the usage text."""

    def error(self, message: str, ex: Optional[Exception] = None) -> NoReturn:
        """Print the message on stderr and exit 2."""
        _complain(self.prog, message)
        raise SystemExit(EXIT_MISTAKE)


def run(name: str, stage: Callable[[Options], Result], options: type[Options],
        argv: Optional[Sequence[str]] = None,
        tell: Optional[Callable[[Result], str]] = None) -> int:
    """
    Run one stage from the command line and return its exit code.

    :param name: the command's name, as in ``ros2 run structvpr_ros NAME``.
    :param stage: the function that does the work.
    :param options: the dataclass of its parameters; every field is a flag and a YAML key.
    :param argv: arguments without the program's name; None takes them from the process.
    :param tell: turns what the stage returns into what is printed on stdout; None prints nothing.
    :return: 0; 2 for a user's mistake, told in one line; 130 when interrupted.
    """
    logging.basicConfig(level=logging.INFO, format='%(message)s', stream=sys.stderr)
    # A docstring's fields (:raises ...) are for programmers: the help ends before them.
    about = inspect.cleandoc(stage.__doc__ or '').partition('\n:')[0]
    parser = _OneLineParser(prog=name, description=about)
    parser.add_argument('--config', action='config', help='a YAML file with any of these flags')
    parser.add_class_arguments(options)
    arguments = parser.parse_args(argv)
    try:
        parsed = parser.instantiate(arguments)
        result = stage(options(**{field.name: parsed[field.name] for field in fields(options)}))
        if tell is not None:
            print(tell(result))
    except StructVPRError as error:
        _complain(name, str(error))
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        _complain(name, 'interrupted')
        return EXIT_INTERRUPTED
    return 0


def run_one_of(name: str, stages: Mapping[str, tuple[Callable, type]],
               argv: Sequence[str]) -> int:
    """
    Run one of several stages, the one that the first argument names; see ``run``.

    :param stages: function and options of each, by name; what they return is printed.
    """
    chosen = argv[0] if argv else ''
    if chosen in stages:
        stage, options = stages[chosen]
        return run(f'{name} {chosen}', stage, options, argv[1:], tell=str)
    if chosen in ('-h', '--help'):
        for known, (stage, _) in stages.items():
            print(f'{name} {known}: {inspect.cleandoc(stage.__doc__).splitlines()[0]}')
        return 0
    _complain(name, f'expected one of {", ".join(stages)}, found {chosen!r}')
    return EXIT_MISTAKE


def _complain(name: str, message: str) -> None:
    print(f'{name}: error: {" ".join(message.split())}', file=sys.stderr)
