"""The readers of the log that a worker has."""

from __future__ import annotations

from pathlib import Path

from scenario_hall.alerts.reader import AlertReader
from scenario_hall.config import Settings
from scenario_hall.log.readers import Reader
from scenario_hall.matching.meaning_reader import MeaningReader
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.shard_readers import FollowingMatcher, MergingReader, ShardReader
from scenario_hall.matching.share import shares
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.notices.mail import MailReader
from scenario_hall.outcomes.claim.prior_art_reader import PriorArtReader
from scenario_hall.search.engine.index import SearchIndex
from scenario_hall.search.opening import open_index
from scenario_hall.search.reader import IndexReader


def make_readers(settings: Settings, index: SearchIndex | None = None) -> list[Reader]:
    """Every reader, in the order in which a visitor would miss its work; ``index`` where one is open already."""
    encoder = encoder_for(settings.meaning, settings.meaning_key)
    return [
        MailReader(settings),
        IndexReader(index or open_index(settings)),
        *([MeaningReader(encoder)] if encoder is not None else []),
        *_matching_readers(settings),
        AlertReader(),
    ]


# Those that have something to do before their first event.
PREPARED = (MeaningReader, MatchReader, MergingReader)


def _matching_readers(settings: Settings) -> list[Reader]:
    """One matcher, or its shares and the one that merges what they find; and prior art."""
    if settings.match_shards == 1:
        matches = match_reader(settings)
        return [matches, PriorArtReader(matches)]
    name = _encoder_name(settings)
    parts = [ShardReader(name, share, _kept(settings, str(share))) for share in shares(settings.match_shards)]
    matches = FollowingMatcher(kept=_kept(settings, "prior-art"))
    return [*parts, MergingReader(settings.match_shards), PriorArtReader(matches, reads_memory=False)]


def _kept(settings: Settings, whose: str) -> Path:
    """The file in which features are kept: a cache of this machine."""
    return settings.data_dir / f"matching-features-{whose}.sqlite"


def _encoder_name(settings: Settings) -> str | None:
    encoder = encoder_for(settings.meaning, settings.meaning_key)
    return encoder.name if encoder is not None else None


def match_reader(settings: Settings) -> MatchReader:
    """The matcher with the vectors of the encoder that the hall has."""
    return MatchReader(_encoder_name(settings), kept=_kept(settings, "all"))


def lock_of(reader: Reader) -> str:
    """The name of the lock that ``reader`` works under. Prior art is read from the matcher's memory, so one process
    has both."""
    return MatchReader.name if isinstance(reader, PriorArtReader) and reader.reads_memory else reader.name
