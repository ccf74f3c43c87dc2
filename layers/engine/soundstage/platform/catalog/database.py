"""Connections: one engine per process, opened on first use, and transactions that name their failures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from soundstage.models.errors import InvalidInput, TransientError
from soundstage.platform.aws.secrets import read_secret
from soundstage.platform.settings import DatabaseSettings

CONNECT_TIMEOUT_S = 10
RESUME_TIMEOUT_S = 25
"""Aurora that nobody used for a while takes about 15 s to come back (its documentation); an API call may take 29 s."""
STATEMENT_TIMEOUT_MS = 15_000


def connect(database_url: str | URL, *, connect_timeout_s: int = CONNECT_TIMEOUT_S) -> Engine:
    """An engine for a ``postgresql://`` URL; nothing is opened yet.

    The pool opens what is used at once: one connection in a Lambda, which serves one request at a time. A connection
    is pinged before use, because a frozen Lambda wakes up with dead ones.
    """
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, and parameters are addresses and hashes of people's tokens
        connect_args={
            "connect_timeout": connect_timeout_s,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC",
        },
    )


def connect_by_secret(name: str) -> Engine:
    """An engine for a database whose secret has username, password, host, port and dbname; TLS is required.

    The secret is read for every new connection, because its password rotates while this process lives.
    """
    engine = connect(URL.create("postgresql", query={"sslmode": "require"}), connect_timeout_s=RESUME_TIMEOUT_S)

    @event.listens_for(engine, "do_connect")
    def _log_in(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        secret = read_secret(name)
        parameters.update(
            host=secret["host"],
            port=int(secret.get("port", 5432)),
            dbname=secret["dbname"],
            user=secret["username"],
            password=secret["password"],
        )

    return engine


def engine_for(settings: DatabaseSettings) -> Engine:
    """By URL on a laptop, by secret on AWS. Raises ValueError when neither is set."""
    if settings.database_url is not None:
        return connect(settings.database_url.get_secret_value())
    if settings.database_secret is not None:
        return connect_by_secret(settings.database_secret)
    raise ValueError("set SOUNDSTAGE_DATABASE_URL or SOUNDSTAGE_DATABASE_SECRET")


class Catalog:
    """The catalog as one process sees it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commits at the end of the block, rolls back on any exception. Rows stay readable afterwards.

        Raises:
            TransientError: the database did not answer, or gave up on us; trying again may help.
            InvalidInput: a value that Postgres cannot hold, such as text with a NUL character.
        """
        with _failures_named(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def one_read(self) -> Iterator[Session]:
        """For a single SELECT, which needs no transaction: BEGIN and COMMIT would be two more round trips.

        Raises as ``transaction``.
        """
        with _failures_named(), Session(self.engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
            yield session

    def ping(self) -> None:
        """Raises TransientError when the database cannot be asked."""
        with self.transaction() as session:
            session.execute(text("SELECT 1"))


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, TimeoutError) as error:
        raise TransientError("The catalog did not answer.") from error
    except DataError as error:
        raise InvalidInput("A text or number in this cannot be stored.") from error
