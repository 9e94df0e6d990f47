# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A Milvus server, or a file of Milvus Lite; and what may go wrong with either."""

from contextlib import contextmanager
from dataclasses import dataclass
import logging
from pathlib import Path
import re
from typing import Any, Iterator
from urllib.parse import urlsplit

from structvpr_ros.errors import ConfigurationError, StoreError

# A map is a collection of its frames, and of one row that is none: its image is the head of the
# map, its descriptor is zero.
HEAD = -1
VECTOR = 'descriptor'


@dataclass(frozen=True)
class MilvusOptions:
    """
    Where a map is kept beside its folder.

    :param uri: http://host:19530 of a Milvus server, or a file name that ends in .db, for Milvus
        Lite.
    :param collection: the name of the map there: letters, digits and underscores.
    :param timeout: seconds that one call may take.
    """

    uri: str
    collection: str = 'places'
    timeout: float = 5.0

    def __post_init__(self) -> None:
        if not (urlsplit(self.uri).scheme in ('http', 'https', 'tcp', 'unix')
                or self.uri.endswith('.db')):
            raise ConfigurationError('expected a uri such as http://host:19530 or places.db, '
                                     f'found {self.uri!r}')
        if not re.fullmatch('[A-Za-z_][A-Za-z0-9_]{0,200}', self.collection):
            raise ConfigurationError('expected a collection of letters, digits and underscores, '
                                     f'found {self.collection!r}')
        if not self.timeout > 0:
            raise ConfigurationError(f'expected a timeout above 0, found {self.timeout}')

    @property
    def name(self) -> str:
        """Return what the store is called in messages, without a password."""
        return f'{self.uri.rpartition("@")[2]} {self.collection}'


@contextmanager
def store_faults(options: MilvusOptions) -> Iterator[None]:
    """
    Name the store in whatever pymilvus complains of in the block.

    :raises StoreError: pymilvus raised an error.
    """
    from grpc import RpcError
    from pymilvus.exceptions import MilvusException
    try:
        yield
    # Where a connected server falls silent, pymilvus lets the error of gRPC through. Milvus Lite
    # is a server of its own: what goes wrong in its file is no MilvusException.
    except (MilvusException, RpcError, OSError, RuntimeError, ValueError) as error:
        raise StoreError(f'{options.name}: {" ".join(str(error).split())[:300]}') from error


def connect(options: MilvusOptions) -> Any:
    """
    Return a MilvusClient.

    :raises ConfigurationError: pymilvus is not installed.
    :raises StoreError: nobody answers in time.
    """
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise ConfigurationError('a map in Milvus needs pymilvus: pip install '
                                 '"structvpr_ros[milvus]"') from error
    # It logs a traceback beside every error that it raises.
    logging.getLogger('pymilvus').setLevel(logging.CRITICAL)
    if options.uri.endswith('.db'):
        Path(options.uri).parent.mkdir(parents=True, exist_ok=True)
    with store_faults(options):
        return MilvusClient(uri=options.uri, timeout=options.timeout)
