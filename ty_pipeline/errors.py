"""Every error that leaves this package, as one tree.

What belongs here: exception classes, one sentence each. What does not: the mapping from the
database's own SQLSTATEs to them (``ledger/sqlstates.py``).

    TyPipelineError
    ├── ConfigError              a setting is missing or has a value that cannot be used
    ├── UsageError               a command or function was called with arguments that make no sense
    ├── DatabaseUnavailable      the database cannot be reached, started or used
    ├── ServiceUnavailable       a process of Dagster does not answer, or refuses what it is asked
    ├── ServiceError             the service cannot be started, or is running already
    ├── MigrationError           the schema cannot be brought to this release
    ├── WorkflowError            the declared workflow contradicts itself
    ├── LedgerError              the database refused a change to the ledger
    │   ├── FenceLost            the claim that this write belongs to has been taken over
    │   └── InvariantViolated    the change would have broken a named invariant
    ├── SourceError              a source could not be read
    │   ├── FeedUnreadable       a feed file is missing, truncated or not in its declared form
    │   └── MappingError         a column mapping names what the feed does not have
    ├── ActorError               an actor did not answer
    │   ├── RetryableActorError  the same call may succeed later (network, timeout, rate limit, 5xx)
    │   └── PermanentActorError  the same call will fail again (auth, schema, 4xx, invalid input)
    └── TaxonomyError            a taxonomy file cannot be imported
"""

from __future__ import annotations


class TyPipelineError(Exception):
    """Anything this package raises on purpose; its text is one sentence for a person."""


class ConfigError(TyPipelineError):
    """A setting is missing or has a value that cannot be used; the sentence names the variable."""


class UsageError(TyPipelineError):
    """A command or function was called with arguments that make no sense together."""


class DatabaseUnavailable(TyPipelineError):
    """The database cannot be reached, started or used."""


class ServiceUnavailable(TyPipelineError):
    """A process of Dagster does not answer, or refuses what it is asked."""


class ServiceError(TyPipelineError):
    """The service cannot be started, or is running already."""


class MigrationError(TyPipelineError):
    """The schema cannot be brought to this release."""


class WorkflowError(TyPipelineError):
    """The declared workflow contradicts itself."""


class LedgerError(TyPipelineError):
    """The database refused a change to the ledger."""


class FenceLost(LedgerError):
    """The claim that this write belongs to has been taken over by a later one."""


class InvariantViolated(LedgerError):
    """The change would have broken a named invariant."""


class SourceError(TyPipelineError):
    """A source could not be read."""


class FeedUnreadable(SourceError):
    """A feed file is missing, truncated or not in its declared form."""


class MappingError(SourceError):
    """A column mapping names what the feed does not have, or contradicts itself."""


class ActorError(TyPipelineError):
    """An actor did not answer; ``error_class`` is recorded on the interaction."""

    retryable = False

    def __init__(self, message: str, *, error_class: str) -> None:
        super().__init__(message)
        self.error_class = error_class


class RetryableActorError(ActorError):
    """The same call may succeed later: network, timeout, rate limit, 5xx."""

    retryable = True


class PermanentActorError(ActorError):
    """The same call will fail again: auth, schema, 4xx, invalid input, anything unexpected."""


class TaxonomyError(TyPipelineError):
    """A taxonomy file cannot be imported."""
